/** Favourites in every view of the evidence; without any, no column of them. */
import { expect, test } from 'vitest';
import { compareJson } from '../../../../src/view/compare/compare-json.ts';
import { compareMarkdown } from '../../../../src/view/compare/compare-markdown.ts';
import { compareText } from '../../../../src/view/compare/compare-text.ts';
import { evidenceOf } from '../../../support/evidence.ts';
import { reportHtml } from '../../../support/report-html.ts';
import { CREATED } from '../a-run.ts';
import { anEvidence } from '../some-evidence.ts';

const screen = { columns: 120, rows: 40, colour: false, unicode: true } as const;
const HOSTILE = '<b>calm</b> | @all\u001b[31m';
const voted = anEvidence([
  evidenceOf('dark', {
    votes: [
      { note: HOSTILE, at: CREATED, name: '', changed: false, blind: true },
      { note: '', at: CREATED, name: '', changed: false, blind: false },
    ],
  }),
  evidenceOf('light'),
]);
const none = anEvidence([evidenceOf('dark'), evidenceOf('light')]);

test('text: a column and what people say', () => {
  const text = compareText(voted, screen);
  expect(text).toMatch(/variant +outcome +votes/);
  expect(text).toMatch(/dark +succeeded +2 /);
  expect(text).toContain('dark  2 votes: “<b>calm</b> | @all”');
  expect(compareText(none, screen)).not.toContain('votes');
});

test('Markdown: a column, and notes that stay text', () => {
  const text = compareMarkdown(voted);
  expect(text).toContain('| outcome | votes |');
  expect(text).toContain('&lt;b>calm&lt;/b> \\| @\u200ball');
  expect(compareMarkdown(none)).not.toContain('votes');
});

test('JSON: each vote, plain', () => {
  const [dark, light] = compareJson(voted).variants;
  expect(dark?.votes).toEqual([
    { note: '<b>calm</b> | @all', at: CREATED, name: null, changed: false, blind: true },
    { note: '', at: CREATED, name: null, changed: false, blind: false },
  ]);
  expect(light?.votes).toEqual([]);
});

test('the report: a column, the notes with their variant, escaped', () => {
  const html = reportHtml(voted, { diffs: [], version: '1' });
  expect(html).toContain('>votes<');
  expect(html).toContain('2 votes');
  expect(html).toContain('&lt;b&gt;calm&lt;/b&gt; | @all');
  expect(html).toContain('names were hidden');
  expect(html).not.toContain('<b>calm');
  expect(reportHtml(none, { diffs: [], version: '1' })).not.toContain('>votes<');
});
