import { lstat, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import type { Environment } from '../environment.ts';
import { BESIDE_PROGRAMS, IN_HOME, NAMES_NOTHING, SYSTEM } from './visible-places.ts';

export interface SandboxPlace {
  readonly worktree: AbsolutePath;
  /** Of the repository; null: there is none. */
  readonly commonDir: AbsolutePath | null;
  /** Folder of this command alone; becomes `/tmp` and the home directory. */
  readonly temporary: AbsolutePath;
  /** Of the command. What its variables name in hidden folders is visible. */
  readonly env: Environment;
}

export type Mount = { readonly path: AbsolutePath } & (
  | { readonly kind: 'read-only' | 'writable'; readonly source: AbsolutePath }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'empty' }
);

/** What a sandboxed command sees of the machine's files, folders before what is in them. Everything else is not there. */
export async function fileView(
  { worktree, commonDir, env }: SandboxPlace,
  folders: { readonly tmp: AbsolutePath; readonly home: AbsolutePath },
): Promise<readonly Mount[]> {
  const view = new View();
  for (const path of SYSTEM) await view.showSystem(path);
  view.put({ kind: 'empty', path: '/run' });
  view.put({ kind: 'writable', path: '/tmp', source: folders.tmp });
  view.put({ kind: 'writable', path: '/var/tmp', source: folders.tmp });
  const home = await homeOf(env);
  for (const path of new Set(home === null ? [] : [home, await realpath(home)])) {
    // A home directory that is around the worktree, or in it, is covered by what follows, or must not cover it.
    if (!isIn(path, worktree)) view.put({ kind: 'writable', path, source: folders.home });
  }
  if (home !== null) for (const place of IN_HOME) await view.show(join(home, place));
  const kept = [worktree, '/', '/proc', '/dev', ...(home === null ? [] : [home]), ...(commonDir === null ? [] : [commonDir])];
  const mayShow = (path: string): boolean => !kept.some((own) => isIn(own, path)) && !isIn(path, worktree);
  for (const path of (await programFolders(env)).filter(mayShow)) await view.show(path);
  for (const path of namedPlaces(env).filter(mayShow)) await view.show(path);
  if (commonDir !== null) {
    view.put({ kind: 'read-only', path: commonDir, source: commonDir });
    view.put({ kind: 'empty', path: join(commonDir, 'copse') });
  }
  view.put({ kind: 'writable', path: worktree, source: worktree });
  const pointer = join(worktree, '.git');
  view.put({ kind: 'read-only', path: pointer, source: pointer });
  for (const socket of await boundSockets()) {
    if (view.isReadOnly(socket)) view.put({ kind: 'read-only', path: socket, source: '/dev/null' });
  }
  return view.mounts();
}

class View {
  readonly #mounts = new Map<AbsolutePath, Mount>();

  put(mount: Mount): void {
    this.#mounts.set(mount.path, mount);
  }

  /** Sorted by depth: a mount hides what is below its place. */
  mounts(): readonly Mount[] {
    const depth = ({ path }: Mount): number => path.split('/').length;
    return [...this.#mounts.values()].sort((a, b) => depth(a) - depth(b));
  }

  async showSystem(path: AbsolutePath): Promise<void> {
    const found = await lstat(path).catch(() => null);
    if (found?.isSymbolicLink() === true) this.put({ kind: 'link', path, to: await readlink(path) });
    else if (found !== null) this.put({ kind: 'read-only', path, source: path });
  }

  /** A file or folder at its path, and where links on the way lead to. Nothing else: a socket or a pipe is a way out. */
  async show(path: AbsolutePath): Promise<void> {
    const source = await realpath(path).catch(() => null);
    const found = source === null ? null : await stat(source).catch(() => null);
    if (source === null || found === null || !(found.isDirectory() || found.isFile())) return;
    for (const at of new Set([source, path])) {
      if (!this.isReadOnly(at) && !this.#mounts.has(at)) this.put({ kind: 'read-only', path: at, source });
    }
  }

  /** Whether a path is in what is visible and read-only. */
  isReadOnly(path: AbsolutePath): boolean {
    for (let at = path; ; at = dirname(at)) {
      const mount = this.#mounts.get(at);
      if (mount !== undefined) return mount.kind === 'read-only';
      if (at === dirname(at)) return false;
    }
  }
}

async function homeOf(env: Environment): Promise<AbsolutePath | null> {
  const home = env['HOME'] ?? '';
  if (!isAbsolute(home) || home === '/') return null;
  return (await stat(home).catch(() => null))?.isDirectory() === true ? home.replace(/\/+$/, '') : null;
}

/** Where programs are, and what they need beside that: a folder `bin` is of little use without its `lib`. */
async function programFolders(env: Environment): Promise<readonly AbsolutePath[]> {
  const found: AbsolutePath[] = [];
  for (const entry of absolute(env['PATH'] ?? '')) {
    const real = await realpath(entry).catch(() => null);
    if (real === null) continue;
    for (const folder of new Set([entry, real])) {
      found.push(folder);
      const above = dirname(folder);
      if (basename(folder) === '.bin' && basename(above) === 'node_modules') found.push(above);
      if (basename(folder) === 'bin') found.push(...BESIDE_PROGRAMS.map((name) => join(above, name)));
    }
  }
  return found;
}

/** What the variables of the command name: it was asked for. */
function namedPlaces(env: Environment): readonly AbsolutePath[] {
  return Object.entries(env).flatMap(([name, value]) => (NAMES_NOTHING.test(name) ? [] : absolute(value)));
}

function absolute(value: string): readonly AbsolutePath[] {
  return value.split(':').flatMap((path) => (isAbsolute(path) ? [path.replace(/(?<=.)\/+$/, '')] : []));
}

/** Unix sockets in our network that have a place among the files. */
async function boundSockets(): Promise<readonly AbsolutePath[]> {
  const text = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const paths = new Set(text.split('\n').flatMap((line) => / (\/.*)$/.exec(line)?.[1] ?? []));
  const found: AbsolutePath[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch(() => null);
    if (real !== null && (await lstat(real)).isSocket()) found.push(real);
  }
  return found;
}

/** Whether a path is a folder, or in it. */
function isIn(path: AbsolutePath, folder: AbsolutePath): boolean {
  return path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`);
}
