import type { AgentSignal, AttemptFiles, AttemptVerdict, ExitRecord } from '../model/attempt.ts';
import type { AbsolutePath, SessionId } from '../model/ids.ts';
import type { Plan, PlannedVariant, Runner } from '../model/plan.ts';
import type { TranscriptEntry } from '../model/reports/transcript-entry.ts';
import type { Environment } from '../system/environment.ts';

export interface AttemptRequest {
  readonly variant: PlannedVariant;
  readonly plan: Plan;
  readonly worktree: string;
  readonly files: AttemptFiles;
  readonly sessionId: SessionId;
  /** Continue that session. */
  readonly resume: boolean;
  /** At a person's terminal, who answers its questions; absent: nobody is there. */
  readonly interactive?: true;
  /** What to tell it now: the prompt, or a correction. */
  readonly message: string;
  readonly budgetUsd: number | null;
  /** A folder of the attempt's own, for `TMPDIR`; the other attempts' folders are beside it. */
  readonly temporary: AbsolutePath;
  /** The person's whole environment; the backend chooses what the agent gets of it. */
  readonly environment: Environment;
  /** `COPSE_*`, `PORT`, the variant's own, already resolved. */
  readonly variables: Environment;
  /** What the session cost before this attempt, US dollars. */
  readonly sessionCostUsd: number;
}

export interface AttemptCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Exact: nothing is inherited. */
  readonly env: Environment;
  /** File that becomes stdin; written by `prepare`. */
  readonly stdin: string;
  /** Values that must not show up in what people read. */
  readonly secretValues: readonly string[];
}

/** Why the attempt was stopped by us; null: it ended by itself. */
export type AttemptStop = null | 'stopped' | 'timed-out' | 'stalled' | 'after-result' | 'fatal';

export interface AttemptEndFacts {
  /** Null: no exit record, it ended without a trace. */
  readonly exit: ExitRecord | null;
  /** The last few kilobytes of stderr. */
  readonly stderrTail: string;
  readonly stopped: AttemptStop;
}

/** Reads one attempt's stdout line by line. Never throws, whatever a line contains. */
export interface AttemptReader {
  /** Takes a line without its newline. */
  push(line: Buffer): AgentSignal[];
  /** After the last line. */
  settle(end: AttemptEndFacts): AttemptVerdict;
  /** Tool calls (and background work that the agent waits for) without an end: silence is no stall then. */
  readonly openTools: number;
  readonly hasResult: boolean;
}

export interface ReaderOptions {
  readonly sessionCostUsd: number;
  readonly secretValues: readonly string[];
  /** The model that was requested; the stream may name another. */
  readonly model: string | null;
}

/** One kind of agent: how it is started, what its output means. A new kind is one folder, one case in `backend-for.ts`, the contract suite. */
export interface AgentBackend {
  readonly kind: Runner['kind'];
  /** Whether a session can be continued. */
  readonly resumable: boolean;
  /** Writes the files an attempt needs and says what to start. Throws CopseError if it cannot. */
  prepare(request: AttemptRequest): Promise<AttemptCommand>;
  reader(options: ReaderOptions): AttemptReader;
  /** Values of the person's environment that the agent gets and that must not be shown; for a process that follows an attempt that another one prepared. */
  secretValues(environment: Environment): readonly string[];
  /** After the last process of an attempt is gone and before its work is looked at: takes away what the agent program itself left. */
  tidy(worktree: string): Promise<void>;
  /** One line of output as text for people. */
  transcript(line: Buffer): TranscriptEntry[];
}
