import { expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/reports/evidence.ts';
import { compareColumns } from '../../../src/view/compare/compare-columns.ts';
import { compareJson } from '../../../src/view/compare/compare-json.ts';
import { compareMarkdown, markdownText } from '../../../src/view/compare/compare-markdown.ts';
import { compareText } from '../../../src/view/compare/compare-text.ts';
import { escapeHtml } from '../../../src/view/html/markup.ts';
import { symbolsFor } from '../../../src/view/kit/style.ts';
import { evidenceOf } from '../../support/evidence.ts';
import { reportHtml } from '../../support/report-html.ts';
import { screen } from './a-run.ts';
import { anEvidence, bugFix, checkOf, hard, usual } from './some-evidence.ts';

const symbols = symbolsFor({ unicode: true });

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\<]/g, '\\$&');

/** Texts of a row of the page's table, tags and stars left out. */
function pageRow(html: string, id: string): string {
  const table = /<section aria-labelledby="numbers">[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
  const row = table.split('<tr>').find((one) => one.includes(`href="#${id}"`)) ?? '';
  return row
    .replace(/<span class="star"[^>]*>★<\/span><span class="sr"> best<\/span>/g, '*')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

test.each([
  ['usual', usual],
  ['hard', hard],
  ['a bug', bugFix],
])('terminal, Markdown, page and JSON say the same: %s', (_, evidence: Evidence) => {
  const json = compareJson(evidence);
  const terminal = compareText(evidence, screen(400)).split('\n');
  const markdown = compareMarkdown(evidence).split('\n');
  const html = reportHtml(evidence, { diffs: [], version: '1' });
  const columns = compareColumns(evidence, symbols);
  expect(json.columns).toEqual(columns.map(({ id, head }) => ({ id, head })));
  for (const [i, variant] of evidence.variants.entries()) {
    const shown = json.variants.find(({ name }) => name === variant.label);
    const line = terminal.find((one) => /^ +\d+ [✔✘◷] /.test(one) && one.includes(` ${variant.label.slice(0, 20)}`)) ?? '';
    const cells = (markdown.find((one) => one.startsWith('|') && one.includes(`**${markdownText(variant.label)}**`)) ?? '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    const row = pageRow(html, `v${i + 1}`);
    for (const { id, cells: of, detail } of columns) {
      const { text, note = '', best = false } = of.get(variant.label) ?? { text: '' };
      expect(shown?.cells[id], id).toEqual(text === '' ? undefined : { text, note: note === '' ? null : note, best });
      if (text === '') continue;
      expect(line, id).toMatch(new RegExp(`${escaped(text)}${best ? '\\*' : '(?!\\*)'} *${escaped(note)}`));
      if (detail === true) continue;
      const marked = best ? `**${markdownText(text)}**` : markdownText(text);
      expect(cells, id).toContain(note === '' ? marked : `${marked} ${markdownText(note)}`);
      expect(row, id).toContain(`${escapeHtml(text)}${best ? ' *' : ''}${note === '' ? '' : ` ${escapeHtml(note)}`}`);
    }
    for (const sentence of shown?.evidence ?? []) {
      expect(terminal.join(' ').replace(/\s+/g, ' ')).toContain(sentence);
      expect(markdown.join('\n')).toContain(markdownText(sentence));
      expect(html).toContain(escapeHtml(sentence));
    }
  }
});

test('a column that nobody has anything in is left out, and agents’ words stay in their cells', () => {
  const ids = (evidence: Evidence) => compareColumns(evidence, symbols).map(({ id }) => id);
  expect(ids(anEvidence([evidenceOf('a', { costUsd: 0, turns: 0, agentMs: 0, model: null })]))).toEqual([
    'outcome',
    'files',
    'added',
    'removed',
    'merges',
  ]);
  const hostile = anEvidence([evidenceOf('a', { checks: [checkOf('x\u001b[2J | y')], model: 'm\u001b[31m' })]);
  const [, check] = compareColumns(hostile, symbols);
  expect(check?.head).toBe('x | y');
});

test('what waits, sets up or checks is not the agent’s time', () => {
  const of = (label: string, agentMs: number, durationMs: number) => evidenceOf(label, { agentMs, durationMs, costUsd: 0 });
  const agent = compareColumns(anEvidence([of('quick', 10_000, 900_000), of('slow', 60_000, 61_000)]), symbols).find(
    ({ id }) => id === 'agent',
  );
  expect([...(agent?.cells ?? [])]).toEqual([
    ['quick', { text: '10s', best: true }],
    ['slow', { text: '1m00s', best: false }],
  ]);
});
