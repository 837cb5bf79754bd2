import { type FolderUser, type FolderUsers, folderOf } from './folder-user.ts';
import { MARKER_VARIABLE } from './process-identity.ts';
import { runCommand } from './run-command.ts';

const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** macOS: one `lsof` of everything, one `ps` for the markers. */
export const macosUsers: FolderUsers = async (folders) => {
  const [open, environments] = await Promise.all([
    // -n -P: no names are looked up; -w: no warnings about what it cannot see.
    ask('lsof', ['-n', '-P', '-w', '-F', 'pcn']),
    folders.some(({ markers }) => markers.length > 0) ? ask('ps', ['-axEwwo', 'pid=,command=']) : '',
  ]);
  const users: FolderUser[][] = folders.map(() => []);
  const add = (at: number, user: FolderUser): void => {
    const there = users[at];
    if (there === undefined) return;
    const known = there.findIndex(({ pid }) => pid === user.pid);
    if (known === -1) there.push(user);
    else if (user.marker !== null) there[known] = { ...user, by: there[known]?.by ?? user.by };
  };
  for (const { pid, name, path } of parseOpenFiles(open)) add(folderOf(folders, path), { pid, name, by: path, marker: null });
  for (const line of environments.split('\n')) {
    const marker = new RegExp(`\\s${MARKER_VARIABLE}=(\\S+)`).exec(line)?.[1];
    if (marker === undefined) continue;
    const at = folders.findIndex(({ markers }) => markers.some((start) => marker.startsWith(start)));
    add(at, { pid: Number.parseInt(line, 10), name: line.trim().split(/\s+/)[1] ?? '', by: marker, marker });
  }
  return users;
};

/** `lsof -F pcn`: `p<pid>`, `c<command>`, then `f…` and `n<path>` for each open file. */
export function parseOpenFiles(output: string): { pid: number; name: string; path: string }[] {
  const found: { pid: number; name: string; path: string }[] = [];
  let pid = 0;
  let name = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('c')) name = line.slice(1);
    else if (line.startsWith('n/')) found.push({ pid, name, path: line.slice(1) });
  }
  return found;
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  const result = await runCommand(program, args, { cwd: '/', env: ENVIRONMENT, timeoutMs: 30_000 });
  if (result.startError !== null) throw new Error(`${program} cannot run: ${result.startError}`);
  // lsof exits 1 if something could not be examined; its output is still the answer.
  return result.stdout.toString('utf8');
}
