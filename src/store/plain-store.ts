import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { isErrno } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import type { RunPaths, Store } from './layout.ts';

/*
 * State that came with an archive, or that a check wrote, can have links in place of copse's folders and logs: writes would go
 * elsewhere. Only locks are links (`lock.ts`), and nothing follows those.
 */

const FOLDERS = ['', 'runs', 'operations', 'creating', 'scratch', 'trash', 'worktrees', 'serve', 'cache'];

/** Refuses a store whose folders are links. Synchronous: a few microseconds each. CopseError `state-linked` (exit 3). */
export function requirePlainStore(store: Store): void {
  for (const path of [store.home, ...FOLDERS.map((name) => join(store.root, name))])
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw linked(path);
}

/** Refuses to write into a run's records if one of them is a link. CopseError `state-linked` (exit 3). */
export function requirePlainRun(paths: RunPaths): void {
  if (lstatSync(paths.dir, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw linked(paths.dir);
  const pending = [paths.dir];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(folder)) {
      if (entry.isSymbolicLink() && !isLock(entry.name)) throw linked(join(folder, entry.name));
      // git's entry of a worktree that is gone is kept as git had it.
      if (entry.isDirectory() && !entry.name.startsWith('git-entry-')) pending.push(join(folder, entry.name));
    }
  }
}

function isLock(name: string): boolean {
  return /(?:^|\.)lock(?:\.after-[\w-]+)?$/.test(name) || /^\..*\.tmp$/.test(name);
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function linked(path: string): CopseError {
  return new CopseError({
    code: 'state-linked',
    exit: EXIT.precondition,
    what: `${path} is a link, which copse did not create.`,
    why: 'Files would be written wherever the link leads, so nothing was done.',
    hint: `Check where it leads, then remove it: ls -l ${shellWord(path)}`,
  });
}
