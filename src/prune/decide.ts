import type { LandedHow, PruneChoice, PruneFacts, PruneVerdict } from '../model/prune.ts';

/**
 * Whether something goes, and why or why not. Pure. By itself only what is done goes: landed or without anything of its own, nothing
 * uncommitted, nothing half-way. What a person chose goes as well, since undo brings it back; only what somebody still needs stays.
 */
export function decide(facts: PruneFacts, choice: PruneChoice): PruneVerdict {
  const must = mustStay(facts);
  if (must !== null) return { kind: 'kept', why: must, name: false };
  const { olderMs } = choice;
  if (olderMs !== null && (facts.idleMs === null || facts.idleMs < olderMs)) {
    return { kind: 'kept', why: 'used more recently', name: false };
  }
  const losing = losingOf(facts);
  const landed = landedWords(facts.landed);
  const done = isDone(facts);
  if (choice.chosen === 'named') {
    const open = done ? losing : [landed, ...losing];
    return { kind: 'goes', why: open.length === 0 ? landed : 'you named it', losing: open, keepsBranch: false };
  }
  if (facts.folder === 'missing' && !done && losing.length === 0) {
    return { kind: 'goes', why: 'its folder is gone', losing: [], keepsBranch: true };
  }
  if (!done) return { kind: 'kept', why: landed, name: true };
  if (losing.length > 0) return { kind: 'kept', why: losing.join(', '), name: true };
  return { kind: 'goes', why: landed, losing: [], keepsBranch: false };
}

function mustStay({ rest, blocked, neededBy }: PruneFacts): string | null {
  if (rest.kind === 'running') return 'running';
  if (rest.kind === 'interrupted') return 'its run was interrupted';
  if (blocked !== null) return blocked;
  if (neededBy.length > 0) return `${neededBy.join(', ')} ${neededBy.length === 1 ? 'starts' : 'start'} from it`;
  return null;
}

/** Whether its work is on the target, or there is none. */
function isDone({ landed, branch, owner, folder }: PruneFacts): boolean {
  switch (landed.kind) {
    case 'merged':
    case 'squashed':
    case 'landed-then-changed':
    case 'pull-request':
      return true;
    case 'empty':
      // Of somebody else's: a branch that was only just begun looks the same.
      return owner !== null || branch === null || folder === 'missing';
    default:
      return false;
  }
}

/** What exists nowhere but there. */
function losingOf({ inside, looseHead, unreadable }: PruneFacts): string[] {
  const count = (n: number, what: string): string[] => (n === 0 ? [] : [`${n} ${n === 1 ? 'file' : 'files'} ${what}`]);
  return [
    ...(unreadable === null ? [] : [`cannot be read: ${unreadable}`]),
    ...(inside?.operation == null ? [] : [`a ${inside.operation} is not finished there`]),
    ...(looseHead ? ['its HEAD stands on commits of no branch'] : []),
    ...count(inside?.uncommitted ?? 0, 'not committed'),
    ...count(inside?.untracked ?? 0, 'untracked'),
  ];
}

/** `squashed into main`; what the table, the journal and `undo --list` say. */
export function landedWords(landed: LandedHow): string {
  switch (landed.kind) {
    case 'empty':
      return 'nothing of its own';
    case 'merged':
      return `merged into ${landed.on}`;
    case 'squashed':
      return `squashed into ${landed.on}`;
    case 'landed-then-changed':
      return `landed on ${landed.on}, then changed there`;
    case 'pull-request':
      return `landed through #${landed.number}`;
    case 'reverted':
      return `landed on ${landed.on}, then reverted there`;
    case 'not-landed':
      return 'not landed';
    case 'unknown':
      return landed.why;
  }
}
