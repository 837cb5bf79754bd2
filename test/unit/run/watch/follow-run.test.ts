import { open, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/model/run-state/events.ts';
import { type FollowOptions, followRun } from '../../../../src/run/watch/follow-run.ts';
import { loadState, writeSnapshot } from '../../../../src/store/events/run-snapshot.ts';
import type { RunPaths } from '../../../../src/store/layout.ts';
import { systemClock } from '../../../../src/system/system-clock.ts';
import { SAMPLE_BODIES } from '../../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../../support/temporary-run.ts';

const NOTES = 4_000;

/** A finished run with a long log, of which the beginning can be read no more. */
async function longRun(o: { readonly broken: boolean }): Promise<RunPaths> {
  const paths = await temporaryRun();
  const note = { ...SAMPLE_BODIES['run.noted'], note: 'x'.repeat(100) };
  await appendAll(paths, [SAMPLE_BODIES['run.created'], ...Array<typeof note>(NOTES).fill(note)]);
  await writeSnapshot(paths, await loadState(paths));
  await appendAll(paths, [{ type: 'run.finished', ending: 'completed', fatal: null, reason: '' }]);
  if (!o.broken) return paths;
  const file = await open(paths.events, 'r+');
  const second = (await readFile(paths.events)).indexOf('\n') + 1;
  await file.write(Buffer.from('#'), 0, 1, second);
  await file.close();
  return paths;
}

async function follow(paths: RunPaths, history: FollowOptions['history']) {
  const events: RunEvent[] = [];
  const signal = new AbortController().signal;
  const end = await followRun(paths, { clock: systemClock, signal, history, onEvents: (more) => void events.push(...more) });
  return { end, events };
}

describe('following a run with a long log', () => {
  it.each(['none', 'recent'] as const)('begins with its snapshot, and does not read what is older (%s)', async (history) => {
    const { end, events } = await follow(await longRun({ broken: true }), history);
    expect(end).toMatchObject({ kind: 'finished', state: { lastSeq: NOTES + 2 } });
    expect(events.length).toBeLessThan(NOTES);
    if (history === 'recent') expect(events.at(-1)?.type).toBe('run.finished');
  });

  it('tells everything where that is asked for, each event once and in order', async () => {
    const { events } = await follow(await longRun({ broken: false }), 'all');
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: NOTES + 2 }, (_, index) => index + 1));
  });

  it('reads the log where there is no snapshot', async () => {
    const paths = await temporaryRun();
    const finished = { type: 'run.finished', ending: 'completed', fatal: null, reason: '' } as const;
    await appendAll(paths, [SAMPLE_BODIES['run.created'], finished]);
    const { end, events } = await follow(paths, 'recent');
    expect(end.kind).toBe('finished');
    expect(events.map(({ type }) => type)).toEqual(['run.created', 'run.finished']);
  });
});
