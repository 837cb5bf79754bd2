import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldEvents } from '../../src/store/events/fold.ts';
import { loadState, readPlan, writeSnapshot } from '../../src/store/events/run-snapshot.ts';
import { ensureStore, storeAt } from '../../src/store/layout.ts';
import { readSupervisor } from '../../src/store/supervisor-record.ts';
import { WHOLE_RUN } from '../support/sample-events.ts';
import { appendAll, temporaryFolder, temporaryRun } from '../support/temporary-run.ts';

describe('fault 20: the snapshot is corrupt', () => {
  test('whatever it was cut or changed to, the state is rebuilt from the events', async () => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    const state = foldEvents(events);
    await writeSnapshot(paths, foldEvents(events.slice(0, 9)));
    const good = await readFile(paths.snapshot);
    const spoilt = [
      Buffer.alloc(0),
      Buffer.from('null'),
      Buffer.from('[]'),
      Buffer.from('{"schema":1}'),
      Buffer.alloc(good.length),
    ];
    for (let at = 0; at < good.length; at += 7) {
      spoilt.push(good.subarray(0, at));
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ 1;
      spoilt.push(changed);
    }
    for (const text of spoilt) {
      await writeFile(paths.snapshot, text);
      // One flipped bit may raise the schema's number, which is another case.
      if (/^\{"schema":[^1]/.test(text.toString('latin1'))) continue;
      expect(await loadState(paths), text.toString('latin1').slice(0, 200)).toEqual(state);
    }
  });

  test('one of another run is not believed', async () => {
    const paths = await temporaryRun();
    const state = foldEvents(await appendAll(paths, WHOLE_RUN));
    await writeSnapshot(paths, { ...state, id: 'other' });
    expect(await loadState(paths)).toEqual(state);
  });
});

describe('fault 21: state of a newer schema', () => {
  test('is refused, and nothing is written beside it', async () => {
    const commonDir = await temporaryFolder();
    const store = storeAt(commonDir);
    await mkdir(join(store.home, 'v2'), { recursive: true });
    await expect(ensureStore(store)).rejects.toMatchObject({ code: 'newer-state', exit: 3 });
    expect(await readdir(store.home)).toEqual(['v2']);
  });

  test('so is each record of a run, which stays as it is', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, WHOLE_RUN);
    const text = JSON.stringify({ schema: 2, anything: 'else' });
    for (const path of [paths.snapshot, paths.plan, paths.supervisor]) await writeFile(path, text);
    for (const read of [loadState, readPlan, readSupervisor]) {
      await expect(read(paths)).rejects.toMatchObject({ code: 'newer-state', exit: 3 });
    }
    for (const path of [paths.snapshot, paths.plan, paths.supervisor]) expect(await readFile(path, 'utf8')).toBe(text);
  });
});
