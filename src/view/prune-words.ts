import { unreachable } from '../model/errors.ts';
import type { LandedHow, PruneFacts, PruneRow } from '../model/prune.ts';
import { bytes, count } from './amounts.ts';
import { outcomeWord } from './messages.ts';
import { oneLine } from './plain-text.ts';

/** How the work ended, or what keeps it from having ended; empty for what copse did not make. */
export function stateWord({ rest, owner, folder }: PruneFacts): string {
  if (rest.kind !== 'at-rest') return rest.kind;
  if (rest.outcome !== null) return outcomeWord(rest.outcome);
  if (owner !== null) return 'not started';
  return folder === 'none' ? 'branch' : 'worktree';
}

/** `squashed into main`. */
export function landedWord(landed: LandedHow): string {
  switch (landed.kind) {
    case 'empty':
      return 'nothing of its own';
    case 'merged':
      return `merged into ${oneLine(landed.on)}`;
    case 'squashed':
      return `squashed into ${oneLine(landed.on)}`;
    case 'landed-then-changed':
      return `landed on ${oneLine(landed.on)}, then changed there`;
    case 'pull-request':
      return `landed through #${landed.number}`;
    case 'reverted':
      return `reverted on ${oneLine(landed.on)}`;
    case 'not-landed':
      return 'not landed';
    case 'unknown':
      return oneLine(landed.why);
    default:
      return unreachable(landed);
  }
}

/** `2 uncommitted, 1 untracked, rebase open`; empty: nothing. */
export function insideWord({ inside, looseHead, folder }: PruneFacts): string {
  const parts = [
    ...(folder === 'missing' ? ['folder is gone'] : []),
    ...(inside === null || inside.uncommitted === 0 ? [] : [`${inside.uncommitted} uncommitted`]),
    ...(inside === null || inside.untracked === 0 ? [] : [`${inside.untracked} untracked`]),
    ...(inside === null || inside.operation === null ? [] : [`${inside.operation} open`]),
    ...(looseHead ? ['HEAD off its branch'] : []),
  ];
  return parts.join(', ');
}

/** On disk; empty where there is no worktree or it could not be measured. */
export function sizeWord({ inside }: PruneFacts): string {
  return inside === null || inside.bytes === null ? '' : bytes(inside.bytes);
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
