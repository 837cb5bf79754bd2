import { CopseError } from '../../model/errors.ts';
import { exists } from '../files.ts';

/** CopseError `cannot-start` for a program that could not be started in `cwd`. */
export async function cannotStart(file: string, cwd: string, error: unknown): Promise<CopseError> {
  // The kernel says ENOENT for a missing working directory as for a missing program.
  const reason = (await exists(cwd)) ? (error instanceof Error ? error.message : String(error)) : `there is no ${cwd}`;
  return new CopseError({
    code: 'cannot-start',
    what: `${file} cannot be started.`,
    why: `It fails with: ${reason}.`,
    hint: 'See what is missing: copse doctor',
    cause: error,
  });
}
