import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { exists } from '../system/files.ts';

/** Whether there is one: it may never have been made, or be gone. */
export async function hasWorktree(variant: VariantState): Promise<boolean> {
  return variant.created !== null && variant.removed?.worktree !== true && (await exists(variant.worktree));
}

/** The path of a variant's worktree; throws `CopseError` (exit 3) if there is none, with what to do instead. */
export async function requireWorktree(variant: VariantState): Promise<AbsolutePath> {
  const { removed } = variant;
  if (removed?.worktree === true) {
    throw new CopseError({
      code: 'removed',
      exit: EXIT.precondition,
      what: `Variant ${variant.name} was removed${removed.purged ? ', and its files are deleted' : ''}.`,
      why: removed.purged ? 'Its commits are kept for some time.' : 'Its worktree and its branch are in the trash.',
      hint: `Restore it: copse undo ${removed.operation}`,
    });
  }
  if (await exists(variant.worktree)) return variant.worktree;
  const never = variant.created === null;
  throw new CopseError({
    code: 'no-worktree',
    exit: EXIT.precondition,
    what: `Variant ${variant.name} has no worktree${never ? ' yet' : ' any more'}.`,
    why: never ? 'It has not been started.' : `${variant.worktree} is gone; the branch ${variant.branch} has what was committed.`,
    hint: never ? 'See its state: copse status' : `See the work: git log ${variant.branch}`,
  });
}
