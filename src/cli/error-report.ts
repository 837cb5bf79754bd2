import type { Screen } from '../commands/command.ts';
import { CopseError, type CopseErrorParts } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { forAgent } from '../text/for-agent.ts';
import { errorText } from '../view/error-text.ts';
import { bugReport, masksOf } from './bug-report.ts';

/** The text about an error, its stream, and the exit code. */
export interface ErrorReport {
  readonly exit: ExitCode;
  /** Text for people. */
  readonly stderr: string;
  /** One line of JSON where `--json` was given, else ''. */
  readonly stdout: string;
}

/** The one error report. Anything but a CopseError is a bug in copse. */
export function errorReport(
  thrown: unknown,
  o: { readonly json: boolean; readonly screen: Screen; readonly verb: string; readonly cwd: string },
): ErrorReport {
  const error = ofMachine(thrown) ?? thrown;
  if (error instanceof CopseError) {
    const said = o.screen.agent === true ? asAgentReads(error) : error;
    const { code, message, why, hint, problems } = said;
    return {
      exit: error.exit,
      stderr: ended(errorText(said, o.screen)),
      stdout: json(o.json, { code, what: message, why, hint, problems }),
    };
  }
  const text = bugReport(error, { verb: o.verb, masks: masksOf(o.cwd) });
  const what = 'This is a bug in copse.';
  return {
    exit: EXIT.bug,
    stderr: text,
    stdout: json(o.json, { code: 'bug', what, why: null, hint: 'Please report it with the text on stderr.', problems: [] }),
  };
}

/** Its advice without what only a person may type. A refusal of its kind is worded for a person already. */
function asAgentReads(error: CopseError): CopseError {
  if (error.code === 'needs-person') return error;
  const { code, exit, message: what, why, hint, problems, cause } = error;
  return new CopseError({ ...forAgent({ code, exit, what, why, hint, problems }), cause } as CopseErrorParts);
}

/** What the machine refuses, wherever it is met, is not a bug in any program; null: something else. */
const MACHINE: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: ['No space is left on the disk', 'Free some space, then repeat the command: df -h .'],
  EDQUOT: ['Your quota of disk space is used up', 'Free some space, then repeat the command: df -h .'],
  EROFS: ['The file system is mounted read-only', 'Make it writable, then repeat the command.'],
  EMFILE: ['Too many files are open', 'Raise the limit, then repeat the command: ulimit -n'],
  ENFILE: ['Too many files are open on this machine', 'Close some programs, then repeat the command.'],
};

function ofMachine(error: unknown): CopseError | null {
  if (error instanceof CopseError || !(error instanceof Error) || !('code' in error)) return null;
  const said = MACHINE[String(error.code)];
  if (said === undefined) return null;
  const [what, hint] = said;
  const where = 'path' in error && typeof error.path === 'string' ? `: ${error.path}` : '.';
  const why = 'The next command finishes or rolls back what copse had started.';
  return new CopseError({ code: 'machine', exit: EXIT.precondition, what: `${what}${where}`, why, hint, cause: error });
}

function json(wanted: boolean, error: Readonly<Record<string, unknown>>): string {
  if (!wanted) return '';
  const absent = Object.fromEntries(Object.entries(error).map(([key, value]) => [key, value ?? null]));
  return `${JSON.stringify({ schema: 1, error: absent })}\n`;
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
