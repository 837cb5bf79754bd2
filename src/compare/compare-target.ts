import type { VariantName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';
import type { RunPaths } from '../store/layout.ts';

/** A run with those of its variants that are to be compared. */
export interface CompareTarget {
  readonly state: RunState;
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly names: readonly VariantName[];
  /** Another run came since: variants of this one are named with it. */
  readonly isOlder: boolean;
}

/** One variant with the run it belongs to. */
export interface Compared {
  readonly target: CompareTarget;
  readonly variant: VariantState;
  /** `dark`, or `ui-2/dark` where several runs are compared, or a later one has variants too. */
  readonly label: string;
}

/** All variants to compare, in the order of their runs and files. */
export function comparedOf(targets: readonly CompareTarget[]): readonly Compared[] {
  const across = targets.length > 1 || targets.some(({ isOlder }) => isOlder);
  return targets.flatMap((target) =>
    target.state.variants
      .filter(({ name }) => target.names.includes(name))
      .map((variant) => ({ target, variant, label: across ? `${target.state.id}/${variant.name}` : variant.name })),
  );
}
