import type { CommitId } from '../../model/ids.ts';
import type { MergeLanded } from '../../model/reports/merge-report.ts';
import { mergeLine } from '../merge-line.ts';
import { type ToMerge, variantOf } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';
import type { MergePlace } from '../rehearsal-context.ts';
import { hasLanded } from './has-landed.ts';
import { allNeeds } from './order-by-needs.ts';

/** A variant includes the variants that it started from: these must be on the target, or be merged before it. */
export async function missingNeeds(
  place: MergePlace,
  one: ToMerge,
  target: CommitId,
  start: CommitId,
  before: readonly MergeLanded[],
): Promise<Refusal | null> {
  const { o, history, onto } = place;
  const variant = variantOf(one);
  if (variant.needs.length === 0 || (await history.isAncestor(start, onto.from))) return null;
  const missing: string[] = [];
  for (const need of allNeeds(one.state, variant)) {
    const tip = need.commit?.commit ?? need.created?.start ?? null;
    const inThis = before.some(({ run, variant: name }) => run === one.state.id && name === need.name);
    if (inThis || tip === null || tip === need.created?.start || (await history.isAncestor(tip, onto.from))) continue;
    const { landed } = need;
    if (landed?.target === onto.branch && landed.tip === tip && (await history.isAncestor(landed.commit, onto.from))) continue;
    if (await hasLanded(place, target, { tip, start: need.created?.start ?? null })) continue;
    missing.push(need.name);
  }
  if (missing.length === 0) return null;
  const prefix = one.label.includes('/') ? `${one.state.id}/` : '';
  const labels = [...missing.map((name) => `${prefix}${name}`), one.label];
  const asked = missing.every((name) => o.variants.some((typed) => typed.state.id === one.state.id && typed.name === name));
  const list = missing.map((name) => `${prefix}${name}`).join(' and ');
  return {
    code: 'need-not-landed',
    what: `${one.label} starts from ${list}, which ${missing.length === 1 ? 'is' : 'are'} not on ${onto.branch}.`,
    why: `Merging it would merge ${list} too.`,
    // Typed together already: the need's own refusal says why.
    hint: asked ? `It can be merged once ${list} can.` : `Merge them together:\n  ${mergeLine(o, labels)}`,
    precondition: true,
  };
}
