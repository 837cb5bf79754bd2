import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isErrno } from '../files.ts';
import { type FolderUser, type FolderUsers, folderOf } from './folder-user.ts';
import { MARKER_VARIABLE } from './process-identity.ts';

/** Linux: `/proc/<pid>/cwd`, `root`, `exe`, `fd/*`, `environ`. Synchronous: the kernel answers from memory. */
export const linuxUsers: FolderUsers = async (folders) => {
  const users: FolderUser[][] = folders.map(() => []);
  const markers = folders.flatMap((folder, at) => folder.markers.map((marker) => ({ marker, at })));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = new Map<number, string>();
    const marked = new Map<number, string>();
    const see = (path: string | null): void => {
      // A deleted one reads `/path (deleted)`: a process that has it open works there anyway.
      const at = path === null ? -1 : folderOf(folders, path.replace(/ \(deleted\)$/, ''));
      if (at !== -1 && !found.has(at)) found.set(at, path ?? '');
    };
    for (const name of ['cwd', 'exe', 'root']) see(attempt(() => readlinkSync(`/proc/${pid}/${name}`)));
    for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [])
      see(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));
    if (markers.length > 0) {
      const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? '';
      const marker = new RegExp(`(?:^|\0)${MARKER_VARIABLE}=([^\0]*)`).exec(environment)?.[1];
      const at = marker === undefined ? undefined : markers.find((one) => marker.startsWith(one.marker))?.at;
      if (at !== undefined && marker !== undefined) marked.set(at, marker);
      if (at !== undefined && !found.has(at)) found.set(at, marker ?? '');
    }
    if (found.size === 0 || isZombie(pid)) continue;
    const name = (attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8')) ?? '').trim();
    for (const [at, by] of found) users[at]?.push({ pid: Number(pid), name, by, marker: marked.get(at) ?? null });
  }
  return users;
};

/** It has no files any more, but its environment and directory can still be read for a moment. */
function isZombie(pid: string): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat === null || /^[ZXx]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    // It ended meanwhile, or is another user's and cannot be examined.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR')) return null;
    throw error;
  }
}
