import type { Evidence } from '../../../model/reports/evidence.ts';
import { bytes, clockTime } from '../../../text/amounts.ts';
import { oneLine } from '../../../text/plain-text.ts';
import * as say from '../../compare/compare-messages.ts';
import { patchFiles, readableSize } from '../diff/patch-files.ts';
import { html, type Markup, raw } from '../markup.ts';
import { page } from '../page.ts';
import { nameMarkup } from '../visible-markup.ts';
import { agreementSection } from './report-agreement.ts';
import { DIFF_LIMITS, type Limits, PAIR_LIMITS, type Shown, withinBudget } from './report-budget.ts';
import { decisionMarkup } from './report-decision.ts';
import * as words from './report-messages.ts';
import {
  evidenceTable,
  evidenceWarnings,
  factList,
  type IdOf,
  judgeSection,
  linkTo,
  overlapSection,
  ranking,
  taskMarkup,
  verdict,
  warnings,
} from './report-overview.ts';
import { pairsSection } from './report-pairs.ts';
import { type CheckOutput, variantsSection } from './report-variants.ts';

export interface ReportOptions {
  /** The changes of each variant, as git prints them with the prefixes `a/` and `b/`. */
  readonly diffs: readonly { readonly label: string; readonly patch: string }[];
  /** Diffs from `a` to `b`, for the pairs of `pairsToShow` or those that a person asked for. */
  readonly pairs?: readonly { readonly a: string; readonly b: string; readonly patch: string }[];
  /** The output of checks; of long ones the end is shown. */
  readonly outputs?: readonly CheckOutput[];
  /** Of variants that are served. */
  readonly pictures?: readonly Picture[];
  /** One sentence on pictures that are missing, or empty. */
  readonly pictureNote?: string;
  /** Of copse. */
  readonly version: string;
  /** The limits of the page; for tests. */
  readonly limits?: Limits;
}

type Section = readonly [id: string, name: string, markup: Markup];

function read(patches: readonly string[], limits: Limits): Shown[][] {
  const upTo = readableSize(patches, limits.shown);
  return withinBudget(
    patches.map((patch) => patchFiles(patch, upTo)),
    limits,
  );
}

function folded(lists: readonly (readonly Shown[])[]): string[] {
  const all = lists.flat();
  const left = all.filter(({ how }) => how === 'left-out');
  const size = left.reduce((sum, { file }) => sum + file.size, 0);
  return left.length === 0 ? [] : [words.leftOut(left.length, bytes(size))];
}

/**
 * The report: one self-contained HTML page of everything known, for readers who have only a browser. It loads and sends
 * nothing, is whole without script, and has agents' words as text. Diffs beyond its limits are named with the command that
 * shows them, the biggest files first.
 *
 * Comes in parts, which are to be written one by one: as one text a page of 10 MB takes 60 MB more while it is made.
 */
export function reportParts(evidence: Evidence, o: ReportOptions): Generator<string> {
  const ids = new Map(evidence.variants.map(({ label }, i) => [label, `v${i + 1}`]));
  const idOf: IdOf = (label) => ids.get(label) ?? 'variants';
  const lists = read(
    o.diffs.map(({ patch }) => patch),
    o.limits ?? DIFF_LIMITS,
  );
  const pairLists = read(
    (o.pairs ?? []).map(({ patch }) => patch),
    PAIR_LIMITS,
  );
  const files = new Map(o.diffs.map(({ label }, i) => [label, lists[i] ?? []]));
  const pairs = (o.pairs ?? []).map(({ a, b }, i) => ({ a, b, files: pairLists[i] ?? [] }));
  const title = words.titleOf(evidence.runs.map(oneLine).join(', '), evidence.variants.length);
  const before: readonly Section[] = [
    ['task', words.task, taskMarkup(evidence.task)],
    ['ranking', say.ranked, ranking(evidence, idOf)],
    ['numbers', words.numbers, evidenceTable(evidence, idOf)],
    ['overlap', words.overlap, overlapSection(evidence, idOf)],
    ['agreement', words.agreementShort, agreementSection(evidence)],
    ['judge', say.judge, judgeSection(evidence, idOf)],
  ];
  const after: readonly Section[] = [['pairs', words.pairs, pairsSection(evidence, pairs, idOf)]];
  const there = (sections: readonly Section[]) => sections.filter(([, , { markup }]) => markup !== '');
  const looks = looksSection(o.pictures ?? [], idOf);
  const contents = [...there([['looks', words.looks, looks], ...before]), ['variants', words.variants] as const, ...there(after)];
  const top = html`<a class="skip" href="#main">Skip to the comparison</a>
<header class="top"><div class="wrap"><div class="bar"><h1>${title}</h1><button type="button" class="theme" hidden>Colours</button></div>${decisionMarkup(evidence, idOf)}${verdict(evidence, idOf)}${factList(evidence)}<nav class="toc" aria-label="Contents"><ul>${contents.map(([id, text]) => html`<li><a href="#${id}">${text}</a>`)}</ul></nav></div></header>
<main id="main" class="wrap" tabindex="-1"><div class="first-page">${looks}</div>${evidenceWarnings(evidence)}${warnings(folded([...lists, ...pairLists]))}${warnings((o.pictureNote ?? '') === '' ? [] : [oneLine(o.pictureNote ?? '')])}${before.map(([, , markup]) => markup)}`;
  const bottom = html`${after.map(([, , markup]) => markup)}</main>
<footer><div class="wrap"><p>${words.made(oneLine(o.version), `${evidence.at.slice(0, 10)} ${clockTime(evidence.at, { utcOffsetMinutes: 0 })} UTC`)} ${words.offline}</p></div></footer>`;
  const variants = variantsSection(evidence, { files, outputs: o.outputs ?? [], idOf });
  function* body(): Generator<Markup> {
    yield top;
    yield* variants;
    yield bottom;
  }
  return page({ title, body: body(), pictures: (o.pictures ?? []).length > 0 });
}

interface Picture {
  readonly label: string;
  readonly png: Uint8Array;
}

/** How variants look that were served while the report was made. */
function looksSection(pictures: readonly Picture[], idOf: IdOf): Markup {
  if (pictures.length === 0) return html``;
  const figures = pictures.map(
    ({ label, png }) =>
      html`<figure><img alt="${words.pictureOf(label)}" width="1280" height="800" loading="lazy" src="data:image/png;base64,${raw(Buffer.from(png).toString('base64'))}"><figcaption>${pictures.length > 1 ? linkTo(label, idOf) : nameMarkup(label)}</figcaption></figure>`,
  );
  return html`<section aria-labelledby="looks"><h2 id="looks">${words.looks}</h2><p class="legend">${words.looksLead}</p><div class="looks">${figures}</div></section>`;
}
