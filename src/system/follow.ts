import { fstatSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isErrno } from './files.ts';

const NEWLINE = 10;
/** Longest line kept; more would let one agent take all memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** One read; a few of them make up what one poll takes at most, so that no caller stalls on a large backlog. */
const READ_BYTES = 1024 * 1024;
const READS_PER_POLL = 8;
/**
 * News up to here are read at once, without Node's thread pool: they were just written and stand in memory. A call takes 3 µs that way
 * and 100 the other, and a supervisor of twenty makes 500 of them a second.
 */
const READ_AT_ONCE_BYTES = 64 * 1024;

/** Stands in for a line over the limit; JSON, so that readers of NDJSON meet just another unknown type. */
export function tooLongLine(bytes: number): Buffer {
  return Buffer.from(JSON.stringify({ type: 'copse.line_too_long', bytes }));
}

/** Cuts a stream of bytes into lines. Bytes are never decoded here: a chunk may end within a character. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #tooLong = false;

  constructor(o: { maxLineBytes?: number } = {}) {
    this.#maxLineBytes = o.maxLineBytes ?? MAX_LINE_BYTES;
  }

  /** Bytes that arrived after the last newline. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes a chunk (kept by reference, not copied) and returns the lines that it completes, without their newline. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(this.rest());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  /** Hands out what came after the last newline, and forgets it. */
  rest(): Buffer {
    const [first] = this.#pending;
    const whole = this.#pending.length === 1 && first !== undefined ? first : Buffer.concat(this.#pending);
    const line = this.#tooLong ? tooLongLine(this.#pendingBytes) : whole;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#tooLong = false;
    return line;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      this.#tooLong = true;
      this.#pending = [];
    } else this.#pending.push(part);
  }
}

/**
 * Reads the lines that another process appends to a file. Polled, not watched: a watch throws on a missing file, falls silent
 * after a replacement and is a scarce resource; a poll without news costs one `fstat`.
 */
export class FileFollower {
  readonly path: string;
  readonly #splitter: LineSplitter;
  #file: FileHandle | null = null;
  /** Where the next read begins. */
  #position: number;
  #behind = false;

  constructor(path: string, o: { offset?: number; maxLineBytes?: number } = {}) {
    this.path = path;
    this.#position = o.offset ?? 0;
    this.#splitter = new LineSplitter(o.maxLineBytes === undefined ? {} : { maxLineBytes: o.maxLineBytes });
  }

  /** Byte after the last line handed out: where another follower would go on. */
  get offset(): number {
    return this.#position - this.#splitter.pendingBytes;
  }

  /** Whether the last poll left bytes unread (a poll takes at most 8 MB): poll again without waiting. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Complete lines that came since the last poll; none where the file does not exist yet. */
  async poll(): Promise<Buffer[]> {
    const file = await this.#open();
    if (file === null) return [];
    const { size } = fstatSync(file.fd);
    if (size < this.#position) this.#startOver();
    const lines: Buffer[] = [];
    for (let reads = 0; reads < READS_PER_POLL && this.#position < size; reads += 1) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, size - this.#position));
      const bytesRead = await readAt(file, buffer, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      for (const line of this.#splitter.push(buffer.subarray(0, bytesRead))) lines.push(line);
    }
    this.#behind = this.#position < size;
    return lines;
  }

  /** Everything up to the end of the file, a last line without newline included. Closes the file. */
  async drain(): Promise<Buffer[]> {
    const lines: Buffer[] = [];
    do {
      for (const line of await this.poll()) lines.push(line);
    } while (this.#behind);
    const torn = this.#splitter.pendingBytes > 0 ? this.#splitter.rest() : null;
    if (torn !== null) lines.push(torn);
    await this.close();
    return lines;
  }

  /** Forgets an incomplete last line, so that the next poll reads it anew: for a file whose next writer may cut it off. */
  forgetTornLine(): void {
    this.#position = this.offset;
    this.#splitter.rest();
  }

  /** Lets go of the file. A later poll opens it again and goes on where this one stopped. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #open(): Promise<FileHandle | null> {
    if (this.#file !== null) return this.#file;
    try {
      this.#file = await open(this.path, 'r');
    } catch (error) {
      // Not written yet: the program that will is still starting.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    return this.#file;
  }

  /** The file was cut short or made anew: what we kept of it belongs to nothing any more. */
  #startOver(): void {
    this.#splitter.rest();
    this.#position = 0;
  }
}

async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  if (buffer.length <= READ_AT_ONCE_BYTES) return readSync(file.fd, buffer, 0, buffer.length, position);
  return (await file.read(buffer, 0, buffer.length, position)).bytesRead;
}
