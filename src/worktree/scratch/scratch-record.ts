import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { commonDirOf, type Store } from '../../store/layout.ts';
import { isPlainPath } from '../../store/record.ts';
import { replaceFile } from '../../system/files.ts';
import { isNonce } from '../worktree-record.ts';

/** The record of one scratch worktree; `<store>/scratch/<slot>.json`. */
export interface ScratchRecord {
  readonly schema: 1;
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  /** Identity of the folder that was made there; empty: not made yet, or by an earlier version. */
  readonly folder: string;
  readonly nonce: string;
  /** false: its making was begun. */
  readonly whole: boolean;
  /** The key of the finished copy and set-up; null: not done, or only begun. */
  readonly setupKey: string | null;
  /** Untracked paths right after set-up; folders end in a slash. */
  readonly keep: readonly string[];
  /** Digest of what is in them, of a worktree for variants. */
  readonly installed: string;
}

export function scratchFile(store: Store, slot: string): AbsolutePath {
  return join(store.root, 'scratch', `${slot}.json`);
}

/** Slots that have a record. */
export async function scratchSlots(store: Store): Promise<readonly string[]> {
  const names = await readdir(join(store.root, 'scratch')).catch(() => []); // No check ever needed one.
  return names.filter((name) => /^[a-z]+-\d+\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length));
}

/** Git's entries of all scratch worktrees. */
export async function scratchGitDirs(store: Store): Promise<ReadonlySet<AbsolutePath>> {
  const slots = await scratchSlots(store);
  const records = await Promise.all(slots.map((slot) => readScratch(store, slot)));
  return new Set(records.flatMap((record) => (record === null ? [] : [record.gitDir])));
}

export async function readScratch(store: Store, slot: string): Promise<ScratchRecord | null> {
  const text = await readRegular(scratchFile(store, slot), { large: true });
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    // Earlier versions wrote neither of these two.
    const whole = typeof value === 'object' ? { folder: '', installed: '', ...value } : value;
    return isRecord(whole) && dirname(whole.gitDir) === join(commonDirOf(store), 'worktrees') ? whole : null;
  } catch {
    // Overwritten: it proves nothing then, as if it were missing.
    return null;
  }
}

export async function writeScratch(store: Store, slot: string, record: ScratchRecord): Promise<void> {
  await replaceFile(scratchFile(store, slot), `${JSON.stringify(record)}\n`);
}

function isRecord(value: unknown): value is ScratchRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  const keep: unknown = fields.get('keep');
  return (
    fields.get('schema') === 1 &&
    [fields.get('path'), fields.get('gitDir')].every(isPlainPath) &&
    ['folder', 'installed'].every((name) => typeof fields.get(name) === 'string') &&
    typeof fields.get('whole') === 'boolean' &&
    isNonce(fields.get('nonce')) &&
    Array.isArray(keep) &&
    keep.every(isWithin)
  );
}

/** A path that stays within the worktree. */
function isWithin(path: unknown): boolean {
  return typeof path === 'string' && path !== '' && !path.split('/').some((part) => part === '..' || part === '.git');
}
