import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { causeOf } from '../system/cause/cause-of.ts';
import { plainText } from '../text/plain-text.ts';

/** Most that a log takes on disk. */
const MOST_BYTES = 4 * 1024 * 1024;
/** The size it is cut to when that is reached. */
const KEPT_BYTES = 1024 * 1024;
const TAIL_BYTES = 16 * 1024;
/** The cause may be far before the last line. */
const CAUSE_BYTES = 256 * 1024;

/**
 * A server's output as a file that keeps the newest few megabytes: a server may print for days. Written at once, so that
 * readers see everything so far. If the disk is full, the file misses output, and the server keeps running.
 */
export class BoundedLog {
  #fd: number | null;
  #size = 0;
  /** The newest output, at least `KEPT_BYTES` of it if there is that much. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #failure: string | null = null;

  /** Makes or empties the file, mode 0600; its folder must exist. */
  constructor(path: string) {
    this.#fd = openSync(path, 'w', 0o600);
  }

  write(chunk: Buffer): void {
    this.#keep(chunk);
    if (this.#fd === null || this.#failure !== null) return;
    try {
      if (this.#size + chunk.length > MOST_BYTES) {
        ftruncateSync(this.#fd, 0);
        this.#size = 0;
        for (const part of this.#kept) this.#append(this.#fd, part);
      } else this.#append(this.#fd, chunk);
    } catch (error) {
      this.#failure = `(copse cannot write this log any more: ${error instanceof Error ? error.message : String(error)})`;
    }
  }

  /** The last lines, as plain text, oldest first. */
  tail(lines: number): readonly string[] {
    const all = this.#newest(TAIL_BYTES)
      .split('\n')
      .map((line) => line.trimEnd());
    const last = all.filter((line) => line !== '').slice(-lines);
    return this.#failure === null ? last : [...last, this.#failure];
  }

  /** Why the server failed, in one line; empty if it printed nothing. */
  cause(): string {
    return causeOf(this.#newest(CAUSE_BYTES));
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  /** The last `most` bytes as plain text. */
  #newest(most: number): string {
    const newest: Buffer[] = [];
    let bytes = 0;
    for (let at = this.#kept.length - 1; at >= 0 && bytes < most; at -= 1) {
      const part = this.#kept[at];
      if (part === undefined) break;
      newest.unshift(part);
      bytes += part.length;
    }
    return plainText(Buffer.concat(newest).subarray(-most).toString('utf8'));
  }

  #append(fd: number, part: Buffer): void {
    // At the position, not at the end: after a truncation the descriptor's own position is unchanged.
    let done = 0;
    while (done < part.length) done += writeSync(fd, part, done, part.length - done, this.#size + done);
    this.#size += part.length;
  }

  #keep(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    for (let first = this.#kept[0]; first !== undefined && this.#keptBytes - first.length >= KEPT_BYTES; first = this.#kept[0]) {
      this.#kept.shift();
      this.#keptBytes -= first.length;
    }
  }
}
