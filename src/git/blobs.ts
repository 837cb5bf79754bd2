import type { Git } from './door.ts';

/** A generated file of many versions would fill the memory. */
const LARGEST = 512 * 1024;
const ALL_TOGETHER = 128 * 1024 * 1024;

/** Contents of objects in two git processes for all; what is missing or large is not among them. */
export async function readBlobs(
  git: Git,
  ids: Iterable<string>,
  o: { readonly signal?: AbortSignal } = {},
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  const run = o.signal === undefined ? {} : { signal: o.signal };
  const { text } = await git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], { ...run, input: wanted.join('\n') });
  let room = ALL_TOGETHER;
  const fitting = text.split('\n').flatMap((line) => {
    const [id = '', size = ''] = line.split(' ');
    if (!/^\d+$/.test(size) || Number(size) > LARGEST || Number(size) > room) return [];
    room -= Number(size);
    return [id];
  });
  if (fitting.length === 0) return blobs;
  const { stdout } = await git.run(['cat-file', '--batch=%(objectname) %(objectsize)'], { ...run, input: fitting.join('\n') });
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf('\n', at);
    const [id = '', size = ''] = stdout.toString('latin1', at, end).split(' ');
    const from = end + 1;
    at = from + Number(size) + 1;
    blobs.set(id, stdout.subarray(from, at - 1));
  }
  return blobs;
}
