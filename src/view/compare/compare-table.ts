import type { Evidence, VariantEvidence } from '../../model/reports/evidence.ts';
import { cost, duration, tokenCount } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { newTokens } from '../kit/amounts.ts';
import type { Cell, Column } from '../kit/columns.ts';
import { layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import type { Paint, Style, Symbols } from '../kit/style.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import {
  type Amount,
  bestLabels,
  byRank,
  checksCount,
  clashCount,
  mergeText,
  metricNames,
  metricOf,
  outcomeText,
  type Standing,
  standingOf,
} from './compare-facts.ts';
import * as say from './compare-messages.ts';
import { metricAmount, metricDelta } from './metric-amount.ts';

/** Stands behind a value that no other variant's beats. */
export const BEST = '*';

function markOf(standing: Standing, symbols: Symbols, style: Style): Cell {
  switch (standing) {
    case 'good':
      return { text: symbols.success, paint: style.green };
    case 'bad':
      return { text: symbols.failure, paint: style.red };
    case 'open':
      return { text: symbols.waiting, paint: style.dim };
  }
}

/**
 * A line of heads and one for each variant, the best-ranked first, within `o.columns`. What a decision needs least is dropped
 * first: model, tokens, turns, metrics against the base, clashes, time, lines, cost, the later metrics; never outcome, checks, merges.
 */
export function compareTable(evidence: Evidence, o: Screen): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const rows = byRank(evidence);
  const best = (amount: Amount): ((v: VariantEvidence) => boolean) => {
    const labels = bestLabels(evidence, amount);
    return (v) => labels.has(v.label);
  };
  const column = (
    head: string,
    text: (v: VariantEvidence) => string,
    rest: Omit<Column, 'cells'>,
    paint?: (v: VariantEvidence) => Paint,
  ): Column[] => {
    const cells = rows.map(({ variant }): Cell => ({ text: text(variant), paint: paint?.(variant) ?? style.plain }));
    return cells.every((cell) => cell.text === '') ? [] : [{ ...rest, cells: [{ text: head, paint: style.dim }, ...cells] }];
  };
  // Marks are a column of their own, so that numbers stay below each other.
  const marked = (
    head: string,
    text: (v: VariantEvidence) => string,
    isBest: (v: VariantEvidence) => boolean,
    rest: Omit<Column, 'cells'>,
  ): Column[] => [
    ...column(head, text, rest, (v) => (isBest(v) ? style.bold : style.plain)),
    ...column(
      '',
      (v) => (isBest(v) ? BEST : ''),
      { ...rest, gap: 0, align: 'left' },
      () => style.bold,
    ),
  ];
  const names = Math.min(28, Math.max(8, Math.floor(o.columns / 4)));
  const number = (n: number, sign: string): string => (n === 0 ? '' : `${sign}${n}`);
  const metrics = metricNames(evidence).flatMap((name, i) => {
    const of = (v: VariantEvidence) => metricOf(v, name);
    return [
      ...marked(
        oneLine(name),
        (v) => (of(v) === null ? '' : metricAmount(of(v)?.value ?? null, of(v)?.unit ?? null) || say.unknown),
        (v) => of(v)?.best === true,
        { gap: 2, align: 'right', drop: Math.max(10, 40 - i) },
      ),
      ...column(
        say.heads.metricDelta,
        (v) => {
          const metric = of(v);
          return metric === null ? '' : metricDelta(metric, symbols);
        },
        { gap: 1, align: 'right', drop: 4 },
      ),
    ];
  });
  const isGood = (v: VariantEvidence): Paint => (standingOf(v) === 'bad' ? style.red : style.plain);
  return layOut(
    [
      { gap: 2, align: 'right', cells: [{ text: '' }, ...rows.map(({ rank }) => ({ text: rank === null ? '' : String(rank) }))] },
      { gap: 1, cells: [{ text: '' }, ...rows.map(({ variant }) => markOf(standingOf(variant), symbols, style))] },
      ...column(
        say.heads.variant,
        (v) => truncate(oneLine(v.label), names, symbols.ellipsis),
        { gap: 1, min: 16 },
        () => style.bold,
      ),
      ...column(say.heads.outcome, outcomeText, { gap: 2 }, isGood),
      ...marked(say.heads.checks, checksCount, best('checks'), { gap: 2, align: 'right' }),
      ...column(say.heads.votes, (v) => number(v.votes.length, ''), { gap: 2, align: 'right', drop: 45 }),
      ...metrics,
      ...column(say.heads.files, (v) => number(v.changes.files, ''), { gap: 2, align: 'right', drop: 9 }),
      ...column(
        say.heads.added,
        (v) => number(v.changes.insertions, '+'),
        { gap: 2, align: 'right', drop: 7 },
        () => style.green,
      ),
      ...column(
        say.heads.removed,
        (v) => number(v.changes.deletions, symbols.minus),
        { gap: 1, align: 'right', drop: 7 },
        () => style.red,
      ),
      ...column(say.heads.merges, mergeText, { gap: 2 }, (v) => (v.merges?.clean === false ? style.red : style.plain)),
      ...column(say.heads.clashes, (v) => number(clashCount(v.label, evidence.overlap), ''), { gap: 2, align: 'right', drop: 5 }),
      ...marked(say.heads.cost, (v) => (v.costUsd === 0 ? '' : cost(v.costUsd, symbols)), best('cost'), {
        gap: 2,
        align: 'right',
        drop: 8,
      }),
      ...marked(say.heads.time, (v) => (v.durationMs === 0 ? '' : duration(v.durationMs)), best('time'), {
        gap: 2,
        align: 'right',
        drop: 6,
      }),
      ...column(say.heads.turns, (v) => number(v.turns, ''), { gap: 2, align: 'right', drop: 3 }),
      ...column(say.heads.tokens, (v) => (newTokens(v.tokens) === 0 ? '' : tokenCount(newTokens(v.tokens)).replace(' tok', '')), {
        gap: 2,
        align: 'right',
        drop: 2,
      }),
      ...column(say.heads.model, (v) => oneLine(v.model ?? ''), { gap: 2, drop: 1 }),
    ],
    { width: o.columns, ellipsis: symbols.ellipsis },
  );
}
