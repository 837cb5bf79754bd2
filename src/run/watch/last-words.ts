import type { RunPaths } from '../../store/layout.ts';
import { readTail } from '../../system/files.ts';
import { isFull } from '../attempt/disk-watch.ts';

/**
 * Why a supervisor is gone, one sentence, as far as its own last report or the disk shows; null: it was killed, or the reason is unknown.
 * On a full disk there was no room for last words.
 */
export async function lastWords(paths: RunPaths): Promise<string | null> {
  if (await isFull(paths.dir)) return `No space is left on the disk of ${paths.dir}.`;
  const [first = ''] = (await readTail(paths.supervisorLog, 4_000)).trim().split('\n');
  return first === '' ? null : first.replace(/^\S (?=\S)/, '');
}
