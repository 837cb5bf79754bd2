import type { AbsolutePath } from '../../model/ids.ts';
import { shellWord } from '../../text/shell-word.ts';

/**
 * How the user removes a worktree that copse cannot move, and what git deletes then without asking: ignored files always, everything
 * uncommitted too if git needs `force`.
 */
export function removeYourself(path: AbsolutePath, { force }: { readonly force: boolean }): string {
  const goes = force ? 'uncommitted and ignored files' : 'ignored files';
  return `Save what you need of it, then remove it yourself, with its ${goes}: git worktree remove ${force ? '--force ' : ''}${shellWord(path)}`;
}
