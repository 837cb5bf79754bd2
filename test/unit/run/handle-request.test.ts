import { expect, it } from 'vitest';
import { handleRequest } from '../../../src/run/handle-request.ts';
import { RunLog } from '../../../src/run/run-log.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { SAMPLE_BODIES } from '../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../support/temporary-run.ts';

it('queues nothing for a run that stops: nobody would launch it', async () => {
  const paths = await temporaryRun();
  const created = SAMPLE_BODIES['run.created'];
  await appendAll(paths, [created, SAMPLE_BODIES['run.started'], { type: 'run.stopping', reason: 'x', fatal: null }]);
  const log = await RunLog.open(paths, systemClock);
  const port = {
    log,
    stopRun: async () => {},
    stopVariant: () => {},
    isActive: () => false,
    release: () => {},
    unsealed: () => Promise.resolve([]),
    reopen: () => {},
  };
  const from = { id: 'a', at: '2026-01-01T00:00:00.000Z', from: 1 };
  const variants = created.variants.map(({ name }) => name);
  const before = log.state;
  for (const request of [
    { ...from, kind: 'resume' },
    { ...from, kind: 'retry', variants, attempt: 'continue', message: null },
  ] as const) {
    const answer = await handleRequest(request, port);
    expect(answer.accepted).toBe(false);
    expect(answer.detail).toContain(`copse wait ${created.run}`);
  }
  expect(log.state).toBe(before);
  await log.close();
});
