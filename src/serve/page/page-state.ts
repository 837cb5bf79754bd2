import { resultLine } from '../../model/decision-words.ts';
import type {
  LabelledDecision,
  LabelledVote,
  PageHtml,
  PageState,
  PageTile,
  PageVariant,
  VoteStore,
} from '../../model/reports/served-page.ts';
import type { Viewer } from './pass.ts';
import type { VariantKeys } from './variant-keys.ts';

export interface StateSources {
  readonly title: string;
  readonly keys: VariantKeys;
  readonly variants: readonly PageVariant[];
  readonly votes: readonly LabelledVote[];
  readonly decision: LabelledDecision;
  readonly store: Pick<VoteStore, 'has'>;
  readonly blind: boolean;
  readonly report: boolean;
  readonly links: readonly string[];
  readonly presenter: string | null;
  readonly build: string;
  readonly facts: PageHtml['facts'];
  /** Label → which start of its server this is. */
  generationOf(label: string): string;
}

/** What one viewer sees. Blind, nothing that leads back to a name, or sways the vote, is in it until this viewer has voted. */
export function pageState(
  s: StateSources,
  o: { readonly viewer: Viewer; readonly direct: boolean; originOf(key: string): string },
): PageState {
  const blind = isBlindFor(s, o.viewer.id);
  const owner = o.viewer.role === 'owner';
  const byLabel = new Map(s.variants.map((variant) => [variant.label, variant]));
  const tiles = s.keys.labels().flatMap((label): PageTile[] => {
    const variant = byLabel.get(label);
    if (variant === undefined) return [];
    const key = s.keys.of(label);
    const facts = s.facts(variant);
    const votes = s.votes.filter((vote) => vote.label === label);
    const down = variant.state === 'failed' || variant.state === 'stopped';
    return [
      {
        ...facts,
        // Cost, size and checks sway as a name does.
        ...(blind ? { detail: '', tail: '', summary: '', tags: [] } : {}),
        key,
        letter: s.blind ? key.toUpperCase() : '',
        name: blind ? key.toUpperCase() : label,
        isBase: !s.store.has(label),
        origin: o.originOf(key),
        direct: blind || !o.direct ? null : variant.url,
        ready: variant.state === 'ready',
        generation: s.generationOf(label),
        canVote: s.store.has(label) && s.decision.voting === 'open' && variant.work !== 'removed',
        canStart: owner && down && variant.work !== 'removed',
        mine: votes.some(({ voter }) => voter === o.viewer.id),
        chosen: s.decision.choice?.label === label && !blind,
        count: blind ? null : votes.length,
        // Others' votes would sway a viewer who has not chosen yet.
        votes: blind
          ? []
          : votes.map(({ note, name, voter, commit }) => ({
              note,
              name,
              mine: voter === o.viewer.id,
              changed: commit !== null && variant.commit !== null && commit !== variant.commit,
            })),
      },
    ];
  });
  const { voting, choice } = s.decision;
  const tally = s.keys
    .labels()
    .filter((label) => s.store.has(label))
    .map((label) => ({ label, votes: s.votes.filter((vote) => vote.label === label).length }));
  return {
    title: blind ? '' : s.title,
    blind,
    report: s.report && !blind,
    tiles,
    voting,
    total: s.votes.length,
    result: blind ? '' : resultLine({ chosen: choice?.label ?? null, voting, tally }),
    why: blind ? '' : (choice?.why ?? ''),
    owner,
    links: owner ? s.links : [],
    presenting: s.presenter === null ? null : s.presenter === o.viewer.id ? 'you' : 'other',
    build: s.build,
  };
}

/** Whether names are still hidden from this viewer: until the vote, the end of the voting, or a choice. */
export function isBlindFor(s: Pick<StateSources, 'blind' | 'votes' | 'keys' | 'decision'>, viewer: string): boolean {
  if (!s.blind || s.decision.voting === 'closed' || s.decision.choice !== null) return false;
  return !s.votes.some(({ voter, label }) => voter === viewer && s.keys.labels().includes(label));
}
