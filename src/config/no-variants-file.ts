import { join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { USUAL_NAMES } from '../model/file-flag.ts';
import { exists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';

/** The places that were searched for the variants file. */
export interface LookedIn {
  /** Top of the worktree. */
  readonly root: string;
  /** Top of the main worktree; a bare repository itself. */
  readonly mainRoot: string;
  readonly bare: boolean;
  readonly cwd: string;
}

/** The error for a missing variants file: with one that is nearby, else with how to get one from here. */
export async function noVariantsFile(wanted: string, named: boolean, o: LookedIn): Promise<CopseError> {
  const error = (hint: string): CopseError =>
    new CopseError({
      code: 'no-variants-file',
      exit: EXIT.usage,
      what: `There is no variants file ${wanted}.`,
      why: 'It describes the task and its variants.',
      hint,
    });
  const inMain = o.mainRoot === o.root || named ? null : await usualIn(o.mainRoot);
  if (inMain !== null) return error(`There is one in the main worktree. Change to it:\n  cd ${shellWord(o.mainRoot)}`);
  const without = 'copse run --prompt "Speed up the search" --count 3';
  // `init` writes a file of the usual name, and overwrites none.
  const canInit = !(o.bare && o.mainRoot === o.root) && !(await exists(join(o.root, USUAL_NAMES[0])));
  return error(
    canInit ? `Write one with examples:\n  copse init\nOr try without one:\n  ${without}` : `Try without one:\n  ${without}`,
  );
}

async function usualIn(folder: string): Promise<string | null> {
  for (const name of USUAL_NAMES) if (await exists(join(folder, name))) return join(folder, name);
  return null;
}
