import type { AbsolutePath, SessionId } from './ids.ts';
import type { Denial, Outcome, Tokens } from './outcome.ts';

/** The identity of a process, so that a recycled pid is never taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: field 22 of `/proc/P/stat` (clock ticks); macOS: `ps -o lstart=`. */
  readonly startTime: string;
  readonly bootId: string;
}

/** Why this attempt was made. */
export type AttemptKind = 'first' | 'transient-retry' | 'continue' | 'correction' | 'fresh';

/** The shim's record of the end of the agent's process. */
export interface ExitRecord {
  /** Exit status as `sh` sees it: 128 + n for a signal. */
  readonly code: number;
  /** Whether the shim's own wall clock ended it. */
  readonly timedOut: boolean;
}

/** Events of an attempt, for any agent. Backends translate their streams into these. */
export type AgentSignal =
  | {
      readonly kind: 'session';
      readonly sessionId: SessionId | null;
      readonly model: string | null;
      readonly version: string | null;
    }
  /** Its current activity, one line, already without control characters. */
  | { readonly kind: 'activity'; readonly text: string }
  | { readonly kind: 'tool-opened'; readonly id: string; readonly tool: string; readonly input: string }
  | { readonly kind: 'tool-closed'; readonly id: string; readonly failed: boolean }
  /** Totals so far, estimates. `turns` counts assistant messages. */
  | { readonly kind: 'usage'; readonly turns: number; readonly tokens: Tokens; readonly costUsd: number }
  | { readonly kind: 'denied'; readonly denial: Denial }
  | {
      readonly kind: 'api-retry';
      readonly attempt: number;
      readonly maxRetries: number;
      readonly delayMs: number;
      readonly status: number | null;
      readonly error: string;
    }
  /** `resetsAt` in epoch seconds. */
  | { readonly kind: 'rate-limit'; readonly status: 'allowed' | 'warning' | 'rejected'; readonly resetsAt: number | null }
  /** Continuing is pointless and would cost money: the attempt is stopped at once. */
  | { readonly kind: 'fatal'; readonly fatal: AgentFatal; readonly message: string }
  /** The agent says it is done; the process should end within the grace period. */
  | { readonly kind: 'result' };

/** Endings of an agent that concern all agents of the run. */
export type AgentFatal = 'agent-missing' | 'not-logged-in' | 'key-rejected' | 'billing';
/** Fatal for the whole run: stopped before more is spent, exit 4. `checks-cannot-run`: not even on the base. */
export type Fatal = AgentFatal | 'checks-cannot-run';

/** The result of an attempt, from its stream and exit record; whether anything changed is unknown here. */
export interface AttemptVerdict {
  /** `succeeded` here means that the agent reports success; no-changes and blocked are decided with the changes. */
  readonly outcome: Exclude<Outcome, 'no-changes' | 'blocked' | 'skipped'>;
  /** One sentence for people; empty if the outcome says it all. */
  readonly reason: string;
  readonly fatal: AgentFatal | null;
  /** A new attempt may help. */
  readonly transient: boolean;
  /** This model does not exist for this account: ends the run's variants of the same model. */
  readonly modelNotFound: boolean;
  /** The session that it was to continue does not exist any more: nothing was done, a new one may. */
  readonly sessionGone?: true;
  readonly resetsAt: number | null;
  readonly sessionId: SessionId | null;
  readonly model: string | null;
  readonly turns: number;
  readonly tokens: Tokens;
  /** Of this attempt alone, US dollars. */
  readonly costUsd: number;
  /** Whether `costUsd` is copse's estimate, because there was no usable figure. */
  readonly costEstimated: boolean;
  readonly denials: readonly Denial[];
  /** The agent's last words, control characters stripped, secrets redacted. */
  readonly summary: string;
}

/** The files of one attempt, all in the run's folder. */
export interface AttemptFiles {
  readonly prompt: AbsolutePath;
  readonly stdout: AbsolutePath;
  readonly stderr: AbsolutePath;
  readonly exit: AbsolutePath;
  /** For the backend's own files (system prompt, settings). Exists, mode 0700. */
  readonly extras: AbsolutePath;
}
