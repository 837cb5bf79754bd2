import { EXIT } from '../model/exit-code.ts';
import type { Store } from '../store/layout.ts';
import { listServing } from '../store/serving.ts';
import { deadServing } from '../worktree/clear-dead-serving.ts';
import { type DoctorCheck, ok } from './doctor-check.ts';

/** The running servers, and servers left behind; nothing if there are none. */
export async function servingChecks(store: Store): Promise<readonly DoctorCheck[]> {
  const left = (await deadServing(store)).filter(({ pids }) => pids.length > 0);
  const live = (await listServing(store)).filter(({ alive }) => alive === true);
  return [
    ...live.map(({ record }) =>
      ok(
        'serve',
        `${record.servers.map(({ label, state }) => (state === 'failed' ? `${label} (failed)` : label)).join(', ')} by pid ${record.owner.pid}; stop it: copse stop --serve`,
      ),
    ),
    ...left.map(
      ({ serving, pids }): DoctorCheck => ({
        name: 'serve',
        state: 'warning',
        found: `Servers of ${serving.record.servers.map(({ label }) => label).join(', ')} are running without a copse serve: pid ${pids.join(', ')}.`,
        fix: 'Stop them: copse doctor --fix',
        exit: EXIT.precondition,
      }),
    ),
  ];
}
