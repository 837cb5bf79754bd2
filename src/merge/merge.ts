import { behindRemote } from '../git/refs/behind-remote.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import { CopseError } from '../model/errors.ts';
import type { MergeReport } from '../model/reports/merge-report.ts';
import { systemClock } from '../system/system-clock.ts';
import { recoverOperations } from '../trash/recover.ts';
import { land } from './land.ts';
import { History } from './merge-history.ts';
import type { MergeOptions } from './merge-options.ts';
import { inOrderOfNeeds } from './readiness/order-by-needs.ts';
import type { EditedMessages } from './rehearsal-context.ts';
import { rehearse } from './rehearse.ts';
import { resolveTarget } from './resolve-target.ts';

/** Rehearsed again when the target moved meanwhile; then it is for the person to look. */
const ROUNDS = 2;

/**
 * Merges variants into a branch: each rehearsed on the one before, those without an obstacle in one move of the branch. An obstacle
 * is a value. CopseErrors if nothing can be merged: the target is missing or busy, something moved or conflicts.
 */
export async function merge(request: Omit<MergeOptions, 'clock'>): Promise<MergeReport> {
  const o: MergeOptions = { ...request, clock: systemClock };
  // A dry run writes nothing: interrupted operations are finished by the next command.
  if (!o.dryRun) for (const sentence of await recoverOperations(o)) o.onNote(sentence);
  const history = new History(o.repository.commonDir);
  const { order, moved } = inOrderOfNeeds(o.variants);
  const edited: EditedMessages = new Map();
  const notes = moved.map((label) => `${label} comes first: another one starts from it.`);
  for (let round = 1; ; round += 1) {
    const onto = await resolveTarget(o);
    const behind = await behindRemote(gitIn(o.repository.root, { reads: true }), onto.branch);
    if (behind !== null && round === 1) notes.push(behindNote(onto.branch, behind));
    const rehearsal = await rehearse(o, history, onto, order, edited);
    const { to, landed, already, refused } = rehearsal;
    const report = { target: onto.branch, from: onto.from, to, as: o.as, noVerify: o.noVerify, landed, already, refused, notes };
    if (o.dryRun || landed.length === 0) return { ...report, dryRun: o.dryRun, operation: null, checkouts: [] };
    o.signal.throwIfAborted();
    try {
      const { id, checkouts } = await land(o, onto, rehearsal);
      return { ...report, dryRun: false, operation: id, checkouts: checkouts.map(({ path }) => path) };
    } catch (error) {
      if (!(error instanceof CopseError && error.code === 'ref-moved') || round === ROUNDS) throw error;
      notes.push(`${onto.branch} moved meanwhile; this was rehearsed again.`);
    }
  }
}

function behindNote(branch: string, { remote, commits }: { readonly remote: string; readonly commits: number }): string {
  return `${branch} is ${commits === 1 ? '1 commit' : `${commits} commits`} behind ${remote}, as of the last fetch.`;
}
