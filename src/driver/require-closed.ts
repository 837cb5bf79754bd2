import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { VariantName } from '../model/ids.ts';
import type { RunPaths } from '../store/layout.ts';
import { isOpened } from '../store/opened.ts';

/** Throws `CopseError` `opened` (exit 3) if a person works in one of these: an agent would write into what they are writing. */
export async function requireClosed(paths: RunPaths, names: readonly VariantName[]): Promise<void> {
  const opened = await Promise.all(names.map((name) => isOpened(paths, name)));
  const [first] = names.filter((_, index) => opened[index]);
  if (first === undefined) return;
  throw new CopseError({
    code: 'opened',
    exit: EXIT.precondition,
    what: `${first} is open: a person is working in it with copse open.`,
    hint: 'Close that first, then repeat the command.',
  });
}
