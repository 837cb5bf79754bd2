import type { AbsolutePath } from '../../model/ids.ts';
import { shellWord } from '../../text/shell-word.ts';

/**
 * How a person removes a worktree that copse cannot move, and what git deletes then without asking: ignored files always, everything
 * uncommitted too where git takes it by `force` alone.
 */
export function removeYourself(path: AbsolutePath, { force }: { readonly force: boolean }): string {
  const goes = force ? 'uncommitted and ignored files go' : 'ignored files go';
  return `Save what you need of it, then remove it yourself; ${goes} with it: git worktree remove ${force ? '--force ' : ''}${shellWord(path)}`;
}
