import { gitIn } from '../../git/door/door.ts';
import { listRefs } from '../../git/refs/refs.ts';
import type { CommitId, RefName, VariantName } from '../../model/ids.ts';
import { readTextIfExists, replaceFile } from '../../system/files.ts';
import type { RunContext } from '../context.ts';

/** Refs under here are ours (trash, parked work, kept tips) and Claude Code never sees a reason to touch them. */
const OURS = 'refs/copse/';

/** Writes down all refs before an attempt, so that also an adopter can compare. */
export async function rememberRefs(context: RunContext, file: string): Promise<void> {
  const refs = await listRefs(gitIn(context.repository.root, { reads: true }));
  await replaceFile(file, JSON.stringify([...refs]));
}

/**
 * Reports every ref that is not ours and changed while the attempt ran; that the agent did it is not said, the person works
 * meanwhile. Branches of variants at work move as they please, unless they vanish.
 */
export async function reportChangedRefs(context: RunContext, variant: VariantName, file: string): Promise<void> {
  const before = parse(await readTextIfExists(file));
  if (before === null) return;
  const after = await listRefs(gitIn(context.repository.root, { reads: true }));
  for (const ref of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(ref) ?? null;
    const is = after.get(ref) ?? null;
    if (was === is || ref.startsWith(OURS) || isOwnMove(context, ref, is)) continue;
    const known = context.log.state.refChanges.some((change) => change.ref === ref && change.after === is);
    if (!known) await context.log.record({ type: 'ref.changed', variant, ref, before: was, after: is });
  }
}

function isOwnMove(context: RunContext, ref: RefName, is: CommitId | null): boolean {
  if (is !== null && context.ownRefs.get(ref) === is) return true;
  const owner = context.log.state.variants.find((candidate) => `refs/heads/${candidate.branch}` === ref);
  if (owner === undefined) return is !== null && isOfAnotherRun(ref);
  return is !== null && owner.phase.kind !== 'finished' && owner.phase.kind !== 'queued';
}

/** Remote-tracking refs move whenever anybody fetches. */
function isOfAnotherRun(ref: RefName): boolean {
  return ref.startsWith('refs/remotes/');
}

function parse(text: string | null): Map<RefName, CommitId> | null {
  if (text === null) return null;
  return new Map(JSON.parse(text) as [RefName, CommitId][]);
}
