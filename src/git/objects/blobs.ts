import { GitError } from '../spawn/git-error.ts';
import type { Git } from '../spawn/git-in.ts';

/** A generated file of many versions would fill the memory. */
const LARGEST = 512 * 1024;
const ALL_TOGETHER = 64 * 1024 * 1024;

/** Contents of objects, usually in one git process for all; without missing ones, and without large ones if that matters. */
export async function readBlobs(
  git: Git,
  ids: Iterable<string>,
  o: { readonly signal?: AbortSignal } = {},
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  try {
    return await contents(git, wanted, { ...o, maxBytes: ALL_TOGETHER });
  } catch (error) {
    // Too much, most likely; anything else fails again.
    if (!(error instanceof GitError)) throw error;
  }
  const { text } = await git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], { ...o, input: wanted.join('\n') });
  let room = ALL_TOGETHER;
  const fitting = text.split('\n').flatMap((line) => {
    const [id = '', size = ''] = line.split(' ');
    if (!/^\d+$/.test(size) || Number(size) > LARGEST || Number(size) > room) return [];
    room -= Number(size);
    return [id];
  });
  return fitting.length === 0 ? new Map() : contents(git, fitting, o);
}

/** `<id> <size>\n<content>\n` for each, or `<id> missing\n`. */
async function contents(
  git: Git,
  ids: readonly string[],
  o: { readonly signal?: AbortSignal; readonly maxBytes?: number },
): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const { stdout } = await git.run(['cat-file', '--batch=%(objectname) %(objectsize)'], { ...o, input: ids.join('\n') });
  for (let at = 0; at < stdout.length; ) {
    const from = stdout.indexOf('\n', at) + 1;
    const [id = '', size = ''] = stdout.toString('latin1', at, from - 1).split(' ');
    at = from;
    if (size === 'missing') continue;
    at += Number(size) + 1;
    blobs.set(id, stdout.subarray(from, at - 1));
  }
  return blobs;
}
