import type { BranchName } from '../model/ids.ts';
import type { MergeMethod } from '../model/operation.ts';
import { shellWord } from '../text/shell-word.ts';

/** What of a merge is typed besides the variants. */
export interface MergeTyped {
  readonly as: MergeMethod;
  /** null: the runs' target. */
  readonly into: BranchName | null;
  readonly message: string | null;
  readonly edit: boolean;
  readonly includeUncommitted: boolean;
  readonly noVerify: boolean;
  /** `--checks` with the file it takes; empty: the run's own checks. */
  readonly checks: readonly string[];
  /** Whether what landed is cleared away right after. */
  readonly prune: boolean;
}

/** Stands for words that only the person has. */
export const YOUR_WORDS = '…';

/**
 * The command that lands these variants as the person typed it: on the same branch, in the same way. What a way out asks for on top, or
 * instead, stands in `changed`. Without `--dry-run` and `--json`: this is what to type to land them.
 */
export function mergeLine(typed: MergeTyped, labels: readonly string[], changed: Partial<MergeTyped> = {}): string {
  const o = { ...typed, ...changed };
  const keepsMessages = o.as === 'rebase' || o.as === 'ff';
  // One message words one commit; merge refuses it elsewhere.
  const message = keepsMessages || labels.length > 1 ? null : o.message;
  return [
    'copse merge',
    ...labels.map(shellWord),
    ...(o.as === 'squash' ? [] : [`--as ${o.as}`]),
    ...(o.into === null ? [] : [`--into ${shellWord(o.into)}`]),
    ...(message === null ? [] : [`-m ${message === YOUR_WORDS ? `"${YOUR_WORDS}"` : shellWord(message)}`]),
    ...(o.edit && !keepsMessages ? ['--edit'] : []),
    ...(o.includeUncommitted ? ['--include-uncommitted'] : []),
    ...(o.noVerify ? ['--no-verify'] : o.checks.map(shellWord)),
    ...(o.prune ? ['--prune'] : []),
  ].join(' ');
}
