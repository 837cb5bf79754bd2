import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { RunLog } from '../../../src/run/run-log.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { SAMPLE_BODIES } from '../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../support/temporary-run.ts';

it('refuses an event that cannot come before it is written, and takes the next', async () => {
  const paths = await temporaryRun();
  await appendAll(paths, [SAMPLE_BODIES['run.created']], 0);
  const log = await RunLog.open(paths, systemClock);
  const supervisor = { pid: 1, startTime: '1', bootId: 'b' };
  const started = log.record({ type: 'run.started', supervisor });
  // Not written yet, but known.
  await log.record({ type: 'run.stopping', reason: 'x', fatal: null });
  await started;
  const before = await readFile(paths.events, 'utf8');
  await expect(log.record({ type: 'run.paused', reason: 'x', until: null })).rejects.toThrow('cannot come');
  expect(await readFile(paths.events, 'utf8')).toBe(before);
  await log.note('goes on');
  expect(log.state).toMatchObject({ phase: { kind: 'stopping' }, notes: ['goes on'] });
  await log.close();
});
