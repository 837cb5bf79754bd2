import type { UndoReport } from '../model/reports/undo-report.ts';
import { refuseNewerStore } from '../store/layout.ts';
import { openOperations, readOperation } from '../store/operations.ts';
import type { TrashContext } from '../trash/finish-prune.ts';
import { recoverOperations } from '../trash/recover.ts';
import { reportOf } from './undo.ts';

export interface Settled {
  /** Finishes or rolls back operations of killed commands, and reports each in one sentence. */
  readonly sentences: readonly string[];
  /** An undo that was finished by this: a user who types it again has the requested result, and means no other operation. */
  readonly undone: UndoReport | null;
}

/** Ends what killed commands left open, before an undo is chosen. CopseErrors: `newer-state`, `locked`. */
export async function settleFirst(o: TrashContext): Promise<Settled> {
  await refuseNewerStore(o.store);
  const open = (await openOperations(o.store)).findLast(({ kind }) => kind === 'undo');
  const sentences = await recoverOperations(o);
  const now = open === undefined ? null : await readOperation(o.store, open.id);
  if (now?.kind !== 'undo' || now.state !== 'done') return { sentences, undone: null };
  const of = await readOperation(o.store, now.of);
  return { sentences, undone: of === null || of.kind === 'undo' ? null : await reportOf(o.repository, of, now) };
}
