import { planPrune } from '../../src/prune/plan-prune.ts';
import { openHere } from '../../src/repository/current-repository.ts';
import type { Lab } from './lab.ts';

/** What `copse prune --others --dry-run` finds, in this process. */
export async function lookAtOthers(lab: Lab, root: string): Promise<Awaited<ReturnType<typeof planPrune>>> {
  return planPrune({
    ...(await openHere(root)),
    runs: [],
    scope: { named: [], namedOthers: [], run: null, all: false, others: true, olderMs: null },
    disposable: [],
    skipTeardown: false,
    fetch: false,
    now: new Date(),
    environment: lab.env,
    signal: new AbortController().signal,
  });
}
