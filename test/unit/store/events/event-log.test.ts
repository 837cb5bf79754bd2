import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { EventFollower, EventWriter, readEvents } from '../../../../src/store/events/event-log.ts';
import { systemClock } from '../../../../src/system/system-clock.ts';
import { SAMPLE_BODIES, WHOLE_RUN } from '../../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../../support/temporary-run.ts';

const NOTED = SAMPLE_BODIES['run.noted'];

describe('EventWriter', () => {
  test('numbers events in the order of their appending, whoever waits for them', async () => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    expect(events.map((event) => event.seq)).toEqual(WHOLE_RUN.map((_, index) => index + 1));
    expect(await readEvents(paths.events)).toEqual(events);
    expect((await stat(paths.events)).mode & 0o777).toBe(0o600);
  });

  test('goes on where the last one stopped, and raises the generation', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']], 0);
    await appendAll(paths, [SAMPLE_BODIES['run.started']], 'next');
    const [adopted] = await appendAll(paths, [SAMPLE_BODIES['run.adopted']], 'next');
    expect(adopted).toMatchObject({ seq: 3, gen: 2 });
  });

  test('a failed write leaves the log as it was, and the next one works', async () => {
    const paths = await temporaryRun();
    const writer = await EventWriter.open(paths.events, { gen: 1, clock: systemClock });
    await writer.append(SAMPLE_BODIES['run.created']);
    // A value that JSON cannot hold fails after the queue was taken, like a failing disk does.
    const impossible = { ...NOTED, note: 1n } as unknown as typeof NOTED;
    await expect(writer.append(impossible)).rejects.toThrow('BigInt');
    expect(await writer.append(NOTED)).toMatchObject({ seq: 2 });
    await writer.close();
    expect(await readEvents(paths.events)).toHaveLength(2);
  });
});

describe('readEvents', () => {
  test('there are none where there is no log', async () => {
    expect(await readEvents((await temporaryRun()).events)).toEqual([]);
  });

  test('leaves out types of a newer version, but counts their numbers', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    await appendFile(paths.events, '{"seq":2,"at":"2026-01-01T00:00:00.000Z","gen":1,"type":"merge.dreamt","x":1}\n');
    expect(await readEvents(paths.events)).toHaveLength(1);
    expect(await appendAll(paths, [NOTED])).toMatchObject([{ seq: 3 }]);
  });

  test('leaves out what an older generation wrote after an adoption', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created'], SAMPLE_BODIES['run.started']], 1);
    await appendAll(paths, [SAMPLE_BODIES['run.adopted']], 2);
    await appendAll(paths, [{ ...NOTED, note: 'from the superseded one' }], 1);
    await appendAll(paths, [NOTED], 2);
    expect((await readEvents(paths.events)).map((event) => event.type)).toEqual([
      'run.created',
      'run.started',
      'run.adopted',
      'run.noted',
    ]);
  });

  test('refuses a complete line that is no event, naming file and line', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    await appendFile(paths.events, '{"seq":2,"at":"x","gen":1,"ty{"seq":2,"type":"run.started"}\n');
    await expect(readEvents(paths.events)).rejects.toMatchObject({ code: 'broken-log', exit: 3 });
    await expect(readEvents(paths.events)).rejects.toThrow(`${paths.events} is damaged near line 2`);
    const before = await readFile(paths.events);
    await expect(EventWriter.open(paths.events, { gen: 1, clock: systemClock })).rejects.toMatchObject({ code: 'broken-log' });
    expect(await readFile(paths.events)).toEqual(before);
  });
});

describe('EventFollower', () => {
  test('brings each event once, also one that is written in two parts', async () => {
    const paths = await temporaryRun();
    const follower = new EventFollower(paths.events);
    expect(await follower.poll()).toEqual([]);
    await appendAll(paths, WHOLE_RUN);
    expect(await follower.poll()).toHaveLength(WHOLE_RUN.length);
    const line = `${JSON.stringify({ seq: 99, at: '2026-01-01T00:00:00.000Z', gen: 1, ...NOTED })}\n`;
    await appendFile(paths.events, line.slice(0, 20));
    expect(await follower.poll()).toEqual([]);
    await appendFile(paths.events, line.slice(20));
    expect(await follower.poll()).toMatchObject([{ seq: 99, note: NOTED.note }]);
    await follower.close();
  });

  test('is not confused by the torn line that a new writer cuts off', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    const whole = await readFile(paths.events);
    await writeFile(paths.events, Buffer.concat([whole, Buffer.from('{"seq":2,"at":"2026-01-01T00:00:00.000Z","type":"run.st')]));
    const follower = new EventFollower(paths.events);
    expect(await follower.poll()).toHaveLength(1);
    await truncate(paths.events, whole.length);
    expect(await follower.poll()).toEqual([]);
    await appendAll(paths, [SAMPLE_BODIES['run.adopted']], 'next');
    expect(await follower.poll()).toMatchObject([{ type: 'run.adopted', seq: 2 }]);
    await follower.close();
  });

  test('nor when the new writer is quicker than the poll and writes more than was cut off', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    await appendFile(paths.events, '{"seq":2,"at":"2026-01-01T00:00:00.000Z","gen":1,"ty');
    const follower = new EventFollower(paths.events);
    expect(await follower.poll()).toHaveLength(1);
    await appendAll(paths, [SAMPLE_BODIES['run.adopted'], NOTED], 'next');
    expect(await follower.poll()).toMatchObject([{ type: 'run.adopted' }, { type: 'run.noted' }]);
    await follower.close();
  });
});
