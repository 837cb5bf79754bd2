import { readFile, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { EventWriter, readEvents } from '../../src/store/events/event-log.ts';
import { foldEvents } from '../../src/store/events/fold.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { SAMPLE_BODIES, WHOLE_RUN } from '../support/sample-events.ts';
import { appendAll, temporaryRun } from '../support/temporary-run.ts';

const NEWLINE = 10;

describe('fault 6: the event log is cut at every byte', () => {
  test('a torn last line is ignored, the rest stands, and the next writer goes on behind it', async () => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    const whole = await readFile(paths.events);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      await writeFile(paths.events, whole.subarray(0, cut));
      const complete = whole.subarray(0, cut).filter((byte) => byte === NEWLINE).length;
      const read = await readEvents(paths.events);
      expect(read, `cut at byte ${cut}`).toEqual(events.slice(0, complete));
      if (complete > 0) expect(foldEvents(read).lastSeq).toBe(complete);

      const writer = await EventWriter.open(paths.events, { gen: 'next', clock: systemClock });
      const adopted = await writer.append(SAMPLE_BODIES['run.adopted'], { flush: false });
      await writer.close();
      expect(adopted).toMatchObject({ seq: complete + 1, gen: complete === 0 ? 1 : 2 });
      expect(await readEvents(paths.events), `continued after byte ${cut}`).toEqual([...events.slice(0, complete), adopted]);
    }
  });

  test('a tail of zeros, as a power cut leaves it, is a torn line too', async () => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    const { length } = await readFile(paths.events);
    await truncate(paths.events, length + 4096);
    expect(await readEvents(paths.events)).toEqual(events);
    await appendAll(paths, [SAMPLE_BODIES['run.adopted']], 'next');
    expect(await readEvents(paths.events)).toHaveLength(events.length + 1);
  });
});
