import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import { isGood } from '../../model/run-facts.ts';
import type { RunState } from '../../model/state.ts';

/** How a run that nobody works on any more ended, as an exit code. */
export function exitOf(state: RunState): ExitCode {
  if (state.phase.kind === 'finished' && state.phase.fatal !== null) return EXIT.agent;
  return state.variants.every(isGood) ? EXIT.ok : EXIT.failed;
}
