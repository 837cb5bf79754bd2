import { type AgentSignal, type AttemptVerdict, NOTHING_SAID } from '../../model/attempt.ts';
import { causeOf } from '../../system/cause/cause-of.ts';
import { plainText, shortLine } from '../../text/plain-text.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import type { AttemptEndFacts, AttemptReader, ReaderOptions } from '../backend.ts';

const LINE_BYTES = 4_000;
const SUMMARY_LINES = 40;

/** Reads any program's output: each line is what it does right now, the last ones are its summary. */
export class CommandReader implements AttemptReader {
  /** It says nothing of tools: its silence is silence. */
  readonly openTools = 0;
  /** Nor that it is done: its end says so. */
  readonly hasResult = false;
  readonly #secrets: readonly string[];
  readonly #last: string[] = [];

  constructor(options: ReaderOptions) {
    this.#secrets = options.secretValues;
  }

  push(line: Buffer): AgentSignal[] {
    const text = redactSecrets(plainText(line.toString('utf8', 0, Math.min(line.length, LINE_BYTES))), this.#secrets).trimEnd();
    if (text.trim() === '') return [];
    this.#last.push(text);
    if (this.#last.length > SUMMARY_LINES) this.#last.shift();
    return [{ kind: 'activity', text: shortLine(text) }];
  }

  settle(end: AttemptEndFacts): AttemptVerdict {
    return { ...NOTHING_SAID, ...decide(end, this.#secrets), summary: this.#last.join('\n') };
  }
}

type Decided = Pick<AttemptVerdict, 'outcome' | 'reason' | 'transient'>;

function decide({ exit, stderrTail, stopped }: AttemptEndFacts, secrets: readonly string[]): Decided {
  const plain = (outcome: Decided['outcome'], reason: string): Decided => ({ outcome, reason, transient: false });
  if (stopped === 'stopped') return plain('stopped', '');
  if (stopped === 'stalled') return plain('stalled', 'It was silent for too long.');
  if (stopped === 'timed-out' || exit?.timedOut === true) return plain('timed-out', 'It reached its time limit.');
  if (exit === null) return { outcome: 'lost', reason: 'It ended without a trace: no exit status.', transient: true };
  if (exit.code === 0) return plain('succeeded', '');
  const cause = causeOf(redactSecrets(plainText(stderrTail), secrets));
  return plain('failed', cause === '' ? `Exit status ${exit.code}.` : `Exit status ${exit.code}: ${cause}`);
}
