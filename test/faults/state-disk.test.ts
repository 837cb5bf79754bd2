import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/model/run-state/events.ts';
import { EventWriter, readEvents } from '../../src/store/events/event-log.ts';
import { foldEvents } from '../../src/store/events/fold.ts';
import { loadState, writeSnapshot } from '../../src/store/events/run-snapshot.ts';
import { ensureStore, storeAt } from '../../src/store/layout.ts';
import { putRequest } from '../../src/store/request-files.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { SAMPLE_BODIES, WHOLE_RUN } from '../support/sample-events.ts';
import { emptyDisk, fillDisk, remountReadOnly, smallDisk } from '../support/small-disk.ts';
import { appendAll, temporaryRun } from '../support/temporary-run.ts';

describe('fault 9: no space for state', () => {
  test('a run does not begin', async (context) => {
    const disk = await smallDisk(context, 64);
    await fillDisk(disk);
    await expect(ensureStore(storeAt(disk))).rejects.toMatchObject({ code: 'no-space', exit: 3 });
  });

  test('what was recorded stays whole, the failure is said, and it goes on once there is space', async (context) => {
    const disk = await smallDisk(context, 64);
    const paths = await temporaryRun(disk);
    const state = foldEvents(await appendAll(paths, WHOLE_RUN));
    await writeSnapshot(paths, state);
    const snapshot = await readFile(paths.snapshot);
    await fillDisk(disk);

    const writer = await EventWriter.open(paths.events, { gen: 1, clock: systemClock });
    const written: RunEvent[] = [];
    const append = async (): Promise<void> => {
      for (;;) written.push(await writer.append({ ...SAMPLE_BODIES['run.noted'], note: 'n'.repeat(500) }));
    };
    await expect(append()).rejects.toMatchObject({ code: 'no-space', exit: 3 });
    const stands = await readEvents(paths.events);
    expect(stands).toHaveLength(WHOLE_RUN.length + written.length);
    expect((await readFile(paths.events)).at(-1)).toBe(10);
    await expect(writeSnapshot(paths, foldEvents(stands))).rejects.toMatchObject({ code: 'no-space' });
    expect(await readFile(paths.snapshot)).toEqual(snapshot);
    await expect(putRequest(paths, { kind: 'resume' })).rejects.toMatchObject({ code: 'no-space' });
    expect(await loadState(paths)).toEqual(foldEvents(stands));

    await emptyDisk(disk);
    expect(await writer.append(SAMPLE_BODIES['run.noted'])).toMatchObject({ seq: stands.length + 1 });
    await writer.close();
    expect((await readEvents(paths.events)).map((event) => event.seq)).toEqual(
      Array.from({ length: stands.length + 1 }, (_, index) => index + 1),
    );
    expect((await readdir(paths.dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('fault 14: the state directory is read-only', () => {
  test('a new run is refused before anything is spent, an old one can still be looked at', async (context) => {
    const disk = await smallDisk(context, 1024);
    const paths = await temporaryRun(disk);
    const state = foldEvents(await appendAll(paths, WHOLE_RUN));
    remountReadOnly(disk);
    const store = storeAt(disk);
    await expect(ensureStore(store)).rejects.toMatchObject({ code: 'state-not-writable', exit: 3 });
    await expect(EventWriter.open(paths.events, { gen: 'next', clock: systemClock })).rejects.toThrow('EROFS');
    expect(await loadState(paths)).toEqual(state);
  });
});
