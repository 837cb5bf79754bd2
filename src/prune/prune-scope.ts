import type { BranchName, RunId, VariantName } from '../model/ids.ts';

/** The user's selection, by the command line. */
export interface PruneScope {
  /** Variants that were named; with them nothing else is meant. */
  readonly named: readonly { readonly run: RunId; readonly variant: VariantName }[];
  /** Worktrees (path or folder name) and branches that copse did not make, named. */
  readonly namedOthers: readonly string[];
  /** All of this run. */
  readonly run: RunId | null;
  /** Everything of copse that is at rest. */
  readonly all: boolean;
  /** Also what copse did not make. */
  readonly others: boolean;
  readonly olderMs: number | null;
}

type Variant = { readonly run: RunId; readonly variant: VariantName };

/** Whether this variant is looked at. */
export function isMeant(scope: PruneScope, of: Variant): boolean {
  if (scope.named.length > 0 || scope.namedOthers.length > 0) return isNamed(scope, of);
  return scope.run === null || scope.run === of.run;
}

/** Whether it was chosen, so that it is removed although it is not landed. */
export function isChosen(scope: PruneScope, of: Variant): boolean {
  return isNamed(scope, of) || scope.run === of.run || scope.all;
}

function isNamed({ named }: PruneScope, of: Variant): boolean {
  return named.some(({ run, variant }) => run === of.run && variant === of.variant);
}

/** Whether something that copse did not make is named by its branch, path or folder. */
export function isNamedOther(
  { namedOthers }: PruneScope,
  o: { readonly branch: BranchName | null; readonly path: string | null },
): boolean {
  return namedOthers.some(
    (name) => name === o.branch || name === o.path || (o.path !== null && !name.includes('/') && o.path.endsWith(`/${name}`)),
  );
}
