import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';

/** Of several, what a person has to see to first: their own files, then the repository and machine, then the agent. */
const ORDER: readonly ExitCode[] = [EXIT.usage, EXIT.precondition, EXIT.agent];

/** Exit code of a plan with these problems, of which there is at least one. */
export function exitOfProblems(problems: readonly Problem[]): ExitCode {
  const exits = problems.map((problem) => problem.exit ?? EXIT.usage);
  return ORDER.find((exit) => exits.includes(exit)) ?? EXIT.usage;
}

/** Problems as the one error that refuses to go on. */
export function problemsError(problems: readonly Problem[]): CopseError {
  return new CopseError({
    code: 'plan-problems',
    exit: exitOfProblems(problems),
    what:
      problems.length === 1
        ? 'This cannot be run: there is a problem.'
        : `This cannot be run: there are ${problems.length} problems.`,
    problems,
  });
}
