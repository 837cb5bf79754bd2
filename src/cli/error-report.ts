import type { Screen } from '../commands/command.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { errorText } from '../view/error-text.ts';
import { bugReport, masksOf } from './bug-report.ts';

/** What is said about an error, where, and how the process ends. */
export interface ErrorReport {
  readonly exit: ExitCode;
  /** Text for people. */
  readonly stderr: string;
  /** One line of JSON where `--json` was given, else ''. */
  readonly stdout: string;
}

/** The one error report. What is no CopseError is a bug of ours. */
export function errorReport(
  error: unknown,
  o: { readonly json: boolean; readonly screen: Screen; readonly verb: string; readonly cwd: string },
): ErrorReport {
  if (error instanceof CopseError) {
    const { code, message, why, hint, problems } = error;
    return {
      exit: error.exit,
      stderr: ended(errorText(error, o.screen)),
      stdout: json(o.json, { code, what: message, why, hint, problems }),
    };
  }
  const text = bugReport(error, { verb: o.verb, masks: masksOf(o.cwd) });
  const what = 'copse met a bug of its own.';
  return {
    exit: EXIT.bug,
    stderr: text,
    stdout: json(o.json, { code: 'bug', what, why: null, hint: 'Report it with the text on stderr.', problems: [] }),
  };
}

function json(wanted: boolean, error: Readonly<Record<string, unknown>>): string {
  if (!wanted) return '';
  const absent = Object.fromEntries(Object.entries(error).map(([key, value]) => [key, value ?? null]));
  return `${JSON.stringify({ schema: 1, error: absent })}\n`;
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
