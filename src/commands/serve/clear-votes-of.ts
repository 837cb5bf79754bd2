import type { Here } from '../../repository/current-repository.ts';
import { clearServedVotes } from '../../serve/page-variants.ts';
import * as say from '../../view/serve/serve-words.ts';
import type { Context } from '../command.ts';
import type { ToServe } from './serve-targets.ts';

/** Removes the votes of the runs that are about to be served, and says how many. */
export async function clearVotesOf({ store }: Here, { chosen }: ToServe, context: Context): Promise<void> {
  for (const { state } of chosen) {
    const removed = await clearServedVotes(store, state.id);
    context.stderr.write(`${say.cleared(state.id, removed)}\n`);
  }
}
