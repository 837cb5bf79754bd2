import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { forAgent } from '../text/for-agent.ts';
import type { Context } from './command.ts';

/** Something that only a person may do. */
export interface ForPerson {
  /** One sentence: what an agent cannot do. */
  readonly what: string;
  readonly why?: string;
  /** What a person types to do it; absent where an agent should not even read it. */
  readonly line?: string;
}

/** The refusal (exit 3) of what an agent cannot grant itself: it says what to ask a person for, never a way round. */
export function needsPerson({ what, why, line }: ForPerson): CopseError {
  return new CopseError({
    code: 'needs-person',
    exit: EXIT.precondition,
    what,
    ...(why === undefined ? {} : { why }),
    hint:
      line === undefined ? 'Ask a person to do it in their own terminal.' : `Ask a person to run, in their own terminal: ${line}`,
  });
}

/** Throws the refusal where an agent typed the command. */
export function refuseAgent({ agent }: Pick<Context, 'agent'>, what: ForPerson): void {
  if (agent !== null) throw needsPerson(what);
}

/** A report as its reader may see it: an agent without the commands that only a person may type. */
export function forReader<T>(report: T, { agent }: Pick<Context, 'agent'>): T {
  return agent === null ? report : forAgent(report);
}
