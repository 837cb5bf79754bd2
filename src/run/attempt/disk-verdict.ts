import { dirname } from 'node:path';
import type { AttemptFiles, AttemptVerdict, ExitRecord } from '../../model/attempt.ts';
import { isFull } from './disk-watch.ts';

/** As `sh` shows SIGXFSZ, on Linux and macOS alike. */
const FILE_SIZE_SIGNAL = 128 + 25;

/**
 * The verdict of an attempt whose log could not be written to its end: what looks like an agent that broke off is a full disk or a
 * limit, and trying again at once would only cost. Any other verdict as it is.
 */
export async function withDiskReason(
  verdict: AttemptVerdict,
  { files, exit, stderrTail }: { readonly files: AttemptFiles; readonly exit: ExitRecord | null; readonly stderrTail: string },
): Promise<AttemptVerdict> {
  if (verdict.outcome !== 'failed' && verdict.outcome !== 'lost') return verdict;
  const ended = (reason: string): AttemptVerdict => ({ ...verdict, outcome: 'failed', reason, transient: false, fatal: null });
  if (await isFull(dirname(files.stdout))) return ended(`No space is left for its log, ${files.stdout}.`);
  if (exit?.code === FILE_SIZE_SIGNAL || /\bEFBIG\b/.test(stderrTail)) {
    return ended('It wrote more to its log, or to a file, than the file size limit allows (ulimit -f).');
  }
  return verdict;
}
