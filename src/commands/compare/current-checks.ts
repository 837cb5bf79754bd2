import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { Here } from '../../repository/current-repository.ts';
import type { Context } from '../command.ts';
import type { CheckedAnew, ChecksOptions, CurrentChecks } from './checks-options.ts';

/**
 * The checks of the variants file as it is now for runs that have others, shown beside those, and approved; null: not requested.
 * `typed`: the command with its variants. Throws `CopseError` if the file or a variant is gone, or approval is missing.
 */
export async function currentChecks(
  here: Here,
  runs: readonly CheckedAnew[],
  options: ChecksOptions,
  typed: string,
  context: Context,
): Promise<CurrentChecks | null> {
  if (options.checks) {
    const { checksOfFile } = await import('./checks-of-file.ts');
    return checksOfFile(here, runs, options, typed, context);
  }
  const stray = options.file !== undefined ? '--file' : options.trust !== undefined ? '--trust' : null;
  if (stray === null) return null;
  throw new CopseError({ code: 'usage', exit: EXIT.usage, what: `${stray} needs --checks.`, hint: `${typed} --checks` });
}
