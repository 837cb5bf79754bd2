import type { $ZodType } from 'zod/v4/core';
import type { Clock } from '../model/clock.ts';
import type { ExitCode } from '../model/exit-code.ts';

/**
 * An option as yargs and the help know it. Numbers and durations are `text`: yargs turns `--count abc` into NaN, so the
 * command's schema reads them and says what it wants.
 */
export interface OptionSpec {
  /** `flag`: given or not. `text`: takes a value, the last one counts. `list`: may be repeated or hold commas. */
  readonly kind: 'flag' | 'text' | 'list';
  /** One letter. */
  readonly alias?: string;
  /** One line for the help, no full stop. */
  readonly summary: string;
  /** Heading in the help; `Options` when absent. */
  readonly group?: string;
  /** The words it takes, for yargs, help and completion. */
  readonly choices?: readonly string[];
  /** Of a `text`: its value if the option is given without one (`--judge`). A value is then always attached: `--judge=2`. */
  readonly alone?: string;
  /** Completes file names. */
  readonly file?: true;
  readonly hidden?: true;
}

export interface Example {
  /** The whole line as typed, e.g. `copse logs dark -f`. */
  readonly line: string;
  /** A description without a full stop. */
  readonly does: string;
}

/** What a stream can show. The same shape as view's. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly terminal?: boolean;
  /** An agent reads it: commands that only a person may type are left out. */
  readonly agent?: boolean;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything a command gets from outside; no command reads `process`. */
export interface Context {
  readonly cwd: string;
  /** The person's environment, whole. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: NodeJS.ReadStream;
  /** The answer goes here. */
  readonly stdout: NodeJS.WriteStream;
  /** Narration and the live view go here. */
  readonly stderr: NodeJS.WriteStream;
  /** Measured anew at each call, so that a resize shows. No terminal: 80 columns, no colour. */
  screen(stream: 'stdout' | 'stderr'): Screen;
  /** `CI` is set: no one will return to a run that is left running. */
  readonly ci: boolean;
  /** The agent that typed the command, for a sentence: it may grant itself nothing; null: a person or a script. */
  readonly agent: string | null;
  /** A person can be asked: stdin and stderr are terminals, and it is not CI. */
  readonly interactive: boolean;
  /** Asks on stderr and reads one line; only where `interactive`. An ended stdin answers ''. */
  ask(question: string): Promise<string>;
  readonly clock: Clock;
  /** Opens an address in the person's browser; false if no program for that can be started. */
  openBrowser(url: string): Promise<boolean>;
  /** Takes the signals over until the returned function is called; without a handler SIGINT exits 130, SIGTERM 143. */
  onSignal(handler: (signal: StopSignal) => void): () => void;
  /** Runs `act` however the process ends (not by SIGKILL), for what a terminal must get back; until the returned function is called. */
  onExit(act: () => void): () => void;
  readonly pid: number;
  /** Program and first arguments that start this very `copse` again, e.g. for the supervisor: `[...self, '__supervise', id]`. */
  readonly self: readonly [string, ...string[]];
  readonly version: string;
  /** Root of the installed package; `templates/` and `schemas/` are in it. */
  readonly packageRoot: string;
  /** Verbs that exist, so that no text names one that does not. */
  readonly verbs: ReadonlySet<string>;
}

/**
 * One verb. Its positionals are in the registry (`<variant>`, `[run]`, `[variant...]`, `-- <command...>`), under these names.
 *
 * What `schema` reads: one key per positional and option, named as typed (`dry-run`). A flag is always a boolean, a list and a
 * repeated positional always a `string[]`, a text or single positional that was not given is absent. Use `zod/mini` (3 ms to
 * load, `zod` 9 ms) and `z.strictObject`; a message of a schema completes the sentence "--count needs …".
 */
export interface Command<Options = unknown> {
  /** More than the registry's summary, for `copse <verb> --help`. */
  readonly description?: string;
  readonly examples: readonly Example[];
  /** One line each for the positionals. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly schema: $ZodType<Options>;
  run(options: Options, context: Context): Promise<ExitCode>;
}

/** Names the options' type once, from the schema. */
export function defineCommand<Options>(command: Command<Options>): Command<Options> {
  return command;
}

/** Whether stderr can show a view that redraws itself; else there is a line for each change. */
export function drawsInPlace({ stderr, environment, ci }: Pick<Context, 'stderr' | 'environment' | 'ci'>): boolean {
  return stderr.isTTY === true && environment['TERM'] !== 'dumb' && !ci;
}

/** The same wherever there is an answer for programs. */
export const JSON_OPTION: OptionSpec = { kind: 'flag', summary: 'print JSON for programs' };
