import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId } from '../model/ids.ts';

/** The refusal of a run's name that stands for nothing here. */
export function noSuchRun(run: RunId): CopseError {
  return new CopseError({
    code: 'no-such-run',
    exit: EXIT.usage,
    what: `There is no run ${JSON.stringify(run)}.`,
    hint: 'See which there are: copse status',
  });
}
