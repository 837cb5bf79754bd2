import { gitIn } from '../git/door.ts';
import { patchOf } from '../git/hunks.ts';
import type { Repository } from '../git/repository.ts';
import type { VariantEvidence } from '../model/evidence.ts';

/** What one variant changed, as git prints it. */
export interface VariantPatch {
  readonly label: string;
  readonly patch: string;
}

/** The patches of all variants against their starts; empty text for one that changed nothing or lost its commits. */
export function patchesOf(repository: Repository, variants: readonly VariantEvidence[]): Promise<readonly VariantPatch[]> {
  const git = gitIn(repository.root, { reads: true });
  return Promise.all(
    variants.map(async ({ label, start, tip }) => ({
      label,
      patch: start === null || tip === null || start === tip ? '' : await patchOf(git, { from: start, to: tip }),
    })),
  );
}

/** One patch per file, with the path that its header names. */
export function splitPatch(patch: string): readonly { readonly path: string; readonly text: string }[] {
  if (patch === '') return [];
  return patch.split(/^(?=diff --git )/m).map((text) => ({ path: /^diff --git a\/.* b\/(.*)$/m.exec(text)?.[1] ?? '', text }));
}
