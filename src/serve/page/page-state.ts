import type { LabelledVote, PageHtml, PageState, PageTile, PageVariant, VoteStore } from '../../model/reports/served-page.ts';
import type { VariantKeys } from './variant-keys.ts';

export interface StateSources {
  readonly title: string;
  readonly keys: VariantKeys;
  readonly variants: readonly PageVariant[];
  readonly votes: readonly LabelledVote[];
  readonly store: Pick<VoteStore, 'has'>;
  readonly blind: boolean;
  readonly report: boolean;
  readonly facts: PageHtml['facts'];
  /** Label → how often its server got ready. */
  generationOf(label: string): number;
}

/** The page of one viewer. If blind, it has nothing that reveals a name until this viewer has voted. */
export function pageState(
  s: StateSources,
  o: { readonly viewer: string; readonly direct: boolean; originOf(key: string): string },
): PageState {
  const blind = isBlindFor(s, o.viewer);
  const byLabel = new Map(s.variants.map((variant) => [variant.label, variant]));
  const tiles = s.keys.labels().flatMap((label): PageTile[] => {
    const variant = byLabel.get(label);
    if (variant === undefined) return [];
    const key = s.keys.of(label);
    const facts = s.facts(variant);
    const votes = s.votes.filter((vote) => vote.label === label);
    return [
      {
        ...facts,
        ...(blind ? { detail: '', tail: '', summary: '' } : {}),
        key,
        name: blind ? key.toUpperCase() : label,
        origin: o.originOf(key),
        direct: blind || !o.direct ? null : variant.url,
        ready: variant.state === 'ready',
        generation: s.generationOf(label),
        canVote: s.store.has(label),
        mine: votes.some(({ voter }) => voter === o.viewer),
        // Others' votes would sway viewers who have not voted yet.
        votes: blind ? [] : votes.map(({ note, voter }) => ({ note, mine: voter === o.viewer })),
      },
    ];
  });
  return { title: blind ? '' : s.title, blind, report: s.report && !blind, tiles };
}

/** Whether names are still hidden from this viewer. */
export function isBlindFor(s: Pick<StateSources, 'blind' | 'votes' | 'keys'>, viewer: string): boolean {
  return s.blind && !s.votes.some(({ voter, label }) => voter === viewer && s.keys.labels().includes(label));
}
