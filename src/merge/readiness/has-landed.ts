import type { Candidate } from '../../git/landed/judge-landing.ts';
import { landedIn } from '../../git/landed/landed.ts';
import type { CommitId } from '../../model/ids.ts';
import type { MergePlace } from '../rehearsal-context.ts';

/** Whether the target holds the work, by whatever way it came there. */
export async function hasLanded({ o }: MergePlace, target: CommitId, candidate: Candidate): Promise<boolean> {
  const { commonDir } = o.repository;
  const [landing] = await landedIn({ commonDir, targets: [target], candidates: [candidate], signal: o.signal });
  return landing?.kind === 'landed' || landing?.kind === 'landed-then-changed';
}
