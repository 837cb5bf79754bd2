import { landedWords, unsavedWords } from '../model/landed-words.ts';
import type { PruneChoice, PruneFacts, PruneVerdict } from '../model/reports/prune-report.ts';

/**
 * Whether to remove something, and why or why not. Pure. By default only finished items are removed: landed or without own work, nothing
 * uncommitted, nothing in progress. Items that the user chose are removed as well, since undo restores them; only items still in use are kept.
 */
export function decide(facts: PruneFacts, choice: PruneChoice): PruneVerdict {
  const must = mustStay(facts);
  if (must !== null) return { kind: 'kept', why: must, name: false };
  const { olderMs } = choice;
  if (olderMs !== null && (facts.idleMs === null || facts.idleMs < olderMs)) {
    return { kind: 'kept', why: 'used more recently', name: false };
  }
  const losing = unsavedWords(facts).map(({ full }) => full);
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
    case 'landed':
    case 'landed-then-changed':
    case 'pull-request':
      return true;
    case 'empty':
      // Not copse's: a branch that was only just created looks the same.
      return owner !== null || branch === null || folder === 'missing';
    default:
      return false;
  }
}
