import type { FileHandle } from 'node:fs/promises';

const MOST_BYTES = 16 * 2 ** 20;
const HEAD_BYTES = 2 ** 20;
const TAIL_BYTES = 4 * 2 ** 20;
/** Between a command's start and its end: only against filling the disk, since lines that come meanwhile may be lost. */
const RUNNING_BYTES = 4 * MOST_BYTES;
const LOOK_EVERY_MS = 500;

/** Keeps the beginning and the end of a log that is open for appending; a line in between says how much is missing. */
export async function shrinkLog(log: FileHandle, mostBytes = MOST_BYTES): Promise<void> {
  const { size } = await log.stat();
  if (size <= mostBytes) return;
  const { buffer, bytesRead } = await log.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, size - TAIL_BYTES);
  const left = Math.round((size - HEAD_BYTES - bytesRead) / 2 ** 20);
  await log.truncate(HEAD_BYTES);
  await log.appendFile(`\n[… copse left out ${left} MiB of output …]\n`);
  await log.appendFile(buffer.subarray(0, bytesRead));
}

/** Does so while a command writes. The function that it returns ends that, and shrinks it a last time. */
export function keepLogShort(log: FileHandle): () => Promise<void> {
  let shrinking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    shrinking = shrinking.then(() => shrinkLog(log, RUNNING_BYTES));
    // Reported at the end.
    shrinking.catch(() => undefined);
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await shrinking;
    await shrinkLog(log);
  };
}
