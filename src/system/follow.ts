import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { isErrno } from './files.ts';

const NEWLINE = 10;
/** Longest line kept; more would let one agent take all memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** One read, and what one poll takes at most, so that no caller stalls on a large backlog. */
const READ_BYTES = 1024 * 1024;
const POLL_BYTES = 8 * READ_BYTES;
/**
 * News up to here are read at once, without Node's thread pool: they were just written and are in memory. A call takes 3 µs that way
 * and 100 the other, and a supervisor of twenty makes 500 of them a second.
 */
const READ_AT_ONCE_BYTES = 64 * 1024;

/** Replaces a line over the limit; JSON, so that readers of NDJSON meet just another unknown type. */
export function tooLongLine(bytes: number): Buffer {
  return Buffer.from(JSON.stringify({ type: 'copse.line_too_long', bytes }));
}

/** Cuts a stream of bytes into lines. Bytes are never decoded here: a chunk may end within a character. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #copies: boolean;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #tooLong = false;

  /** `copies`: chunks are overwritten later. Then lines are good until the next chunk, and what is kept beyond is copied. */
  constructor(o: { readonly maxLineBytes?: number; readonly copies?: boolean } = {}) {
    this.#maxLineBytes = o.maxLineBytes ?? MAX_LINE_BYTES;
    this.#copies = o.copies === true;
  }

  /** Bytes that arrived after the last newline. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes a chunk and returns the lines that it completes, without their newline; they refer to the chunk. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(this.rest());
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    this.#keep(this.#copies ? Buffer.from(rest) : rest);
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

interface FollowOptions {
  /** Where to begin, default 0. */
  readonly offset?: number;
  /** Bytes that one poll takes at most, default 8 MB. */
  readonly pollBytes?: number;
  /**
   * The lines of a poll are valid until the next one, which reads into the same memory. For reading a long file through: garbage outside
   * of the heap is collected late, and then makes up most of what the process takes.
   */
  readonly reuse?: boolean;
}

/**
 * Reads the bytes that another process appends to a file. Polled, not watched: a watch throws on a missing file, falls silent
 * after a replacement and is a scarce resource; a poll without news costs one `fstat` and wakes no other thread.
 */
export class ByteFollower {
  readonly path: string;
  readonly #pollBytes: number;
  readonly #memory: Buffer | null;
  #file: number | null = null;
  #position: number;
  #behind = false;
  #startedOver = false;

  constructor(path: string, o: FollowOptions = {}) {
    this.path = path;
    this.#position = o.offset ?? 0;
    this.#pollBytes = o.pollBytes ?? POLL_BYTES;
    this.#memory = o.reuse === true ? Buffer.allocUnsafe(this.#pollBytes) : null;
  }

  /** Where the next read begins. May be set back, to read something again. */
  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
  }

  /** Whether the last poll left bytes unread: poll again without waiting. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Whether the last poll found the file truncated or replaced, and began at its start. */
  get startedOver(): boolean {
    return this.#startedOver;
  }

  /** The new bytes since the last poll; none if the file does not exist yet. */
  async poll(): Promise<Buffer[]> {
    const file = this.#open();
    if (file === null) return [];
    const { size } = fstatSync(file);
    this.#startedOver = size < this.#position;
    if (this.#startedOver) this.#position = 0;
    const end = Math.min(size, this.#position + this.#pollBytes);
    const chunks: Buffer[] = [];
    const begin = this.#position;
    while (this.#position < end) {
      const length = Math.min(READ_BYTES, end - this.#position);
      const at = this.#position - begin;
      const buffer = this.#memory?.subarray(at, at + length) ?? Buffer.allocUnsafe(length);
      const bytesRead = await readAt(file, buffer, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      chunks.push(buffer.subarray(0, bytesRead));
    }
    this.#behind = this.#position < size;
    return chunks;
  }

  /** Closes the file. A later poll opens it again and continues at the same position. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (file !== null) closeSync(file);
  }

  /** Synchronously: a waiting process asks many times a second, and would otherwise wake a thread each time. */
  #open(): number | null {
    if (this.#file !== null) return this.#file;
    if (statSync(this.path, { throwIfNoEntry: false }) === undefined) return null;
    try {
      this.#file = openSync(this.path, 'r');
    } catch (error) {
      // Gone in between.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    return this.#file;
  }
}

/** Reads the lines that another process appends to a file. */
export class FileFollower {
  readonly #bytes: ByteFollower;
  readonly #splitter: LineSplitter;

  constructor(path: string, o: FollowOptions & { readonly maxLineBytes?: number } = {}) {
    this.#bytes = new ByteFollower(path, o);
    const { maxLineBytes } = o;
    this.#splitter = new LineSplitter({ ...(maxLineBytes === undefined ? {} : { maxLineBytes }), copies: o.reuse === true });
  }

  /** Byte after the last line handed out: where another follower would continue. */
  get offset(): number {
    return this.#bytes.position - this.#splitter.pendingBytes;
  }

  /** Whether the last poll left bytes unread: poll again without waiting. */
  get behind(): boolean {
    return this.#bytes.behind;
  }

  /** Complete lines that came since the last poll; none if the file does not exist yet. */
  async poll(): Promise<Buffer[]> {
    const chunks = await this.#bytes.poll();
    // The rest kept of the former file is of no use.
    if (this.#bytes.startedOver) this.#splitter.rest();
    const lines: Buffer[] = [];
    for (const chunk of chunks) for (const line of this.#splitter.push(chunk)) lines.push(line);
    return lines;
  }

  /** A last line without newline, at the end of the file; null if there is none. */
  rest(): Buffer | null {
    return this.#splitter.pendingBytes > 0 ? this.#splitter.rest() : null;
  }

  /** Everything up to the end of the file, a last line without newline included. Closes the file. */
  async drain(): Promise<Buffer[]> {
    const lines: Buffer[] = [];
    do {
      for (const line of await this.poll()) lines.push(line);
    } while (this.behind);
    const torn = this.rest();
    if (torn !== null) lines.push(torn);
    await this.close();
    return lines;
  }

  /** Forgets an incomplete last line, so that the next poll reads it anew: for a file whose next writer may cut it off. */
  forgetTornLine(): void {
    this.#bytes.position = this.offset;
    this.#splitter.rest();
  }

  /** Closes the file. A later poll opens it again and continues where this one stopped. */
  async close(): Promise<void> {
    await this.#bytes.close();
  }
}

async function readAt(file: number, buffer: Buffer, position: number): Promise<number> {
  if (buffer.length <= READ_AT_ONCE_BYTES) return readSync(file, buffer, 0, buffer.length, position);
  return (await readInPool(file, buffer, 0, buffer.length, position)).bytesRead;
}

const readInPool = promisify(read);
