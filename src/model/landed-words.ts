import { unreachable } from './errors.ts';
import type { LandedHow, PruneFacts } from './reports/prune-report.ts';

/** `squashed into main`; the wording of the table, the journal and `undo --list`. */
export function landedWords(landed: LandedHow): string {
  switch (landed.kind) {
    case 'empty':
      return 'no commits of its own';
    case 'merged':
      return `merged into ${landed.on}`;
    case 'squashed':
      return `squashed into ${landed.on}`;
    case 'landed':
      return `landed on ${landed.on}`;
    case 'landed-then-changed':
      return `landed on ${landed.on}, then changed there`;
    case 'pull-request':
      return `landed through #${landed.number}`;
    case 'reverted':
      return `reverted on ${landed.on}`;
    case 'not-landed':
      return 'not landed';
    case 'unknown':
      return landed.why;
    default:
      return unreachable(landed);
  }
}

const NAMED = 3;

function listed(what: string, paths: readonly string[]): readonly { readonly short: string | null; readonly full: string }[] {
  if (paths.length === 0) return [];
  const rest = paths.length - NAMED;
  const full = `${what}: ${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return [{ short: null, full }];
}

/** Work that exists nowhere else: as in a row of the table (null: none), and in full. */
export function unsavedWords({
  inside,
  looseHead,
  unreadable,
}: PruneFacts): readonly { readonly short: string | null; readonly full: string }[] {
  const { operation = null, uncommitted = 0, untracked = 0, hidden = [], beside = [] } = inside ?? {};
  const files = (n: number, short: string, full: string) =>
    n === 0 ? [] : [{ short: `${n} ${short}`, full: `${n} ${n === 1 ? 'file' : 'files'} ${full}` }];
  return [
    ...(unreadable === null ? [] : [{ short: null, full: `cannot be read: ${unreadable}` }]),
    ...(operation === null ? [] : [{ short: `${operation} open`, full: `a ${operation} is unfinished there` }]),
    ...(looseHead ? [{ short: 'HEAD off its branch', full: 'its HEAD is on commits of no branch' }] : []),
    ...files(uncommitted, 'uncommitted', 'not committed'),
    ...files(untracked, 'untracked', 'untracked'),
    ...listed('edited but hidden from git status', hidden),
    ...listed('not in the commit', beside),
  ];
}
