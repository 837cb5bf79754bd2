import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Repository } from '../../git/spawn/repository.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { CopySet } from '../../model/plan.ts';
import { copyTree } from '../../system/copy-tree.ts';
import { exists } from '../../system/files.ts';
import { isInside } from '../worktree-place.ts';
import { copyProblems } from './copy-links.ts';
import { type CopySource, copySources } from './copy-sources.ts';

/**
 * Copies ignored files and folders of the repository into a fresh worktree, two at once. Existing files (tracked after
 * all) stay. CopseError `copy-outside` (exit 3) if something leads out of the repository or of the worktree.
 */
export async function copyIgnored(o: {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  readonly copy: CopySet;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const waiting = [...(await copySources(o.repository, o.copy))];
  const worker = async (): Promise<void> => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      o.signal?.throwIfAborted();
      await copyOne(o.worktree, source);
    }
  };
  await Promise.all([worker(), worker()]);
}

async function copyOne(worktree: AbsolutePath, { entry, top, follow }: CopySource): Promise<void> {
  const problems = await copyProblems(top, entry, { follow });
  if (problems.length > 0) throw refused(entry, problems.join(' '));
  const to = join(worktree, entry);
  await requireWithin(worktree, dirname(to), entry);
  if (await exists(to)) return;
  await mkdir(dirname(to), { recursive: true });
  await copyTree(join(top, entry), to, { follow });
}

/** A tracked symlink can be in place of a copy's folder: the copy would be written wherever that leads. */
async function requireWithin(worktree: string, folder: string, entry: string): Promise<void> {
  let existing = folder;
  while (!(await exists(existing))) existing = dirname(existing);
  const real = await realpath(existing).catch(() => null);
  if (real !== null && isInside(real, await realpath(worktree))) return;
  throw refused(entry, `In the worktree ${existing} leads to ${real ?? 'nowhere'}.`);
}

function refused(entry: string, why: string): CopseError {
  return new CopseError({
    code: 'copy-outside',
    exit: EXIT.precondition,
    what: `${entry} cannot be copied into the worktrees.`,
    why,
    hint: 'Remove it from copy: in the variants file (or from .worktreeinclude), then check again:\n  copse plan',
  });
}
