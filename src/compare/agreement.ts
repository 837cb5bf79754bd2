import type { DiffHunk } from '../git/objects/hunks.ts';
import type { AgreementEvidence } from '../model/reports/evidence.ts';

/**
 * Hunks that most variants (more than half of those with changes, at least two) made alike: same path, same place of the same
 * start, same lines. Variants with another start are compared by their lines only if the place agrees too, so callers pass
 * variants that share a start.
 */
export function agreement(
  variants: readonly { readonly label: string; readonly hunks: readonly DiffHunk[] }[],
): readonly AgreementEvidence[] {
  const changing = variants.filter(({ hunks }) => hunks.length > 0);
  const least = Math.max(2, Math.floor(changing.length / 2) + 1);
  const found = new Map<string, { hunk: DiffHunk; labels: string[] }>();
  for (const { label, hunks } of changing) {
    for (const hunk of hunks) {
      const key = JSON.stringify([hunk.path, hunk.line, hunk.count, hunk.removed, hunk.added]);
      const entry = found.get(key) ?? { hunk, labels: [] };
      if (!entry.labels.includes(label)) entry.labels.push(label);
      found.set(key, entry);
    }
  }
  return [...found.values()]
    .filter(({ labels }) => labels.length >= least)
    .map(({ hunk, labels }) => ({ ...hunk, variants: labels }))
    .toSorted((a, b) => b.variants.length - a.variants.length || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}
