import { openOperations } from '../store/operations.ts';
import type { Clock } from '../system/clock.ts';
import type { Here } from './here.ts';

/**
 * Finishes or rolls back a merge, prune or undo that was killed, before anything is built on what it left; one sentence each, none as
 * nearly always. CopseError `locked` where one is still at work.
 */
export async function mendFirst(here: Here, clock: Clock): Promise<readonly string[]> {
  if ((await openOperations(here.store)).length === 0) return [];
  const { recoverOperations } = await import('../trash/recover.ts');
  return recoverOperations({ ...here, clock });
}
