import type { Evidence, VariantEvidence } from '../../model/reports/evidence.ts';
import { cost } from '../../text/amounts.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import * as words from '../kit/shared-messages.ts';
import { symbolsFor } from '../kit/style.ts';
import { type CompareColumn, compareColumns } from './compare-columns.ts';
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
import { placeText } from './compare-text.ts';

const symbols = symbolsFor({ unicode: true });
/** A comment on a forge holds 65,536 characters; twenty long summaries must not fill it. */
const SUMMARY_CHARACTERS = 1_500;

/**
 * Text that stays text: nothing in it starts HTML, a link, a picture, a table cell, a list or emphasis, and no `@name` or `#12`
 * in an agent's text notifies people or issues of a forge.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replace(/^(\d*)([-+.)=])(?=\s|$)/, '$1\\$2')
    .replace(/@/g, '@\u200b')
    .replace(/\bhttps?:\/\//gi, (scheme) => scheme.replace(':', ':\u200b'))
    .replace(/\bwww\./gi, 'www\u200b.');
}

/** A name as code: people copy it, and nothing in it acts. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}

/** A block of text as code: no character of it acts, and the fence is longer than any within. */
function fenced(text: string): string {
  const shown = plainText(text).trim();
  const cut = shown.length > SUMMARY_CHARACTERS ? `${shown.slice(0, SUMMARY_CHARACTERS).trimEnd()} …` : shown;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${cut}\n${fence}`;
}

const MARKS = { good: '✅', bad: '❌', open: '⏳' } as const;

function table(evidence: Evidence): string {
  const columns = compareColumns(evidence, symbols).filter(({ detail }) => detail !== true);
  const cellOf = ({ cells }: CompareColumn, v: VariantEvidence): string => {
    const { text, note = '', best } = cells.get(v.label) ?? { text: '' };
    const shown = markdownText(text);
    return `${best === true && text !== '' ? `**${shown}**` : shown}${note === '' ? '' : ` ${markdownText(note)}`}`;
  };
  const head = ['', say.heads.variant, ...columns.map((column) => markdownText(column.head))];
  const align = ['--:', '---', ...columns.map((column) => (column.align === 'right' ? '--:' : '---'))];
  const rows = byRank(evidence).map(({ variant: v, rank }) => [
    rank === null ? '' : String(rank),
    `${MARKS[markOf(v)]} **${markdownText(v.label)}**`,
    ...columns.map((column) => cellOf(column, v)),
  ]);
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const section = (title: string, body: string): string[] => (body === '' ? [] : [`### ${title}`, body]);

/** The evidence as a comment for a pull request (GitHub-flavoured Markdown). Bold values are best. Ends without a line break. */
export function compareMarkdown(evidence: Evidence): string {
  const { base, target, judge } = evidence;
  const [decided, ...reasons] = decisionTexts(evidence);
  const facts = [
    words.variantCount(evidence.variants.length),
    ...(base === null ? [] : [words.base(code(placeText(base.ref, base.commit)))]),
    ...(target === null ? [] : [say.into(code(oneLine(target.branch)))]),
  ];
  const remarks = evidence.variants.flatMap((v) =>
    remarksOf(v).map((text) => `**${markdownText(v.label)}** ${markdownText(text)}`),
  );
  const checks = byRank(evidence).flatMap(({ variant }) => checkRemarks(variant, evidence).map(({ text }) => markdownText(text)));
  const ranking = rankingTexts(evidence).map(
    ({ label, rank, reasons }) => `${rank} · **${markdownText(label)}**: ${reasons.map(markdownText).join('; ')}`,
  );
  const judged = [
    ...judgeLines(evidence).map(
      ({ label, means, reasons, risks }) =>
        `**${markdownText(label)}** ${meansText(means)}: ${markdownText(reasons)}${risks === '' ? '' : ` ${say.risks(markdownText(risks))}`}`,
    ),
    ...judgeRemarks(evidence).map(markdownText),
  ];
  const summaries = byRank(evidence)
    .filter(({ variant }) => variant.summary.trim() !== '')
    .map(
      ({ variant }) => `<details><summary>${markdownText(variant.label)}</summary>\n\n${fenced(variant.summary)}\n\n</details>`,
    );
  const blocks = [
    `## ${evidence.runs.map(markdownText).join(', ')}`,
    ...(decided === undefined ? [] : [[`**${markdownText(decided)}**`, ...reasons.map(markdownText)].join(' · ')]),
    facts.join(' · '),
    ...(warningsOf(evidence).length === 0
      ? []
      : [
          warningsOf(evidence)
            .map((text) => `> ${markdownText(text)}`)
            .join('\n>\n'),
        ]),
    table(evidence),
    ...(checks.length === 0 ? [] : [list(checks)]),
    ...section(say.ranked, list(ranking)),
    ...section(say.remarks, list(remarks)),
    ...section(say.across, list(acrossTexts(evidence).map(markdownText))),
    ...(judge === null
      ? []
      : section(
          `${say.judge} (${markdownText(say.judged(judge.model, judge.rounds.length, cost(judge.costUsd, symbols)))})`,
          list(judged),
        )),
    ...section(say.summaries, summaries.join('\n\n')),
  ];
  return blocks.join('\n\n');
}
