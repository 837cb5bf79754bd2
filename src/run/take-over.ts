import type { Clock } from '../model/clock.ts';
import type { RunPaths } from '../store/layout.ts';
import { putRequest } from '../store/requests.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { attemptMarker } from './attempt/marker.ts';
import type { RunLog } from './run-log.ts';

/**
 * What a supervisor that died had begun and only its successor can end: checks that still run, which are about to run again in the
 * same worktree, and a stop that it had acknowledged. Call before anything of the run is settled.
 */
export async function takeOver(log: RunLog, paths: RunPaths, clock: Clock): Promise<void> {
  for (const { name, phase } of log.state.variants) {
    if (phase.kind !== 'verifying') continue;
    const survivors = await stopProcesses({ root: null, marker: attemptMarker(paths, name, 'checks'), clock });
    if (survivors.length > 0) await log.note(`Processes that no signal ended: ${survivors.join(', ')}.`);
  }
  if (log.state.phase.kind === 'stopping') await putRequest(paths, { kind: 'stop', variants: [], force: false }, clock);
}
