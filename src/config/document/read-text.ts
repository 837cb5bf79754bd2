import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Problem } from '../../model/errors.ts';
import { problemAt } from './problem-at.ts';

const MAX_BYTES = 1024 * 1024;

/** The text of an untrusted file: regular, UTF-8, at most 1 MB. */
export async function readText(
  path: string,
): Promise<
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: boolean; readonly problem: Problem }
> {
  const bytes = await readCapped(path);
  const refuse = (what: string, fix?: string) =>
    ({ ok: false, missing: bytes === null, problem: problemAt(path, what, fix) }) as const;
  if (bytes === null) return refuse('There is no such file.');
  if (typeof bytes === 'string') return refuse(bytes);
  if (bytes.includes(0)) return refuse('The file contains a NUL byte: it is not text.');
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    // The decoder's own error says nothing that a person could use.
    return refuse('The file is not UTF-8 text.', 'Save it as UTF-8.');
  }
}

async function readCapped(path: string): Promise<Buffer | string | null> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // O_NONBLOCK: opening a FIFO without a writer would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' || code === 'EPERM') return 'The file cannot be read: permission denied.';
    if (code === 'ELOOP') return 'The file is a symbolic link that leads to itself.';
    if (code === 'ENAMETOOLONG') return 'The path is too long.';
    throw error;
  }
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) return 'This is a directory, not a file.';
    if (!stat.isFile()) return 'This is not a regular file.';
    if (stat.size > MAX_BYTES) return `The file is larger than ${MAX_BYTES / 1024 / 1024} MB.`;
    const bytes = await file.readFile();
    // It may have grown since.
    return bytes.length > MAX_BYTES ? `The file is larger than ${MAX_BYTES / 1024 / 1024} MB.` : bytes;
  } finally {
    await file.close();
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
