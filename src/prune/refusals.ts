import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId, VariantName } from '../model/ids.ts';

/** The refusal to take anything of a run away that is not at rest. */
export function runningError(run: RunId, variants: readonly VariantName[], alive: boolean): CopseError {
  const what = variants.length === 0 ? `Run ${run}` : variants.map((name) => `${run}/${name}`).join(', ');
  const is = variants.length > 1 ? 'are' : 'is';
  return alive
    ? new CopseError({
        code: 'variant-running',
        exit: EXIT.precondition,
        what: `${what} ${is} not finished: the run is still going.`,
        why: 'A run that is not finished is left alone. Nothing was removed.',
        hint: `Wait for it: copse wait ${run}\nor stop it: copse stop --run ${run}`,
      })
    : new CopseError({
        code: 'variant-interrupted',
        exit: EXIT.precondition,
        what: `Run ${run} was interrupted: its supervisor died before it ended.`,
        why: 'Its work is not settled. Nothing was removed.',
        hint: `Continue it: copse resume ${run}\nor stop it: copse stop --run ${run}`,
      });
}
