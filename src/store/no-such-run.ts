import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId } from '../model/ids.ts';

/** The error for the name of a run that does not exist here. */
export function noSuchRun(run: RunId): CopseError {
  return new CopseError({
    code: 'no-such-run',
    exit: EXIT.usage,
    what: `There is no run ${JSON.stringify(run)}.`,
    hint: 'See which there are: copse status',
  });
}
