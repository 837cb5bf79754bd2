import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';
import { isProgramKey } from './program-keys.ts';

/** What of a repository's shared git directory makes git run or change something. */
export interface GitFacts {
  /** Files that configuration is read from → digest; null: there is none. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Keys that name a program → their values, in order. */
  readonly programs: Readonly<Record<string, readonly string[]>>;
  /** Where hooks are looked for. */
  readonly hooksFolder: AbsolutePath;
  /** Names of hooks → digest of content and mode. Empty where they are tracked: then the target's commit has them. */
  readonly hooks: Readonly<Record<string, string>>;
  readonly hooksTracked: boolean;
  /** `info/attributes`; null: there is none. */
  readonly attributes: string | null;
}

export interface GuardedPlace {
  readonly commonDir: AbsolutePath;
  /** Top of the main worktree, or the bare repository itself. */
  readonly root: AbsolutePath;
}

/** What is there now. Two git processes. */
export async function readFacts(place: GuardedPlace): Promise<GitFacts> {
  const { commonDir, root } = place;
  // What is switched off in this process is what is looked for here.
  const env = { ...gitEnvironment(), GIT_CONFIG_COUNT: '0' };
  const { stdout } = await spawnGit(['config', '--list', '--show-scope', '--show-origin', '-z'], { cwd: root, env });
  const fields = stdout.toString('utf8').split('\0');
  const files = new Set([join(commonDir, 'config'), join(commonDir, 'config.worktree')]);
  const programs: Record<string, string[]> = {};
  let hooksPath: string | null = null;
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [scope = '', origin = '', entry = ''] = fields.slice(i, i + 3);
    const end = entry.indexOf('\n');
    const [key, value] = end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
    if (key === 'core.hookspath') hooksPath = value;
    if (scope !== 'local' && scope !== 'worktree') continue;
    if (origin.startsWith('file:')) files.add(resolve(root, origin.slice('file:'.length)));
    if (isProgramKey(key)) programs[key] = [...(programs[key] ?? []), value];
  }
  const hooksFolder = hooksPath === null || hooksPath === '' ? join(commonDir, 'hooks') : resolve(root, expanded(hooksPath));
  const hooksTracked = await isTracked(place, hooksFolder);
  return {
    files: Object.fromEntries([...files].sort().map((file) => [file, digestOf(file)])),
    programs,
    hooksFolder,
    hooks: hooksTracked ? {} : hooksIn(hooksFolder),
    hooksTracked,
    attributes: attributesOf(commonDir),
  };
}

/** Whether nothing that was recorded has changed, without a git process. */
export function stillHolds({ commonDir }: GuardedPlace, facts: GitFacts): boolean {
  return (
    Object.entries(facts.files).every(([file, digest]) => digestOf(file) === digest) &&
    facts.attributes === attributesOf(commonDir) &&
    (facts.hooksTracked || isEqual(hooksIn(facts.hooksFolder), facts.hooks))
  );
}

export const attributesOf = (commonDir: AbsolutePath): string | null => textOf(join(commonDir, 'info', 'attributes'));

/** Each hook that git would run, or could be made to by a change of its mode. */
export function hooksIn(folder: AbsolutePath): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of namesIn(folder)) {
    if (name.endsWith('.sample')) continue;
    const digest = digestOf(join(folder, name));
    if (digest !== null) found[name] = digest;
  }
  return found;
}

export function isEqual(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

async function isTracked({ root }: GuardedPlace, folder: AbsolutePath): Promise<boolean> {
  const inside = relative(root, folder);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside) || /^\.git(\/|$)/.test(inside)) return false;
  const { stdout } = await spawnGit(['ls-files', '-z', '--', inside], { cwd: root, env: gitEnvironment(), ok: [0, 128] });
  return stdout.length > 0;
}

/** `~/hooks`, as git reads a path. */
function expanded(path: string): string {
  const home = gitEnvironment()['HOME'];
  return path.startsWith('~/') && home !== undefined ? join(home, path.slice(2)) : path;
}

function digestOf(path: string): string | null {
  try {
    // What a link leads to counts; a folder or a named pipe is nothing that git runs or reads settings from.
    const stat = statSync(path);
    if (!stat.isFile()) return null;
    const mode = (stat.mode & 0o111) === 0 ? '-' : 'x';
    return createHash('sha256').update(mode).update(readFileSync(path)).digest('hex');
  } catch {
    // Not there, or not readable: git does not read it either.
    return null;
  }
}

function textOf(path: string): string | null {
  try {
    // git follows a link here.
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
  } catch {
    return null; // Not there.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // There is none.
  }
}
