import { missingIdentity } from '../git/commit/author-identity.ts';
import { commitTree, mergeTrees } from '../git/merging/merge-tree.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import type { CommitId } from '../model/ids.ts';
import type { PlannedVariant } from '../model/plan.ts';
import type { RunContext } from './run-context.ts';

export type Start =
  | { readonly kind: 'start'; readonly commit: CommitId }
  | { readonly kind: 'conflict'; readonly reason: string };

/** The commit that a variant starts from: the base, or its first need's tip with the others merged in, in order. */
export async function startOf(context: RunContext, variant: PlannedVariant): Promise<Start> {
  const tips = variant.needs.map((name) => ({ name, commit: tipOf(context, name) }));
  const [first, ...others] = tips;
  if (first === undefined) return { kind: 'start', commit: context.plan.base.commit };
  // Agents committed what is merged here: no merge driver that one of them may have configured runs.
  const git = objectsGit(context.repository.commonDir);
  let commit = first.commit;
  for (const other of others) {
    const merged = await mergeTrees(git, null, commit, other.commit);
    if (!merged.clean) {
      const files = merged.conflicts.slice(0, 5).join(', ');
      return { kind: 'conflict', reason: `Its needs ${tips.map((tip) => tip.name).join(' and ')} conflict in ${files}.` };
    }
    commit = await commitTree(git, {
      tree: merged.tree,
      parents: [commit, other.commit],
      identity: await missingIdentity(git),
      message: `Merge ${other.name} for ${variant.name}\n\nCopse-Run: ${context.plan.run}\n`,
    });
  }
  return { kind: 'start', commit };
}

function tipOf(context: RunContext, name: string): CommitId {
  const need = context.log.variant(name);
  const commit = need.commit?.commit ?? need.created?.start;
  if (commit === undefined) throw new Error(`need ${name} has neither commit nor start`);
  return commit;
}
