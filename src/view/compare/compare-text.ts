import { blocks } from '../../model/evidence/check.ts';
import { isOutdone } from '../../model/evidence/rank.ts';
import type { CheckEvidence, Evidence } from '../../model/reports/evidence.ts';
import { cost, shortCommit } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Cell } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import * as words from '../kit/shared-messages.ts';
import { styleFor, symbolsFor, withMarksOf } from '../kit/style.ts';
import { displayWidth } from '../kit/width.ts';
import { wrapFacts, wrapWords } from '../kit/wrap.ts';
import { labels } from '../run/summary-messages.ts';
import {
  acrossTexts,
  byRank,
  checkRemarks,
  decisionTexts,
  judgeLines,
  judgeRemarks,
  markOf,
  meansText,
  rankingTexts,
  remarksOf,
  warningsOf,
} from './compare-facts.ts';
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
      wrapWords(withMarksOf(o, lead === '' ? text : `${lead}  ${text}`).trimEnd(), o.columns - 4).map((line, i) =>
        i === 0 ? `  ${line}` : `    ${line}`,
      ),
    ),
  ];
}

const APART = 4;

/** Sentences about the checks, the best-ranked first, with the command that shows why one keeps its variant from being merged. */
function checkLines(evidence: Evidence, o: Screen, verbs: ReadonlySet<string>): string[] {
  const style = styleFor(o);
  return byRank(evidence).flatMap(({ variant }) =>
    checkRemarks(variant, evidence).flatMap(({ text, check }, i, all) => {
      const lines = wrapWords(text, o.columns - 4).map((line, n) => (n === 0 ? `  ${line}` : `    ${line}`));
      const first = all.findIndex((other) => other.check === check) === i;
      if (!first || !blocks(check) || !verbs.has('logs')) return lines;
      const command = `copse logs ${shellWord(variant.label)} --check ${shellWord(oneLine(check.name))}`;
      const last = lines.at(-1) ?? '';
      const beside = lines.length === 1 && displayWidth(last) + APART + displayWidth(command) <= o.columns;
      return beside ? [`${last}${' '.repeat(APART)}${style.dim(command)}`] : [...lines, `    ${style.dim(command)}`];
    }),
  );
}

function nextLines(evidence: Evidence, o: Screen & { readonly hasPage?: boolean }, verbs: ReadonlySet<string>): string[] {
  const style = styleFor(o);
  const line = ({ label, command }: { readonly label: string; readonly command: string }): string =>
    `  ${style.dim(label.padEnd(8))}  ${command}`;
  if (evidence.stopped) {
    const names = evidence.variants.map((v) => shellWord(v.label)).join(' ');
    return verbs.has('compare') ? [line({ label: say.labels.finish, command: `copse compare ${names}`.trimEnd() })] : [];
  }
  const changed = byRank(evidence)
    .map(({ variant }) => variant)
    .filter((v) => v.changes.files > 0);
  const landed = evidence.variants.filter(({ work }) => work === 'landed');
  const winner = changed.find(
    (v) => markOf(v) === 'good' && v.work === 'open' && v.merges?.clean !== false && v.needs !== null && !isOutdone(v, landed),
  );
  const [a, b] = changed;
  const checks = (evidence.checksFrom?.words ?? []).map((word) => ` ${shellWord(word)}`).join('');
  const typed = evidence.variants.some(({ label, ref }) => label !== ref.variant);
  const runs = typed ? evidence.runs.map((run) => ` ${shellWord(run)}`).join('') : '';
  const all = [
    ...(a !== undefined && b !== undefined && verbs.has('diff')
      ? [{ label: say.labels.diff, command: `copse diff ${shellWord(a.label)} ${shellWord(b.label)}` }]
      : []),
    ...(verbs.has('compare') && o.hasPage !== true
      ? [{ label: say.labels.page, command: `copse compare${runs}${checks} --html report.html` }]
      : []),
    ...(verbs.has('compare') && evidence.checksFrom === null && evidence.variants.some(({ checks: own }) => own.some(couldNotRun))
      ? [{ label: labels.correct, command: 'copse compare --checks' }]
      : []),
    ...(winner !== undefined && verbs.has('merge')
      ? [
          {
            label: say.labels.merge,
            command: `copse merge ${[...(winner.needs ?? []), winner.label].map(shellWord).join(' ')}${checks}`,
          },
        ]
      : []),
    ...(verbs.has('prune') && evidence.variants.some(({ work }) => work === 'landed')
      ? [{ label: labels.clear, command: 'copse prune' }]
      : []),
  ];
  return all.map(line);
}

/** Nowhere, so that the check itself wants correcting. */
function couldNotRun({ status, onBase }: CheckEvidence): boolean {
  return status === 'could-not-run' && onBase === 'could-not-run';
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
  const verbs = o.commands ?? new Set<string>();
  const reasons = rankingTexts(evidence).map(({ label, rank, reasons: why }) => ({
    lead: `${rank} ${oneLine(label)}`,
    text: why.join('; '),
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
    decisionTexts(evidence).flatMap((text, i) =>
      wrapWords(text, o.columns - 2).map((line) => (i === 0 ? style.bold(line) : `  ${line}`)),
    ),
    warningsOf(evidence).flatMap(warn),
    [...table, ...(table.some((line) => line.includes(BEST)) ? [style.dim(`  ${say.bestLegend(BEST)}`)] : [])],
    checkLines(evidence, o, verbs),
    block(say.ranked, reasons, o),
    block(say.remarks, remarks, o),
    block(
      say.across,
      acrossTexts(evidence).map((text) => ({ lead: '', text })),
      o,
    ),
    block(judgeTitle, judged, o),
    nextLines(evidence, o, verbs),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
