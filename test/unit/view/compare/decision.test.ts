/** What people decided, in every view of the evidence. */
import { describe, expect, test } from 'vitest';
import { resultLine, tallyLine } from '../../../../src/model/decision-words.ts';
import { compareJson } from '../../../../src/view/compare/compare-json.ts';
import { compareMarkdown } from '../../../../src/view/compare/compare-markdown.ts';
import { compareText } from '../../../../src/view/compare/compare-text.ts';
import { decisionText } from '../../../../src/view/compare/decision-text.ts';
import { evidenceOf } from '../../../support/evidence.ts';
import { reportHtml } from '../../../support/report-html.ts';
import { CREATED } from '../a-run.ts';
import { anEvidence } from '../some-evidence.ts';

const screen = { columns: 100, rows: 40, colour: false, unicode: true } as const;
const HOSTILE = 'reads <b>best</b>';
const vote = (name: string, note: string, changed = false) => ({ name, note, changed, at: CREATED, blind: false });
const decided = anEvidence(
  [
    evidenceOf('dark', { votes: [vote('', '')] }),
    evidenceOf('light', { votes: [vote('AB', 'calm <i>'), vote('', ''), vote('CD', '', true)] }),
  ],
  { decision: { voting: 'closed', chosen: 'light', why: HOSTILE, at: CREATED, changed: true } },
);
const closed = anEvidence(decided.variants, {
  decision: { voting: 'closed', chosen: null, why: '', at: null, changed: false },
});

describe('the line', () => {
  test.each([
    [{ chosen: 'light', voting: 'open' }, 'Chosen: light, 7 of 12'],
    [{ chosen: 'dark', voting: 'closed' }, 'Chosen: dark, 5 of 12'],
    [{ chosen: null, voting: 'closed' }, 'Voting is closed. 12 votes: light 7, dark 5'],
    [{ chosen: null, voting: 'open' }, ''],
  ] as const)('%j', (o, line) => {
    const tally = [
      { label: 'dark', votes: 5 },
      { label: 'light', votes: 7 },
      { label: 'wide', votes: 0 },
    ];
    expect(resultLine({ ...o, tally })).toBe(line);
  });

  test('without votes', () => {
    expect(resultLine({ chosen: 'light', voting: 'open', tally: [] })).toBe('Chosen: light');
    expect(tallyLine([])).toBe('No votes');
  });
});

test('text: right below the header, with the reason and what has changed', () => {
  const [, , ...lines] = compareText(decided, screen).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'Chosen: light, 3 of 4',
    `  ${HOSTILE}`,
    '  It has other commits now than when it was chosen.',
  ]);
  expect(compareText(decided, screen)).toContain('“AB: calm <i>”');
  expect(compareText(decided, screen)).toContain('1 vote is for an earlier commit of it.');
  expect(compareText(closed, screen)).toContain('\nVoting is closed. 4 votes: light 3, dark 1\n');
});

test('Markdown: the first line below the title', () => {
  expect(compareMarkdown(decided).split('\n')[2]).toMatch(/^\*\*Chosen: light, 3 of 4\*\* · reads &lt;b>best&lt;\/b>/);
});

test('JSON: the choice, its votes and its reason', () => {
  expect(compareJson(decided).decision).toEqual({
    voting: 'closed',
    chosen: 'light',
    why: HOSTILE,
    at: CREATED,
    votes: 3,
    of: 4,
    changed: true,
  });
  expect(compareJson(decided).variants[1]?.votes[0]).toMatchObject({ name: 'AB', note: 'calm <i>', changed: false });
});

test('the report: its first line below the title, then the votes with their reasons, escaped', () => {
  const page = reportHtml(decided, { diffs: [], version: '1' });
  expect(page.slice(page.indexOf('</h1>'))).toMatch(
    /^<\/h1>.{0,80}<\/div><div class="decision"><p class="decided"><strong>Chosen: light, 3 of 4<\/strong>/,
  );
  expect(page).toContain('reads &lt;b&gt;best&lt;/b&gt;');
  expect(page).toContain('“AB: calm &lt;i&gt;” CD');
  expect(page.indexOf('class="tally"')).toBeLessThan(page.indexOf('comes first'));
  expect(reportHtml(anEvidence([evidenceOf('dark')]), { diffs: [], version: '1' })).not.toContain('class="decision"');
});

test('choose: what is chosen, why, and the next command', () => {
  const decision = { chosen: 'light', why: 'calm', at: CREATED, voting: 'open', tally: [{ label: 'light', votes: 2 }] } as const;
  expect(decisionText('ui', decision, { ...screen, merge: true })).toBe(
    'Chosen: light, 2 of 2\n  calm\nMerge it: copse merge ui/light',
  );
  expect(decisionText('ui', { ...decision, chosen: null, why: '' }, { ...screen, merge: true })).toBe(
    'Nothing is chosen in ui. 2 votes: light 2.',
  );
});
