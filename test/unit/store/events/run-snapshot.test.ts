import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../../src/model/plan.ts';
import { foldEvents } from '../../../../src/store/events/fold.ts';
import { loadState, readPlan, writePlan, writeSnapshot } from '../../../../src/store/events/run-snapshot.ts';
import { SAMPLE_BODIES, WHOLE_RUN } from '../../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../../support/temporary-run.ts';

const NOTED = SAMPLE_BODIES['run.noted'];

describe('loadState', () => {
  test('is the fold of the log, with a snapshot and without', async () => {
    const paths = await temporaryRun();
    const state = foldEvents(await appendAll(paths, WHOLE_RUN));
    expect(await loadState(paths)).toEqual(state);
    await writeSnapshot(paths, state);
    expect(await loadState(paths)).toEqual(state);
    expect((await stat(paths.snapshot)).mode & 0o777).toBe(0o600);
  });

  test.each(WHOLE_RUN.map((_, index) => index + 1))('adds what came after a snapshot of %i events', async (count) => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    await writeSnapshot(paths, foldEvents(events.slice(0, count)));
    expect(await loadState(paths)).toEqual(foldEvents(events));
  });

  test('reads only what came after the snapshot', async () => {
    const paths = await temporaryRun();
    const events = await appendAll(paths, WHOLE_RUN);
    await writeSnapshot(paths, foldEvents(events));
    // Damage the part that the snapshot replaces: reading it would fail.
    const log = await readFile(paths.events);
    log.fill('x', 0, 50);
    await writeFile(paths.events, log);
    expect(await loadState(paths)).toEqual(foldEvents(events));
  });

  test('a snapshot whose last event is far back in a long log is not trusted for a position', async () => {
    const paths = await temporaryRun();
    const first = await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    await appendAll(
      paths,
      Array.from({ length: 40 }, () => ({ ...NOTED, note: 'n'.repeat(10_000) })),
    );
    await writeSnapshot(paths, foldEvents(first));
    expect((await loadState(paths)).notes).toHaveLength(40);
  });

  test('an event that quotes the beginning of another is not taken for it', async () => {
    const paths = await temporaryRun();
    const quoting = { ...NOTED, note: '{"seq":1,"at":"' };
    const events = await appendAll(paths, [SAMPLE_BODIES['run.created'], quoting, NOTED]);
    await writeSnapshot(paths, foldEvents(events.slice(0, 1)));
    expect((await loadState(paths)).notes).toEqual([quoting.note, NOTED.note]);
  });

  test('there is no run without a log', async () => {
    const paths = await temporaryRun();
    await expect(loadState(paths)).rejects.toMatchObject({ code: 'no-such-run' });
    const state = foldEvents(await appendAll(paths, WHOLE_RUN));
    await writeSnapshot(paths, state);
    await rm(paths.events);
    await expect(loadState(paths)).rejects.toMatchObject({ code: 'no-such-run' });
  });
});

describe('plan.json', () => {
  const plan = { schema: 1, run: 'ui', hash: 'h', variants: [], verify: [{ name: 'test', run: 'npm test' }] } as unknown as Plan;

  test('is written once for ever', async () => {
    const paths = await temporaryRun();
    await writePlan(paths, plan);
    expect(await readPlan(paths)).toMatchObject(plan);
    // Written before checks had reports.
    expect((await readPlan(paths)).verify).toEqual([{ name: 'test', run: 'npm test', report: null, repeat: 1, tests: [] }]);
    await expect(writePlan(paths, { ...plan, hash: 'other' })).rejects.toThrow('EEXIST');
    expect(await readPlan(paths)).toMatchObject(plan);
  });

  test('is refused when it is missing or damaged', async () => {
    const paths = await temporaryRun();
    await expect(readPlan(paths)).rejects.toMatchObject({ code: 'no-such-run' });
    for (const text of ['', '{"schema":1', '[]', '{"schema":1}', '{"run":"ui"}']) {
      await writeFile(paths.plan, text);
      await expect(readPlan(paths)).rejects.toMatchObject({ code: 'broken-record', exit: 3 });
    }
  });
});
