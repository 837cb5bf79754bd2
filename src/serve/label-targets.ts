import type { RunId, VariantName } from '../model/ids.ts';

/** Names for variants that are served together: the variant's own, with its run's where several runs are. */
export function labelsOf(
  variants: readonly { readonly run: RunId; readonly variant: VariantName }[],
): (run: RunId, variant: VariantName) => string {
  const runs = new Set(variants.map(({ run }) => run));
  return (run, variant) => (runs.size > 1 ? `${run}/${variant}` : variant);
}

/** A name for the base that no variant has. */
export function baseLabel(taken: readonly string[]): string {
  const free = ['base', 'the-base', 'base-commit'].find((name) => !taken.includes(name));
  return free ?? 'base/commit';
}
