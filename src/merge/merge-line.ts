import type { BranchName } from '../model/ids.ts';
import type { MergeMethod } from '../model/operation.ts';
import { shellWord } from '../text/shell-word.ts';

/** The options of a merge besides the variants. */
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
  /** Whether the merged variants are pruned right after. */
  readonly prune: boolean;
}

/** A placeholder for words that only the user knows. */
export const YOUR_WORDS = '…';

/**
 * The command that merges these variants as the user typed it: into the same branch, in the same way. Options that a hint adds or
 * replaces are in `changed`. Without `--dry-run` and `--json`: it is the command that merges them.
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
