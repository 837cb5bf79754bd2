import { EXIT, type ExitCode } from './exit-code.ts';

/** Where in a file of the user something is wrong; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with what the user gave us. Several are reported at once. */
export interface Problem {
  /** One sentence: what is wrong. */
  readonly what: string;
  /** One sentence: why, or what a person needs before choosing. */
  readonly why?: string;
  /** One sentence: what to do about it. */
  readonly fix?: string;
  /** Exit code that it calls for; absent: usage or configuration (2). */
  readonly exit?: ExitCode;
  readonly position?: Position;
  /** Key path within the file, e.g. `variants.dark.model`. */
  readonly path?: string;
  readonly variant?: string;
}

export interface CopseErrorParts {
  /** Stable identifier in kebab-case, e.g. `not-a-repository`. */
  readonly code: string;
  readonly exit?: ExitCode;
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: why. */
  readonly why?: string;
  /** What to do; commands to type are on their own lines. */
  readonly hint?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/**
 * An error that a user can cause. Anything else that is thrown is a bug in copse and ends in exit 70.
 * `message` is `what`; the one error report in `cli/` renders the rest.
 */
export class CopseError extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly why: string | undefined;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(parts: CopseErrorParts) {
    super(parts.what, { cause: parts.cause });
    this.name = 'CopseError';
    this.code = parts.code;
    this.exit = parts.exit ?? EXIT.failed;
    this.why = parts.why;
    this.hint = parts.hint;
    this.problems = parts.problems ?? [];
  }
}

/** Ends every switch over a union: reaching it is a bug, and a type error before that. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
