import { bestIn } from '../../model/evidence/best.ts';
import { isWeak, standingOf } from '../../model/evidence/check.ts';
import { standingWord } from '../../model/evidence/check-words.ts';
import type { CheckEvidence, Evidence, VariantEvidence } from '../../model/reports/evidence.ts';
import { cost, duration, tokenCount } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { newTokens } from '../kit/change-words.ts';
import type { Symbols } from '../kit/style.ts';
import { clashCount, markOf, mergeText, metricNames, metricOf, outcomeText } from './compare-facts.ts';
import * as say from './compare-messages.ts';
import { metricAmount, metricDelta } from './metric-amount.ts';

/*
 * The columns of a comparison. Terminal, Markdown, page and JSON draw them from here: a new column is one entry.
 */

export type Tone = 'good' | 'bad' | 'weak' | 'plain' | 'added' | 'removed';

export interface CompareCell {
  /** Empty: nothing to say. */
  readonly text: string;
  /** Beside it, and dropped before it: `-18%`, `weak`. */
  readonly note?: string;
  readonly tone?: Tone;
  /** No other variant's is better; marked. */
  readonly best?: boolean;
}

export interface CompareColumn {
  /** Stable, for programs. */
  readonly id: string;
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Spaces before it in a terminal; default 2. */
  readonly gap?: number;
  /** Dropped from a narrow terminal in ascending order; absent: never. */
  readonly drop?: number;
  /** The same of its notes. */
  readonly noteDrop?: number;
  /** May shrink to this in a narrow terminal. */
  readonly min?: number;
  /** Not needed to choose: JSON, a wide terminal and the page's section of a variant have it. */
  readonly detail?: true;
  readonly cells: ReadonlyMap<string, CompareCell>;
}

/** Up to so many checks have a column each. */
const EACH = 4;

/**
 * All columns with a value for any variant, in their order. `checks`: a column for each check, if they are few, or one that counts them.
 */
export function compareColumns(
  evidence: Evidence,
  symbols: Symbols,
  o: { readonly checks: 'each' | 'count' } = { checks: 'each' },
): readonly CompareColumn[] {
  const names = [...new Set(evidence.variants.flatMap(({ checks }) => checks.map(({ name }) => name)))];
  const each = o.checks === 'each' && names.length <= EACH;
  const [cheapest, quickest] = [bestIn(evidence.variants, 'cost'), bestIn(evidence.variants, 'time')];
  const column = (id: string, head: string, cell: (v: VariantEvidence) => CompareCell, look: Look = {}): CompareColumn => ({
    id,
    head,
    align: 'left',
    ...look,
    cells: new Map(evidence.variants.map((v) => [v.label, cell(v)])),
  });
  const { heads } = say;
  const all = [
    column('outcome', heads.outcome, (v) => ({ text: outcomeText(v), tone: markOf(v) === 'bad' ? 'bad' : 'plain' }), { min: 9 }),
    ...(each
      ? names.map((name) =>
          column(`check:${name}`, oneLine(name), (v) =>
            checkCell(
              v.checks.find((c) => c.name === name),
              symbols,
            ),
          ),
        )
      : [column('checks', heads.checks, countCell, right())]),
    column('votes', heads.votes, (v) => ({ text: number(v.votes.length) }), right(45)),
    ...metricNames(evidence).map((name, i) =>
      column(`metric:${name}`, oneLine(name), (v) => metricCell(v, name, symbols), {
        ...right(Math.max(11, 40 - i)),
        noteDrop: 6,
      }),
    ),
    column('files', heads.files, (v) => ({ text: number(v.changes.files) }), right(10)),
    column('added', heads.added, (v) => ({ text: number(v.changes.insertions, '+'), tone: 'added' }), right(8)),
    column('removed', heads.removed(symbols), (v) => ({ text: number(v.changes.deletions, symbols.minus), tone: 'removed' }), {
      ...right(8),
      gap: 1,
    }),
    column('merges', heads.merges, (v) => ({ text: mergeText(v), tone: v.merges?.clean === false ? 'bad' : 'plain' })),
    column('clashes', heads.clashes, (v) => ({ text: number(clashCount(v.label, evidence.overlap)) }), right(5)),
    column(
      'cost',
      heads.cost,
      (v) => ({ text: v.costUsd === 0 ? '' : cost(v.costUsd, symbols), best: cheapest.has(v.label) }),
      right(9),
    ),
    column(
      'agent',
      heads.agent,
      (v) => ({ text: v.agentMs === 0 ? '' : duration(v.agentMs), best: quickest.has(v.label) }),
      right(7),
    ),
    column('turns', heads.turns, (v) => ({ text: number(v.turns) }), { ...right(3), detail: true }),
    column('tokens', heads.tokens, tokensCell, { ...right(2), detail: true }),
    column('model', heads.model, (v) => ({ text: oneLine(v.model ?? '') }), { drop: 1, detail: true }),
  ];
  return all.filter(({ cells }) => [...cells.values()].some(({ text }) => text !== ''));
}

type Look = Partial<Pick<CompareColumn, 'align' | 'gap' | 'drop' | 'noteDrop' | 'min' | 'detail'>>;

function right(drop?: number): Look {
  return { align: 'right', ...(drop === undefined ? {} : { drop }) };
}

function number(n: number, sign = ''): string {
  return n === 0 ? '' : `${sign}${n}`;
}

function tokensCell(v: VariantEvidence): CompareCell {
  return { text: newTokens(v.tokens) === 0 ? '' : tokenCount(newTokens(v.tokens)).replace(' tok', '') };
}

const TONES = { broke: 'bad', unknown: 'bad', 'still-fails': 'weak', passed: 'plain', fixed: 'good' } as const;

function checkCell(check: CheckEvidence | undefined, symbols: Symbols): CompareCell {
  if (check === undefined) return { text: '' };
  const text = standingWord(check) || symbols.success;
  return { text, tone: TONES[standingOf(check)], ...(isWeak(check) ? { note: say.weak } : {}) };
}

/** `3/4`: the number that pass, of all. */
function countCell({ checks }: VariantEvidence): CompareCell {
  if (checks.length === 0) return { text: '' };
  const passed = checks.filter((check) => ['passed', 'fixed'].includes(standingOf(check))).length;
  return { text: `${passed}/${checks.length}`, ...(checks.some(isWeak) ? { note: say.weak } : {}) };
}

function metricCell(v: VariantEvidence, name: string, symbols: Symbols): CompareCell {
  const metric = metricOf(v, name);
  if (metric === null) return { text: '' };
  const text = metricAmount(metric.value, metric.unit);
  if (text === '') return { text: say.unknown, tone: 'bad' };
  const note = metricDelta(metric, symbols);
  return { text, best: metric.best, ...(note === '' ? {} : { note }) };
}
