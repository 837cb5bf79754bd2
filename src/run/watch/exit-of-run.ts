import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { VariantName } from '../../model/ids.ts';
import { isGood } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';

/** The end of a run without a supervisor, as an exit code; `judged`: by these variants alone. */
export function exitOf(state: RunState, judged?: readonly VariantName[]): ExitCode {
  if (state.phase.kind === 'finished' && state.phase.fatal !== null) return EXIT.agent;
  const counted = state.variants.filter(({ name }) => judged === undefined || judged.includes(name));
  return counted.every((variant) => isGood(variant) && variant.cameToNothing !== true) ? EXIT.ok : EXIT.failed;
}
