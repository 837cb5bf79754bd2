/**
 * Files of set-up that may stay from one variant's checks to the next one's: installed or copied ones, as long as they are unchanged.
 * Built files may not: a variant whose build fails would be tested with the former build.
 */
import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';

/** Folders that package managers install into, and check again when they install. */
const INSTALLED = new Set([
  'node_modules',
  '.venv',
  'venv',
  'vendor',
  '.bundle',
  'bower_components',
  'Pods',
  '.pnpm-store',
  '.yarn',
]);
/** Directly below them: caches of tools. */
export const CACHES: readonly string[] = ['.cache', '.vite', '.vitest', '.tmp'];
/** Python compares what is in there with the source each time, and writes it at any import. */
const COMPILED = '__pycache__';
const FILES_AT_ONCE = 2_000;

export function isInstalled(path: string, copied: readonly string[]): boolean {
  const plain = path.replace(/\/$/, '');
  return INSTALLED.has(basename(plain)) || copied.includes(plain);
}

/**
 * Differs once anything in these folders (and files) was written, added or removed, caches aside. By names, sizes and times: reading
 * all of `node_modules` would take longer than installing it.
 */
export async function installedDigest(worktree: AbsolutePath, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const pending = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const left = new Set(pending.flatMap((path) => CACHES.map((cache) => `${path}/${cache}`)));
  let files = 0;
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    for (const entry of readdirSync(join(worktree, here), { withFileTypes: true })) {
      const path = `${here}/${entry.name}`;
      if (entry.name === COMPILED || left.has(path)) continue;
      if (entry.isDirectory()) pending.push(path);
      else addFile(hash, worktree, path);
      files += 1;
      // Synchronous is a tenth of the time; a pause now and then keeps the loop alive.
      if (files % FILES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    hash.update(`${here}\0`);
  }
  return hash.digest('hex');
}

function addFile(hash: Hash, worktree: AbsolutePath, path: string): void {
  const stat = lstatSync(join(worktree, path), { bigint: true, throwIfNoEntry: false });
  // A link more or less elsewhere, as pnpm makes them, changes the ctime; nothing else can be set back.
  const time = stat === undefined || stat.nlink > 1n ? stat?.mtimeNs : stat.ctimeNs;
  hash.update(`${path}\0${stat?.ino}\0${stat?.size}\0${time}\0`);
}
