import type { Evidence } from '../../model/evidence.ts';
import { bytes, clockTime } from '../amounts.ts';
import * as say from '../compare-messages.ts';
import { oneLine } from '../plain-text.ts';
import { html, type Markup } from './markup.ts';
import { page } from './page.ts';
import { patchFiles } from './patch-files.ts';
import { agreementSection } from './report-agreement.ts';
import { DIFF_LIMITS, type Limits, PAIR_LIMITS, type Shown, withinBudget } from './report-budget.ts';
import * as words from './report-messages.ts';
import {
  evidenceTable,
  evidenceWarnings,
  factList,
  type IdOf,
  judgeSection,
  overlapSection,
  ranking,
  taskMarkup,
  verdict,
  warnings,
} from './report-overview.ts';
import { pairsSection } from './report-pairs.ts';
import { type CheckOutput, variantsSection } from './report-variants.ts';

export interface ReportOptions {
  /** What each variant changed, as git prints it with the prefixes `a/` and `b/`. */
  readonly diffs: readonly { readonly label: string; readonly patch: string }[];
  /** Diffs from `a` to `b`, for the pairs of `pairsToShow` or those that a person asked for. */
  readonly pairs?: readonly { readonly a: string; readonly b: string; readonly patch: string }[];
  /** What checks printed; the end of long ones is shown. */
  readonly outputs?: readonly CheckOutput[];
  /** Of copse. */
  readonly version: string;
  /** What the page holds at most; for tests. */
  readonly limits?: Limits;
}

function folded(lists: readonly (readonly Shown[])[]): string[] {
  const all = lists.flat();
  const left = all.filter(({ how }) => how === 'left-out');
  const plain = all.filter(({ how, colours }) => how !== 'left-out' && !colours);
  const size = left.reduce((sum, { file }) => sum + file.size, 0);
  return [
    ...(left.length === 0 ? [] : [words.leftOut(left.length, bytes(size))]),
    ...(plain.length === 0 ? [] : [words.withoutColours(plain.length)]),
  ];
}

const CONTENTS: readonly (readonly [string, string])[] = [
  ['ranking', say.ranked],
  ['numbers', 'Numbers'],
  ['overlap', words.overlap],
  ['agreement', 'Made alike'],
  ['judge', say.judge],
  ['variants', words.variants],
  ['pairs', words.pairs],
];

/**
 * The report: one self-contained HTML page of everything known, for a person who has nothing but a browser. It loads and sends
 * nothing, is whole without script, and holds what agents wrote as text. Diffs beyond its limits are named with the command that
 * shows them, the biggest files first.
 */
export function reportHtml(evidence: Evidence, o: ReportOptions): string {
  const ids = new Map(evidence.variants.map(({ label }, i) => [label, `v${i + 1}`]));
  const idOf: IdOf = (label) => ids.get(label) ?? 'variants';
  const lists = withinBudget(
    o.diffs.map(({ patch }) => patchFiles(patch)),
    o.limits ?? DIFF_LIMITS,
  );
  const pairLists = withinBudget(
    (o.pairs ?? []).map(({ patch }) => patchFiles(patch)),
    PAIR_LIMITS,
  );
  const files = new Map(o.diffs.map(({ label }, i) => [label, lists[i] ?? []]));
  const pairs = (o.pairs ?? []).map(({ a, b }, i) => ({ a, b, files: pairLists[i] ?? [] }));
  const title = words.titleOf(evidence.runs.map(oneLine).join(', '), evidence.variants.length);
  const sections: Markup[] = [
    taskMarkup(evidence.task),
    ranking(evidence, idOf),
    evidenceTable(evidence, idOf),
    overlapSection(evidence, idOf),
    agreementSection(evidence),
    judgeSection(evidence, idOf),
    variantsSection(evidence, { files, outputs: o.outputs ?? [], idOf }),
    pairsSection(evidence, pairs, idOf),
  ];
  const contents = CONTENTS.filter(([id]) =>
    sections.some(({ markup }) => markup.includes(`<h2 id="${id}"`) || markup.startsWith(`<section id="${id}"`)),
  );
  const body = html`<a class="skip" href="#main">Skip to the comparison</a>
<header class="top"><div class="wrap"><div class="bar"><h1>${title}</h1><button type="button" class="theme" hidden>Colours</button></div>${verdict(evidence, idOf)}${factList(evidence)}<nav class="toc" aria-label="Contents"><ul>${contents.map(([id, text]) => html`<li><a href="#${id}">${text}</a>`)}</ul></nav></div></header>
<main id="main" class="wrap" tabindex="-1">${evidenceWarnings(evidence)}${warnings(folded([...lists, ...pairLists]))}${sections}</main>
<footer><div class="wrap"><p>${words.made(o.version, `${evidence.at.slice(0, 10)} ${clockTime(evidence.at, { utcOffsetMinutes: 0 })} UTC`)} ${words.offline}</p></div></footer>`;
  return page({ title, body });
}
