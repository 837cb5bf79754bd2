import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';

/** Of several, what a person has to see to first: their own files, then the repository and machine, then the agent. */
const ORDER: readonly ExitCode[] = [EXIT.usage, EXIT.precondition, EXIT.agent];

/** Exit code of a plan with these problems, of which there is at least one. */
export function exitOfProblems(problems: readonly Problem[]): ExitCode {
  const exits = problems.map((problem) => problem.exit ?? EXIT.usage);
  return ORDER.find((exit) => exits.includes(exit)) ?? EXIT.usage;
}

/** Problems as the one error that stops the command; a single one without a place in a file is the error itself. */
export function problemsError(problems: readonly Problem[]): CopseError {
  const exit = exitOfProblems(problems);
  const [only, ...others] = problems;
  if (only !== undefined && others.length === 0 && only.position === undefined) {
    const { what, why, fix } = only;
    return new CopseError({
      code: 'cannot-run',
      exit,
      what,
      ...(why === undefined ? {} : { why }),
      ...(fix === undefined ? {} : { hint: fix }),
    });
  }
  const what = `${problems.length} problems; nothing was created.`;
  return new CopseError({
    code: 'cannot-run',
    exit,
    what: problems.length === 1 ? 'There is a problem; nothing was created.' : what,
    problems,
  });
}
