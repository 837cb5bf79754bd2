import { readFileSync } from 'node:fs';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import { isErrno, readTextIfExists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import { newerState, SCHEMA } from './layout.ts';

/**
 * One of our JSON files that carry `schema`. Null: not there. CopseErrors: `newer-state` for a schema above ours,
 * `broken-record` for anything that is not a whole record.
 */
export async function readRecord(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  return parseRecord(path, await readTextIfExists(path));
}

/**
 * The same, synchronously: 5 µs of a small file in memory, where the thread pool takes 100 and wakes another thread at each step. For
 * values that are read again and again.
 */
export function readRecordNow(path: string): Readonly<Record<string, unknown>> | null {
  let text: string | null = null;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
  return parseRecord(path, text);
}

export function parseRecord(path: string, text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw brokenRecord(path, error);
  }
  if (!isObject(value)) throw brokenRecord(path);
  if (typeof value['schema'] === 'number' && value['schema'] > SCHEMA) throw newerState(path);
  if (value['schema'] !== SCHEMA) throw brokenRecord(path);
  return value;
}

/** Absolute, and the one way to write it: no `..`, no `.`, no doubled or trailing slash, no longer than the system takes. */
export function isPlainPath(value: unknown): value is AbsolutePath {
  return (
    typeof value === 'string' &&
    value.length < 4096 &&
    /^(?:\/[^/\0\n\r]{1,255})+$/.test(value) &&
    !value.split('/').some((part) => part === '.' || part === '..')
  );
}

/** Neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** CopseError `broken-record` (exit 3) for a record that was read and cannot be understood. */
export function brokenRecord(path: string, cause?: unknown): CopseError {
  return new CopseError({
    code: 'broken-record',
    exit: EXIT.precondition,
    what: `The record ${path} is damaged.`,
    why: 'Such a file is written in one step, so the disk or another program changed it.',
    hint: `Worktrees and branches are not affected. Look at it: less ${shellWord(path)}`,
    cause,
  });
}
