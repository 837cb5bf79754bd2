import type { Clock } from '../model/clock.ts';
import { openOperations } from '../store/operations.ts';
import type { Here } from './current-repository.ts';

/**
 * Finishes or rolls back a merge, prune or undo that was killed, before anything is built on its leftovers; reports each in one sentence, and
 * usually nothing. Returns whether there was anything. CopseError `locked` if one is still at work.
 */
export async function recoverFirst(
  here: Here,
  o: { readonly clock: Clock; readonly stderr: { write(text: string): unknown } },
): Promise<boolean> {
  if ((await openOperations(here.store)).length === 0) return false;
  const { recoverOperations } = await import('../trash/recover.ts');
  const sentences = await recoverOperations({ ...here, clock: o.clock });
  for (const sentence of sentences) o.stderr.write(`${sentence}\n`);
  return sentences.length > 0;
}

/** For a dry run, which writes nothing: names the operations that the next command will finish. */
export async function tellOpen({ store }: Here, o: { readonly stderr: { write(text: string): unknown } }): Promise<void> {
  for (const { command } of await openOperations(store))
    o.stderr.write(`${command} was interrupted. The next command finishes it or rolls it back.\n`);
}
