import { stat } from 'node:fs/promises';
import { withVariantsFile } from '../config/effective.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import { reflinksWork } from '../system/copy-tree.ts';
import { freeBytes, isErrno } from '../system/files.ts';
import { measureCopy } from '../worktree/copy/measure-copy.ts';
import { nearestFolder, type WorktreeRoot } from './worktree-root.ts';

export interface CopyFacts {
  readonly copy: PlanFacts['copy'];
  readonly reflinks: boolean;
  /** The folder of the worktrees. */
  readonly freeBytes: number;
}

/** The ignored files that each worktree gets, and their cost on the disk. */
export async function copyFacts(o: {
  readonly repository: Repository;
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly place: WorktreeRoot;
}): Promise<CopyFacts> {
  const patterns = withVariantsFile(o.settings, o.file).copy.value;
  const [copy, folder] = await Promise.all([measureCopy(o.repository, patterns), nearestFolder(o.place.path)]);
  const reflinks = copy.bytes > 0 && (await sharesBlocks(o.repository.commonDir, folder));
  return { copy, reflinks, freeBytes: await freeBytes(folder) };
}

/** Tried within the repository's own folder, so that planning leaves no trace anywhere else; blocks are shared within one device only. */
async function sharesBlocks(commonDir: AbsolutePath, folder: AbsolutePath): Promise<boolean> {
  const [ours, theirs] = await Promise.all([stat(commonDir), stat(folder)]);
  if (ours.dev !== theirs.dev) return false;
  try {
    return await reflinksWork(commonDir);
  } catch (error) {
    // Nothing can be written there; the start of a run says so. Without an answer copies count in full.
    if (isErrno(error, 'EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT')) return false;
    throw error;
  }
}
