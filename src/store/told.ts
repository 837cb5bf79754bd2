import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, replaceFile } from '../system/files.ts';
import type { RunPaths } from './layout.ts';

/*
 * How far `wait --events` has reported a run. It is stopped after a while by whoever started it, and called again: what was reported
 * is not reported twice. Losing it costs a repeated line.
 */

const fileOf = ({ dir }: RunPaths): string => join(dir, 'told');

/** Sequence number of the last event that was reported; -1: none. */
export async function readTold(paths: RunPaths): Promise<number> {
  try {
    const text = await readFile(fileOf(paths), 'utf8');
    return /^\d{1,15}\n$/.test(text) ? Number(text) : -1;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return -1;
    throw error;
  }
}

export async function writeTold(paths: RunPaths, seq: number): Promise<void> {
  await replaceFile(fileOf(paths), `${seq}\n`);
}
