import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Environment } from '../../../system/environment.ts';
import { isErrno } from '../../../system/files.ts';
import { claudeConfigDirectory, homeOf } from './config-directory.ts';
import { readInside, readOwn } from './read-inside.ts';

/** One file; Claude Code warns at 40,000 characters. */
const MAX_FILE_BYTES = 64 * 1024;
/** All of them: every request of the attempt pays for it. */
const MAX_TOTAL_CHARACTERS = 160 * 1024;
const MAX_IMPORT_DEPTH = 5;
const MAX_IMPORTS = 50;
const MAX_FOLDERS = 4000;
const MAX_DEPTH = 8;

/** Never a place for instructions, often the bulk of a worktree. */
const SKIPPED = new Set(['node_modules', 'vendor', 'target', 'dist', 'build', 'out', 'coverage', 'venv', '__pycache__']);

interface Section {
  readonly title: string;
  readonly text: string;
}

type Read = (path: string) => Promise<string | null>;

/**
 * The CLAUDE.md files that `--restricted` drops, for `--append-system-prompt-file`: the person's, the root's, nested ones, each
 * under its path, imports (`@path`) after the file that names them. Bounded: what does not fit is named, to be read when
 * needed. A file of the worktree may import only from the worktree; a symlink out of it is not followed. Empty if there is none.
 */
export async function memoryText(o: { readonly worktree: string; readonly environment: Environment }): Promise<string> {
  const sections: Section[] = [];
  const seen = new Set<string>();
  const config = claudeConfigDirectory(o.environment);
  const home = homeOf(o.environment);
  await collect(join(config, 'CLAUDE.md'), "the person's own instructions for all projects", {
    read: (path) => readOwn(path, MAX_FILE_BYTES),
    home,
    sections,
    seen,
    depth: 0,
  });
  const read: Read = (path) => readInside(o.worktree, path, MAX_FILE_BYTES);
  for (const name of ['CLAUDE.md', '.claude/CLAUDE.md', 'CLAUDE.local.md']) {
    await collect(join(o.worktree, name), 'project instructions', { read, home, sections, seen, depth: 0 });
  }
  for (const folder of await foldersBelow(o.worktree)) {
    const within = relative(o.worktree, folder);
    await collect(join(folder, 'CLAUDE.md'), `instructions for work below ${within}`, { read, home, sections, seen, depth: 0 });
  }
  return joined(sections);
}

interface Collecting {
  readonly read: Read;
  readonly home: string;
  readonly sections: Section[];
  readonly seen: Set<string>;
  readonly depth: number;
}

async function collect(path: string, role: string, c: Collecting): Promise<void> {
  if (c.seen.has(path) || c.seen.size > MAX_IMPORTS + MAX_FOLDERS) return;
  const text = await c.read(path);
  if (text === null || text.trim() === '') return;
  c.seen.add(path);
  c.sections.push({ title: `Contents of ${path} (${role}):`, text: text.trim() });
  if (c.depth >= MAX_IMPORT_DEPTH) return;
  for (const name of importsOf(text).slice(0, MAX_IMPORTS)) {
    const target = name.startsWith('~/') ? join(c.home, name.slice(2)) : resolve(dirname(path), name);
    await collect(target, `imported by ${path}`, { ...c, depth: c.depth + 1 });
  }
}

/** Paths that `@path` names outside of code, as Claude Code reads them. */
export function importsOf(text: string): readonly string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const names = [...prose.matchAll(/(?:^|\s)@((?:~\/|\.{0,2}\/)?[\w./-]*[\w/-])/g)].flatMap((match) => match[1] ?? []);
  return [...new Set(names)];
}

/** Folders below the root that may hold instructions, nearest first. */
async function foldersBelow(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (found.length + next.length >= MAX_FOLDERS) break;
      for (const name of await foldersIn(folder)) next.push(join(folder, name));
    }
    found.push(...next);
    level = next;
  }
  return found.slice(0, MAX_FOLDERS);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // Symlinked folders are not entered: they lead in circles or out.
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    // Gone meanwhile or not ours to read: nothing to hand over from there.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

function joined(sections: readonly Section[]): string {
  const parts: string[] = [];
  const left: string[] = [];
  let total = 0;
  for (const { title, text } of sections) {
    total += text.length;
    if (total > MAX_TOTAL_CHARACTERS) left.push(title);
    else parts.push(`${title}\n\n${text}`);
  }
  if (parts.length === 0) return '';
  if (left.length > 0) {
    const paths = left.map((title) => `- ${title.replace(/^Contents of /, '').replace(/:$/, '')}`);
    parts.push(`More instructions, too long to repeat here. Read each before you work where it applies:\n${paths.join('\n')}`);
  }
  return `Instructions from CLAUDE.md files follow. They apply to your work as if Claude Code had loaded them itself.\n\n${parts.join('\n\n')}`;
}
