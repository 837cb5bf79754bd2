import type { BigIntStats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { digestOf, statIfExists } from '../beside/untracked-snapshot.ts';
import { pathBytes, type RawPath } from '../worktree/working-changes.ts';
import { looksSecret } from './secret-names.ts';

/** Texts that must not get into a commit, as digests. */
export interface Secrets {
  /** Literal values. */
  readonly values: readonly Buffer[];
  /** sha256 of whole files. */
  readonly digests: ReadonlySet<string>;
}

/** Shorter ones (`true`, `3000`, `dev`) are in every other file. */
const MIN_VALUE_LENGTH = 8;
/** A value of a copied file is only suspected to be one. */
const MIN_COPIED_VALUE_LENGTH = 12;
const MIN_FILE_BYTES = 8;
/** Sources and configuration are far smaller; a secret pasted into more is beyond looking for. */
const MAX_SEARCHED_BYTES = 8 * 1024 * 1024;
const MAX_COPIED_BYTES = 1024 * 1024;
const MAX_FOLDER_ENTRIES = 5000;

const SECRET_KEY = /(key|secret|token|passw(or)?d|passphrase|pwd|credential|private|auth|dsn)/i;
const PUBLIC_KEY = /^(next_public|vite|public|react_app|expo_public|nuxt_public)_|public|publishable/i;

/**
 * @param copied the sources of files copied into the worktree; of folders only files whose names look secret count
 * @param values passed to the agent, whole
 */
export async function gatherSecrets(copied: readonly AbsolutePath[], values: readonly string[]): Promise<Secrets> {
  const found = new Set(values.filter((value) => value.length >= MIN_VALUE_LENGTH));
  const digests = new Set<string>();
  await forEachAtMost(4, await secretFiles(copied), async (path) => {
    const target = await targetStat(path);
    if (target === null || !target.isFile() || target.size < MIN_FILE_BYTES || target.size > MAX_COPIED_BYTES) return;
    const digest = await digestOf(path, target);
    if (digest !== null) digests.add(digest);
    if (!looksSecret(path)) return;
    // Unreadable now although it was copied: then its values are not known, its name still is.
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const value of secretValuesOf(text)) found.add(value);
  });
  return { values: [...found].map((value) => Buffer.from(value)), digests };
}

/** The copied files; of copied folders those that look secret by name, as far as a short look finds them. */
async function secretFiles(copied: readonly AbsolutePath[]): Promise<string[]> {
  const found: string[] = [];
  let left = MAX_FOLDER_ENTRIES;
  for (const entry of copied) {
    const target = await targetStat(entry);
    if (target === null) continue;
    if (!target.isDirectory()) {
      found.push(entry);
      continue;
    }
    const folders = [entry];
    for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop()) {
      for (const item of await readdir(folder, { withFileTypes: true })) {
        left -= 1;
        if (item.isDirectory() && item.name !== 'node_modules') folders.push(join(folder, item.name));
        else if ((item.isFile() || item.isSymbolicLink()) && looksSecret(item.name)) found.push(join(folder, item.name));
      }
    }
  }
  return found;
}

/** Of what a symlink leads to: a copy may have followed it. */
function targetStat(path: AbsolutePath): Promise<BigIntStats | null> {
  return stat(path, { bigint: true }).catch(() => null); // Gone since, or a link that leads nowhere.
}

/** The values of `KEY=value` lines whose key says that it is secret. */
export function secretValuesOf(text: string): string[] {
  const values: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/.exec(line);
    const key = match?.[1] ?? '';
    const value = (match?.[2] ?? '').replace(/^(["'])(.*)\1(\s+#.*)?$/, '$2');
    if (SECRET_KEY.test(key) && !PUBLIC_KEY.test(key) && value.length >= MIN_COPIED_VALUE_LENGTH) values.push(value);
  }
  return values;
}

/** Whether a file of the worktree is one of the secret files, or has a secret value in it. */
export async function holdsSecret(secrets: Secrets, worktree: string, path: RawPath): Promise<boolean> {
  if (secrets.values.length === 0 && secrets.digests.size === 0) return false;
  const bytes = pathBytes(worktree, path);
  const stat = await statIfExists(bytes);
  if (stat === null || !stat.isFile() || stat.size > MAX_SEARCHED_BYTES) return false;
  if (secrets.values.length > 0) {
    // Unreadable: git cannot commit it either, which is reported then.
    const content = await readFile(bytes).catch(() => Buffer.alloc(0));
    if (secrets.values.some((value) => content.includes(value))) return true;
  }
  const digest = secrets.digests.size > 0 ? await digestOf(bytes, stat) : null;
  return digest !== null && secrets.digests.has(digest);
}
