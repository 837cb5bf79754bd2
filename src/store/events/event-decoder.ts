import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunEvent, RunEventType } from '../../model/run-state/events.ts';

/** A record, so that the compiler asks for a line here with each new type of event. */
const KNOWN: Readonly<Record<RunEventType, true>> = {
  'run.created': true,
  'run.started': true,
  'run.paused': true,
  'run.resumed': true,
  'run.stopping': true,
  'run.finished': true,
  'run.adopted': true,
  'request.acknowledged': true,
  'variant.preparing': true,
  'worktree.created': true,
  'setup.started': true,
  'setup.finished': true,
  'attempt.started': true,
  'attempt.session': true,
  'attempt.activity': true,
  'attempt.usage': true,
  'attempt.denied': true,
  'attempt.retrying': true,
  'attempt.limited': true,
  'attempt.finished': true,
  'commit.created': true,
  'check.started': true,
  'check.finished': true,
  'variant.finished': true,
  'variant.requeued': true,
  'variant.amended': true,
  'ref.changed': true,
  'merge.landed': true,
  'merge.undone': true,
  'prune.removed': true,
  'prune.purged': true,
  'undo.restored': true,
  'run.noted': true,
};

/** Every type of event there is. */
export const EVENT_TYPES = Object.keys(KNOWN) as readonly RunEventType[];

/** The fields of a line that every version of copse must understand. */
interface AnyEvent {
  readonly seq: number;
  readonly gen: number;
  readonly type: string;
}

/** Reads the lines of one event log, in order from its beginning (or from a point where `seq` and `gen` are known). */
export class EventDecoder {
  readonly #path: string;
  #seq: number;
  #generation: number;
  #highest: number;
  #lines = 0;

  constructor(path: string, from: { seq: number; generation: number } = { seq: 0, generation: 0 }) {
    this.#path = path;
    this.#seq = from.seq;
    this.#generation = from.generation;
    this.#highest = from.generation;
  }

  /** `seq` of the last line, whether its type is known or not. */
  get seq(): number {
    return this.#seq;
  }

  /** Highest generation that wrote to the log. */
  get highestGeneration(): number {
    return this.#highest;
  }

  /**
   * The event of one line, without its newline. Null for a type that a newer version added (its `seq` counts), and for
   * an event that a supervisor wrote after another had adopted its run. CopseError `broken-log` for a line that is no event.
   */
  decode(line: Buffer): RunEvent | null {
    this.#lines += 1;
    const event = this.#parse(line);
    this.#seq = Math.max(this.#seq, event.seq);
    this.#highest = Math.max(this.#highest, event.gen);
    if (event.gen < this.#generation) return null;
    if (event.type === 'run.adopted') this.#generation = event.gen;
    return isKnown(event) ? event : null;
  }

  #parse(line: Buffer): AnyEvent {
    let value: unknown;
    try {
      value = JSON.parse(line.toString('utf8'));
    } catch {
      // Reported below, with the same words as JSON that is no event.
    }
    if (isEvent(value)) return value;
    throw new CopseError({
      code: 'broken-log',
      exit: EXIT.precondition,
      what: `The event log ${this.#path} is damaged near line ${this.#lines}.`,
      why: 'A complete line of it is not an event, so what it says about the run cannot be relied on.',
      hint: `Worktrees and branches are not affected. Look at the log: less '${this.#path}'`,
    });
  }
}

function isEvent(value: unknown): value is AnyEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'seq' in value &&
    Number.isSafeInteger(value.seq) &&
    'gen' in value &&
    Number.isSafeInteger(value.gen) &&
    'type' in value &&
    typeof value.type === 'string'
  );
}

function isKnown(event: AnyEvent): event is RunEvent {
  return Object.hasOwn(KNOWN, event.type);
}
