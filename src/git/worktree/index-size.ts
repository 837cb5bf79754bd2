import { readFile } from 'node:fs/promises';

/*
 * Sizes of tracked files as the index has them (gitformat-index(5)): git keeps each file's there, so that one read replaces 10,000
 * calls of lstat. As of the last refresh, modulo 4 GB a file.
 */

/** Bytes of header before the first entry; of the fixed fields of an entry before its object id. */
const HEADER = 12;
const FIXED = 40;
const SIZE_AT = 36;
const EXTENDED = 0x4000;
const ASSUME_VALID = 0x8000;
const SKIP_WORKTREE = 0x4000;

export interface IndexSummary {
  /** Of the files that it names. */
  readonly bytes: number;
  /** It may have files at which git does not look (`update-index --skip-worktree`, `--assume-unchanged`). */
  readonly mayHide: boolean;
}

/**
 * The files of an index, with their `bytes` except for those in `without` (relative, UTF-8), of which it may not know the size; null if
 * there is none or it is not one that this reads (an agent may have written it). `idBytes`: 20, or 32 in a sha256 repository.
 */
export async function summarizeIndex(
  path: string,
  idBytes: number,
  without: ReadonlySet<string> = new Set(),
): Promise<IndexSummary | null> {
  const index = await readFile(path).catch(() => null); // Not there, or not ours to read.
  if (index === null || index.length < HEADER || index.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  let left = index.readUInt32BE(8);
  let total = 0;
  let mayHide = false;
  let last: Buffer = Buffer.alloc(0);
  for (let at = HEADER; left > 0; left -= 1) {
    const flagsAt = at + FIXED + idBytes;
    if (flagsAt + 2 > index.length) return null;
    const flags = index.readUInt16BE(flagsAt);
    const extended = version >= 3 && (flags & EXTENDED) !== 0;
    mayHide ||= (flags & ASSUME_VALID) !== 0 || (extended && (index.readUInt16BE(flagsAt + 2) & SKIP_WORKTREE) !== 0);
    let name = flagsAt + (extended ? 4 : 2);
    let drop = 0;
    // Version 4 begins a name with how much of the end of the one before it is dropped, and pads nothing.
    if (version === 4) {
      for (; ((index[name] ?? 0) & 0x80) !== 0; name += 1) drop = (drop + ((index[name] ?? 0) & 0x7f) + 1) * 128;
      drop += index[name] ?? 0;
      name += 1;
    }
    const end = index.indexOf(0, name);
    if (end === -1) return null;
    // Names cost time for 10,000 files, and are rarely needed.
    if (without.size > 0) {
      const own = index.subarray(name, end);
      last = version === 4 ? Buffer.concat([last.subarray(0, Math.max(0, last.length - drop)), own]) : own;
    }
    if (without.size === 0 || !without.has(last.toString('utf8'))) total += index.readUInt32BE(at + SIZE_AT);
    at = version === 4 ? end + 1 : at + Math.floor((end - at) / 8 + 1) * 8;
  }
  return { bytes: total, mayHide };
}
