import { constants } from 'node:fs';
import { copyFile, stat, utimes } from 'node:fs/promises';

/** Coarser than the clock of any file system we meet: Linux stamps files with the time of the last tick, 4 to 10 ms ago. */
const TICK_SECONDS = 0.02;

/**
 * Copies an index so that git may believe it. git looks into a file of equal size and time again only if it was written no earlier
 * than the index itself (its "racy git" rule), so a copy must never look younger than the original: a change of the same size in the
 * same tick would stay unseen. A little older only costs a second look. `exclusive`: fails with EEXIST where `to` exists.
 */
export async function copyIndex(from: string, to: string, o: { readonly exclusive?: boolean } = {}): Promise<void> {
  // Taken before: should the original be replaced meanwhile, the older time is the careful one.
  const { mtimeMs } = await stat(from);
  await copyFile(from, to, o.exclusive === true ? constants.COPYFILE_EXCL : 0);
  const time = mtimeMs / 1000 - TICK_SECONDS;
  await utimes(to, time, time);
}
