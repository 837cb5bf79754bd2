import { dirname } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PruneOperation, RestoredItem, TrashedWorktree } from '../model/operation.ts';
import { exists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';

/**
 * The trash that should hold this folder, if all of it is missing: its disk is not mounted, or it was moved. null: it is there, with
 * the folder or without, if that was deleted.
 */
export async function missingTrash({ missing, trashPath }: TrashedWorktree): Promise<AbsolutePath | null> {
  const trash = dirname(dirname(trashPath));
  return missing || (await exists(trash)) ? null : trash;
}

/**
 * Refuses to restore from a missing trash: only branches would come back, and the files would be forgotten.
 * `planned`: paths of a restoration that has begun; folders there came out of the trash already. CopseError `trash-missing` (exit 3).
 */
export async function requireTrash(
  operation: PruneOperation,
  o: { readonly command: string; readonly planned: readonly (RestoredItem | null)[] | null },
): Promise<void> {
  for (const [n, { worktree, step }] of operation.items.entries()) {
    if (worktree === null || step !== 'trashed') continue;
    if (o.planned !== null) {
      const place = o.planned[n]?.path ?? null;
      if (place === null || (await exists(place))) continue;
    }
    const trash = await missingTrash(worktree);
    if (trash !== null) throw trashMissing(operation, o.command, trash);
  }
}

function trashMissing(operation: PruneOperation, command: string, trash: AbsolutePath): CopseError {
  return new CopseError({
    code: 'trash-missing',
    exit: EXIT.precondition,
    what: `The trash ${trash} is missing. It holds what ${operation.command} removed.`,
    why: 'Its disk may not be mounted, or the folder was moved. Nothing was changed.',
    hint: `Restore it there, then repeat the command. If it is lost, this restores branches and commits without the files:\n  mkdir -p ${shellWord(trash)} && ${command}`,
  });
}
