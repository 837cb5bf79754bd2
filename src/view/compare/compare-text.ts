import type { CheckEvidence, Evidence } from '../../model/reports/evidence.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { cost, shortCommit } from '../kit/amounts.ts';
import type { Cell } from '../kit/columns.ts';
import * as words from '../kit/messages.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { wrapFacts, wrapWords } from '../kit/wrap.ts';
import { labels } from '../run/summary-messages.ts';
import { acrossTexts, byRank, judgeLines, judgeRemarks, meansText, remarksOf, standingOf, warningsOf } from './compare-facts.ts';
import * as say from './compare-messages.ts';
import { BEST, compareTable } from './compare-table.ts';

/** `main@1a2b3c4`. */
export function placeText(ref: string, commit: string): string {
  return `${oneLine(ref)}@${shortCommit(commit)}`;
}

function header(evidence: Evidence, o: Screen): string {
  const style = styleFor(o);
  const { base, target, isolation } = evidence;
  const facts: Cell[] = [
    { text: evidence.runs.map(oneLine).join(', '), paint: style.bold },
    { text: words.variantCount(evidence.variants.length) },
    ...(base === null ? [] : [{ text: words.base(placeText(base.ref, base.commit)) }]),
    ...(target === null ? [] : [{ text: say.into(oneLine(target.branch)) }]),
    ...(isolation === '' ? [] : [{ text: oneLine(isolation), paint: isolation === 'bypass' ? style.yellow : style.plain }]),
  ];
  return wrapFacts(facts, { columns: o.columns, gap: 2 });
}

/** A heading, and below it texts that begin with a name, wrapped and indented. */
function block(title: string, items: readonly { readonly lead: string; readonly text: string }[], o: Screen): string[] {
  if (items.length === 0) return [];
  const style = styleFor(o);
  return [
    style.dim(title),
    ...items.flatMap(({ lead, text }) =>
      wrapWords(lead === '' ? text : `${lead}  ${text}`, o.columns - 4).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`)),
    ),
  ];
}

function nextLines(evidence: Evidence, o: Screen & { readonly hasPage?: boolean }, verbs: ReadonlySet<string>): string[] {
  const style = styleFor(o);
  const changed = byRank(evidence)
    .map(({ variant }) => variant)
    .filter((v) => v.changes.files > 0);
  const winner = changed.find((v) => standingOf(v) === 'good' && v.work === 'open');
  const [a, b] = changed;
  const checks = (evidence.checksFrom?.words ?? []).map((word) => ` ${shellWord(word)}`).join('');
  const all = [
    ...(a !== undefined && b !== undefined && verbs.has('diff')
      ? [{ label: say.labels.diff, command: `copse diff ${shellWord(a.label)} ${shellWord(b.label)}` }]
      : []),
    ...(verbs.has('compare') && o.hasPage !== true
      ? [{ label: say.labels.page, command: `copse compare${checks} --html report.html` }]
      : []),
    ...(verbs.has('compare') && evidence.checksFrom === null && evidence.variants.some(({ checks: own }) => own.some(couldNotRun))
      ? [{ label: labels.correct, command: 'copse compare --checks' }]
      : []),
    ...(winner !== undefined && verbs.has('merge')
      ? [{ label: labels.land, command: `copse merge ${shellWord(winner.label)}${checks}` }]
      : []),
    ...(verbs.has('prune') && evidence.variants.some(({ work }) => work === 'landed')
      ? [{ label: labels.clear, command: 'copse prune' }]
      : []),
  ];
  return all.map(({ label, command }) => `  ${style.dim(label.padEnd(8))}  ${command}`);
}

/** Here, or on the base: the check itself wants correcting. */
function couldNotRun({ status, onBase }: CheckEvidence): boolean {
  return status === 'could-not-run' || onBase === 'could-not-run';
}

/**
 * The evidence within `o.columns`: a table, why the ranking is as it is, what needs saying of each variant and across them, and
 * the next commands of the verbs in `commands`; with `hasPage` the page is written already. Commands are never cut or wrapped. Ends
 * without a line break.
 */
export function compareText(
  evidence: Evidence,
  o: Screen & { readonly commands?: ReadonlySet<string>; readonly hasPage?: boolean },
): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const table = compareTable(evidence, o);
  const reasons = evidence.ranking.map(({ label, rank, reasons: why }) => ({
    lead: `${rank} ${oneLine(label)}`,
    text: why.length === 0 ? say.sameRank : why.map(oneLine).join('; '),
  }));
  const remarks = evidence.variants.flatMap((v) => remarksOf(v).map((text) => ({ lead: oneLine(v.label), text })));
  const { judge } = evidence;
  const judged =
    judge === null
      ? []
      : [
          ...judgeLines(evidence).map(({ label, means, reasons: why }) => ({
            lead: oneLine(label),
            text: `${meansText(means)}  ${oneLine(why)}`,
          })),
          ...judgeRemarks(evidence).map((text) => ({ lead: '', text })),
        ];
  const judgeTitle =
    judge === null ? '' : `${say.judge} (${say.judged(judge.model, judge.rounds.length, cost(judge.costUsd, symbols))})`;
  const warn = (text: string): string[] =>
    wrapWords(text, o.columns - 2).map((line, i) => `${i === 0 ? style.yellow(symbols.warning) : ' '} ${line}`);
  const blocks = [
    [header(evidence, o)],
    warningsOf(evidence).flatMap(warn),
    [...table, ...(table.some((line) => line.includes(BEST)) ? [style.dim(`  ${say.bestLegend(BEST)}`)] : [])],
    block(say.ranked, reasons, o),
    block(say.remarks, remarks, o),
    block(
      say.across,
      acrossTexts(evidence).map((text) => ({ lead: '', text })),
      o,
    ),
    block(judgeTitle, judged, o),
    nextLines(evidence, o, o.commands ?? new Set()),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
