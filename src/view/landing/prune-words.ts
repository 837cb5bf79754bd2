import { unreachable } from '../../model/errors.ts';
import { landedWords, unsavedWords } from '../../model/landed-words.ts';
import type { LandedHow, PruneFacts, PruneProgress, PruneRow } from '../../model/reports/prune-report.ts';
import { bytes, count } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { outcomeWord } from '../kit/shared-messages.ts';

/** How the work ended, or what keeps it from having ended; empty for what copse did not make. */
export function stateWord({ rest, owner, folder }: PruneFacts): string {
  if (rest.kind !== 'at-rest') return rest.kind;
  if (rest.outcome !== null) return outcomeWord(rest.outcome);
  if (owner !== null) return 'not started';
  return folder === 'none' ? 'branch' : 'worktree';
}

/** `squashed into main`. */
export function landedWord(landed: LandedHow): string {
  return oneLine(landedWords(landed));
}

/** `2 uncommitted, 1 untracked, rebase open`; empty: nothing. */
export function insideWord({ facts, verdict }: PruneRow): string {
  const words = unsavedWords(facts).flatMap(({ short }) => short ?? []);
  return [...folderWord(facts, verdict), ...words].join(', ');
}

function folderWord({ folder }: PruneFacts, verdict: PruneRow['verdict']): string[] {
  if (folder !== 'missing') return [];
  // Only git's entry of it is removed then, and the row must not read as if the work was.
  return [verdict.kind === 'goes' && verdict.keepsBranch ? 'folder is gone; branch is kept' : 'folder is gone'];
}

/** The reasons to remove or keep it that the shown row does not have; columns may have been dropped for lack of room. */
export function unsaidWords({ facts, verdict }: PruneRow, shown: string): readonly string[] {
  const unsaved = unsavedWords(facts);
  const words = new Map(unsaved.flatMap(({ short, full }) => (short === null ? [] : [[full, short] as const])));
  words.set(landedWords(facts.landed), landedWord(facts.landed));
  if (facts.rest.kind === 'interrupted') words.set('its run was interrupted', 'interrupted');
  const isUnsaid = (phrase: string): boolean => !shown.includes(words.get(phrase) ?? phrase);
  const why = verdict.kind === 'goes' ? verdict.losing : reasonsIn(verdict.why, words);
  const more = [...folderWord(facts, verdict), ...unsaved.map(({ full }) => full)];
  return [...why, ...more.filter((phrase) => !why.some((reason) => reason.includes(phrase)))].filter(isUnsaid).map(oneLine);
}

/** A sentence stays whole, whatever commas it has. */
function reasonsIn(why: string, known: ReadonlyMap<string, string>): readonly string[] {
  if (known.has(why)) return [why];
  const parts = why.split(', ');
  return parts.every((part) => known.has(part)) ? parts : [why];
}

/** On disk; empty if there is no worktree or it could not be measured. */
export function sizeWord({ inside }: PruneFacts): string {
  return inside === null || inside.bytes === null ? '' : bytes(inside.bytes);
}

/** What a look does now, in one line. */
export function progressLine(progress: PruneProgress): string {
  switch (progress.kind) {
    case 'comparing': {
      const { known, open } = progress;
      const of = known === 0 ? '' : ` (${known} are known from before)`;
      return `Comparing ${open === 1 ? '1 branch' : `${open} branches`} with the target${of} …`;
    }
    case 'searching':
      return `Searching worktrees for uncommitted work: ${progress.done} of ${progress.of} …`;
    default:
      return unreachable(progress);
  }
}

/** `3 worktrees and 4 branches`. */
export function whatGoes(rows: readonly PruneRow[]): string {
  const going = rows.flatMap(({ facts, verdict }) => (verdict.kind === 'goes' ? [{ facts, verdict }] : []));
  const worktrees = going.filter(({ facts }) => facts.folder !== 'none').length;
  const branches = going.filter(({ facts, verdict }) => facts.branch !== null && !verdict.keepsBranch).length;
  return both(worktrees, branches);
}

/** `1 worktree and 2 branches`, without what there is none of. */
export function both(worktrees: number, branches: number): string {
  const parts = [
    ...(worktrees === 0 ? [] : [count(worktrees, 'worktree')]),
    ...(branches === 0 ? [] : [branches === 1 ? '1 branch' : `${branches} branches`]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}
