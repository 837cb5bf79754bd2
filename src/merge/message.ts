import { commitMessage, type Trailer, workMessage } from '../git/commit-message.ts';
import type { MergeMethod } from '../model/operation.ts';
import { type MergeOptions, type ToMerge, variantOf } from './merge-options.ts';

/** The message that a variant lands with, before hooks and editor: the person's, or made of its agent's summary; trailers at its end. */
export function messageFor(o: Pick<MergeOptions, 'message' | 'noVerify'>, one: ToMerge, as: MergeMethod): string {
  const trailers = trailersFor(o, one);
  return commitMessage(o.message ?? written(one, as), trailers);
}

function written(one: ToMerge, as: MergeMethod): string {
  const variant = variantOf(one);
  const summary = variant.attempts.findLast(({ verdict }) => (verdict?.summary ?? '') !== '')?.verdict?.summary ?? '';
  const work = workMessage({ run: one.plan.run, variant: one.name, summary, template: one.plan.commit.message });
  return as === 'merge' ? `Merge branch '${variant.branch}'\n\n${work}` : work;
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
