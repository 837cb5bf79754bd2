import { patchesOf as allPatches } from '../git/objects/hunks.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { VariantEvidence } from '../model/reports/evidence.ts';

/** The changes of one variant, as git prints them. */
export interface VariantPatch {
  readonly label: string;
  readonly patch: string;
}

/** The patches of all variants against what each is measured from, in one git process; empty text for one that changed nothing or lost its commits. */
export async function patchesOf(repository: Repository, variants: readonly VariantEvidence[]): Promise<readonly VariantPatch[]> {
  const placed = variants.flatMap(({ label, from, tip }) =>
    from === null || tip === null || from === tip ? [] : [{ label, from, to: tip }],
  );
  const patches = await allPatches(gitIn(repository.root, { reads: true }), placed);
  const of = new Map(placed.map(({ label }, at) => [label, patches[at] ?? '']));
  return variants.map(({ label }) => ({ label, patch: of.get(label) ?? '' }));
}

/** One patch per file, with the path that its header names. */
export function splitPatch(patch: string): readonly { readonly path: string; readonly text: string }[] {
  if (patch === '') return [];
  return patch.split(/^(?=diff --git )/m).map((text) => ({ path: /^diff --git a\/.* b\/(.*)$/m.exec(text)?.[1] ?? '', text }));
}
