import type { CheckResult } from '../model/evidence/check.ts';

/** The shell found no such program, or may not run it. */
const NO_PROGRAM: ReadonlySet<number> = new Set([126, 127]);
/** `mocha: not found`, `bash: demo.sh: No such file or directory`, `./t: /usr/bin/ruby: bad interpreter: No such file or directory`. */
const NAMED = /(?:^|\s)(\S+): (?:(?:command )?(not found)|Permission denied|(?:bad interpreter: )?(?:No such file or directory))/;
/** Where set-up installs programs inside a repository. */
const INSTALLED = /^(?:\.\/)?(?:.*\/)?(?:node_modules|\.venv|venv|vendor)\//;

/**
 * The program that is not installed, so that a check cannot tell anything about whatever is written. null: nothing of the kind is known.
 * A script of the repository is no such program, because the variants may be there to write it; nor does a signal say anything about the
 * next time.
 */
export function missingProgram({ run }: { readonly run: string }, check: CheckResult): string | null {
  if (check.status !== 'could-not-run' || check.exitCode === null || !NO_PROGRAM.has(check.exitCode)) return null;
  const [, named, notFound] = NAMED.exec(check.detail) ?? [];
  const [first = ''] = run.trim().split(/\s/);
  const program = named ?? first;
  // A shell looks for bare words in PATH and says "not found"; of anything else it says that there is no such file.
  const isPath = program.includes('/') || (named !== undefined && notFound === undefined);
  return isPath && !program.startsWith('/') && !INSTALLED.test(program) ? null : program;
}
