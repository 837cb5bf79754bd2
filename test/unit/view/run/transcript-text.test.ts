import { expect, test } from 'vitest';
import type { TranscriptEntry } from '../../../../src/model/reports/transcript-entry.ts';
import { displayWidth } from '../../../../src/view/kit/width.ts';
import { transcriptText } from '../../../../src/view/run/transcript-text.ts';
import { screen } from '../a-run.ts';

const numbered = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n');
const entries: readonly TranscriptEntry[] = [
  { kind: 'start', model: 'sonnet', sessionId: '6f1d2c3b' },
  { kind: 'text', text: 'I look at the theme first.\nThen I edit it.', subagent: false },
  {
    kind: 'tool',
    id: '1',
    tool: 'Bash',
    input: 'npm test -- --reporter=dot src/theme/dark.spec.ts\nsrc/theme/light.spec.ts',
    subagent: false,
  },
  { kind: 'tool-result', id: '1', text: numbered, failed: false },
  { kind: 'text', text: 'A helper says this.', subagent: true },
  { kind: 'tool', id: '2', tool: 'Read', input: 'src/主题/暗色.css', subagent: true },
  { kind: 'tool-result', id: '2', text: '', failed: false },
  { kind: 'tool', id: '3', tool: 'Bash', input: 'false', subagent: false },
  { kind: 'tool-result', id: '3', text: numbered, failed: true },
  { kind: 'denied', tool: 'Bash', input: 'npm install zod', reason: 'This command needs approval.' },
  { kind: 'notice', text: 'API error 529, next try in 4s' },
  { kind: 'result', ok: true, text: 'Done: dark theme.\nTwo files.', turns: 12, costUsd: 0.41 },
  { kind: 'result', ok: false, text: '', turns: 1, costUsd: null },
];

test.each([80, 60, 20])('a transcript at %i columns', async (columns) => {
  const text = entries.map((entry) => transcriptText(entry, screen(columns))).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(`../screens/transcript-${columns}.txt`);
});

test('results are folded, and whole on demand', () => {
  const entry: TranscriptEntry = { kind: 'tool-result', id: '1', text: numbered, failed: false };
  expect(transcriptText(entry, screen(80)).split('\n')).toEqual(['  line 1', '  line 2', '  … 28 more lines']);
  expect(transcriptText(entry, { ...screen(80), full: true }).split('\n')).toHaveLength(30);
});

test('for a terminal text breaks between words, below the words of its list item', () => {
  const entry: TranscriptEntry = { kind: 'text', text: 'short line\n- the palette is the one place', subagent: true };
  expect(transcriptText(entry, { ...screen(24), wrap: true }).split('\n')).toEqual([
    '    short line',
    '    - the palette is the',
    '      one place',
  ]);
  expect(transcriptText(entry, screen(24))).toBe('    short line\n    - the palette is the one place');
});

test('a tool takes one line', () => {
  for (const columns of [40, 80]) {
    const text = transcriptText(
      { kind: 'tool', id: '1', tool: 'Bash', input: 'x\n'.repeat(200), subagent: true },
      screen(columns),
    );
    expect(displayWidth(text)).toBeLessThanOrEqual(columns);
  }
});

test('fault 36: escape sequences are stripped from every kind of entry', () => {
  const evil = 'a\u001b]0;t\u0007\u001b[2Jb';
  const all: readonly TranscriptEntry[] = [
    { kind: 'text', text: evil, subagent: false },
    { kind: 'tool', id: '1', tool: evil, input: evil, subagent: false },
    { kind: 'tool-result', id: '1', text: evil, failed: true },
    { kind: 'denied', tool: evil, input: evil, reason: evil },
    { kind: 'notice', text: evil },
    { kind: 'result', ok: true, text: evil, turns: 1, costUsd: 0 },
    { kind: 'start', model: evil, sessionId: evil },
  ];
  for (const entry of all) expect(transcriptText(entry, screen(80))).not.toContain('\u001b');
});
