import type { AgentBackend } from '../../agent/backend.ts';
import type { TranscriptEntry } from '../../model/reports/transcript-entry.ts';
import { ByteFollower, FileFollower } from '../../system/follow.ts';

export type TranscriptPart =
  /** `told`: the user's message to a continued session; null: nothing new. */
  | { readonly kind: 'attempt'; readonly attempt: number; readonly told: string | null }
  | { readonly kind: 'entries'; readonly entries: readonly TranscriptEntry[] }
  /** Of the agent's own stream, cut anywhere; overwritten once the next part is asked for. */
  | { readonly kind: 'raw'; readonly bytes: Buffer };

/** Read at once: little enough that the first of it is shown immediately, enough that a gigabyte takes few steps. */
const POLL_BYTES = 32 * 1024;

/** An agent's output as entries for people. */
export class EntrySource {
  readonly #file: FileFollower;
  readonly #backend: AgentBackend;

  constructor(path: string, backend: AgentBackend) {
    this.#file = new FileFollower(path, { pollBytes: POLL_BYTES, reuse: true });
    this.#backend = backend;
  }

  get behind(): boolean {
    return this.#file.behind;
  }

  async *poll(): AsyncGenerator<TranscriptPart> {
    const lines = await this.#file.poll();
    if (lines.length > 0) yield this.#part(lines);
  }

  /** The text after the last newline. */
  *rest(): Generator<TranscriptPart> {
    const torn = this.#file.rest();
    if (torn !== null) yield this.#part([torn]);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  // Read before the next poll, which overwrites the lines.
  #part(lines: readonly Buffer[]): TranscriptPart {
    return { kind: 'entries', entries: lines.flatMap((line) => this.#backend.transcript(line)) };
  }
}

/** An agent's output, byte for byte. */
export class RawSource {
  readonly #file: ByteFollower;
  #endsLine = true;

  constructor(path: string) {
    this.#file = new ByteFollower(path, { pollBytes: POLL_BYTES, reuse: true });
  }

  get behind(): boolean {
    return this.#file.behind;
  }

  async *poll(): AsyncGenerator<TranscriptPart> {
    for (const bytes of await this.#file.poll()) {
      this.#endsLine = bytes.at(-1) === 0x0a;
      yield { kind: 'raw', bytes };
    }
  }

  /** The newline that a last line lacks: the next attempt's stream follows. */
  *rest(): Generator<TranscriptPart> {
    if (!this.#endsLine) yield { kind: 'raw', bytes: Buffer.from('\n') };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
