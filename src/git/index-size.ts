import { readFile } from 'node:fs/promises';

/*
 * Sizes of tracked files as the index has them (gitformat-index(5)): git keeps each file's there, so that one read stands for 10,000
 * calls of lstat. As of the last refresh, modulo 4 GB a file.
 */

/** Bytes of header before the first entry; of the fixed fields of an entry before its object id. */
const HEADER = 12;
const FIXED = 40;
const SIZE_AT = 36;
const EXTENDED = 0x4000;

/**
 * Bytes of the files that an index names; null where there is none or it is not one that this reads (an agent may have written it).
 * `idBytes`: 20, or 32 in a sha256 repository.
 */
export async function trackedBytes(path: string, idBytes: number): Promise<number | null> {
  const index = await readFile(path).catch(() => null); // Not there, or not ours to read.
  if (index === null || index.length < HEADER || index.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  let left = index.readUInt32BE(8);
  let total = 0;
  for (let at = HEADER; left > 0; left -= 1) {
    const flagsAt = at + FIXED + idBytes;
    if (flagsAt + 2 > index.length) return null;
    total += index.readUInt32BE(at + SIZE_AT);
    const extended = version >= 3 && (index.readUInt16BE(flagsAt) & EXTENDED) !== 0;
    let name = flagsAt + (extended ? 4 : 2);
    // Version 4 begins a name with how much of the one before it drops, and pads nothing.
    if (version === 4) {
      while (((index[name] ?? 0) & 0x80) !== 0) name += 1;
      name += 1;
    }
    const end = index.indexOf(0, name);
    if (end === -1) return null;
    at = version === 4 ? end + 1 : at + Math.floor((end - at) / 8 + 1) * 8;
  }
  return total;
}
