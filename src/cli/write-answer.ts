import { writeSync } from 'node:fs';

/**
 * Writes an answer of a few lines to stdout without `process.stdout`: loading its streams takes 3 ms, as much as everything else that
 * `copse --version` adds to Node's own start.
 */
export function writeAnswer(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch {
    // A pipe that is full and does not block, or whose reader is gone: the stream knows what to do about each.
    process.stdout.write(bytes.subarray(written));
  }
}
