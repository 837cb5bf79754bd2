import { lstat, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../../system/files.ts';
import { folderUsers } from '../../system/processes/folder-users.ts';
import { formatDuration } from '../../text/duration.ts';
import { shellWord } from '../../text/shell-word.ts';

/** The part of an error about a lock that another git holds, or left behind. */
export interface HeldLock {
  readonly what: string;
  readonly why: string;
  readonly hint: string;
}

/** From what git printed: the lock's path, whose it may be, how old it is, and what to do. null: git named no file. */
export async function heldLock(stderr: string): Promise<HeldLock | null> {
  const path = /'([^'\n]+\.lock)'/.exec(stderr)?.[1] ?? null;
  if (path === null) return null;
  const stat = await lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return null;
    throw error;
  });
  const what = `${path} is held, so git cannot write there.`;
  if (stat === null) {
    return { what, why: 'It was released a moment ago.', hint: 'Repeat the command.' };
  }
  const age = formatDuration(Math.max(1, Math.round((Date.now() - stat.mtimeMs) / 1000)) * 1000);
  const gits = await gitsNear(path);
  if (gits.length > 0) {
    const who = gits.slice(0, 3).map(({ name, pid }) => `${name} (pid ${pid})`);
    return {
      what,
      why: `It is ${age} old and probably belongs to ${who.join(', ')}, which is working there now.`,
      hint: 'Wait for it, then repeat the command.',
    };
  }
  return {
    what,
    why: `It is ${age} old, and copse sees no git at work there: another program left it behind, or still holds it.`,
    hint: `Close what works in this repository (an editor, a git client). If the file is still there, delete it, then repeat the command:\n  rm ${shellWord(path)}`,
  };
}

async function gitsNear(lock: string): Promise<readonly { readonly name: string; readonly pid: number }[]> {
  const folders = [dirname(lock), await workTreeOf(dirname(lock))].flatMap((path) =>
    path === null ? [] : [{ path, markers: [] }],
  );
  // The processes of a folder are not visible on every machine: then none is named.
  const users = await folderUsers(folders).catch(() => []);
  return users.flat().filter(({ name }) => /^(git|git-.*|lazygit|tig|gitui)$/.test(basename(name)));
}

/** The files that an index belongs to: of a linked worktree its entry says where they are. */
async function workTreeOf(gitDir: string): Promise<string | null> {
  const pointer = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => ''); // Only entries of linked worktrees have one.
  if (pointer !== '') return dirname(pointer.trim());
  return basename(gitDir) === '.git' ? dirname(gitDir) : null;
}
