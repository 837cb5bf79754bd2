import { commitMessage, type Trailer, workMessage } from '../../git/commit/commit-message.ts';
import type { BranchName } from '../../model/ids.ts';
import type { MergeMethod } from '../../model/operation.ts';
import type { AttemptState, VariantState } from '../../model/run-state/state.ts';
import { type MergeOptions, type ToMerge, variantOf } from '../merge-options.ts';

/** The message of a variant's merge, before hooks and editor: the person's, or made of its agent's summaries; trailers at its end. */
export function messageFor(o: Pick<MergeOptions, 'message' | 'noVerify' | 'as'>, one: ToMerge, target: BranchName): string {
  const trailers = trailersFor(o, one);
  return commitMessage(o.message ?? written(one, o.as, target), trailers);
}

function written(one: ToMerge, as: MergeMethod, target: BranchName): string {
  const variant = variantOf(one);
  const summary = summaryFor(variant, target);
  const task = one.plan.variants.find(({ name }) => name === one.name)?.prompt ?? '';
  const work = workMessage({ run: one.plan.run, variant: one.name, summary, task, template: one.plan.commit.message });
  return as === 'merge' ? `Merge branch '${variant.branch}'\n\n${work}` : work;
}

/**
 * The summary of the attempt that did the work; those of corrections are below. `Resolve the conflict` is no name for
 * a new page. Once landed, only later attempts count.
 */
function summaryFor({ attempts, landed }: VariantState, target: BranchName): string {
  // From the start again: earlier summaries are about work that no longer exists.
  const standing = attempts.slice(
    Math.max(
      0,
      attempts.findLastIndex(({ kind }) => kind === 'fresh'),
    ),
  );
  const since = landed?.target === target ? standing.filter(({ startedAt }) => startedAt > landed.at) : [];
  return worded(since) || worded(standing);
}

function worded(attempts: readonly AttemptState[]): string {
  // The last words of an attempt that failed tell how it failed, or what it was about to do.
  const [first = '', ...later] = attempts.flatMap(({ verdict }) => {
    const summary = verdict?.outcome === 'succeeded' ? verdict.summary.trim() : '';
    return summary === '' ? [] : [summary];
  });
  const subject = firstLine(first);
  const corrections = new Set(later.map(firstLine).filter((line) => line !== subject));
  return [first, [...corrections].map((line) => `- ${line}`).join('\n')].filter((part) => part !== '').join('\n\n');
}

function firstLine(summary: string): string {
  return (summary.split('\n')[0] ?? '').replace(/^#+\s*/, '').trim();
}

function trailersFor(o: Pick<MergeOptions, 'noVerify'>, one: ToMerge): readonly Trailer[] {
  const variant = variantOf(one);
  const planned = one.plan.variants.find(({ name }) => name === one.name);
  const session = variant.attempts.at(-1)?.sessionId ?? null;
  return [
    ['Copse-Run', one.plan.run],
    ['Copse-Variant', one.name],
    ...(planned?.runner.kind === 'claude' && session !== null ? [['Claude-Session', session] as const] : []),
    ...(o.noVerify ? [['Copse-Verified', 'no'] as const] : []),
  ];
}
