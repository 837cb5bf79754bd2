import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument } from '../../../../src/config/document/document.ts';
import { parseText } from '../../../../src/config/document/parse-text.ts';
import type { Problem } from '../../../../src/model/errors.ts';
import { folderOf } from '../../../support/folder-of.ts';
import { places } from '../../../support/variants-problems.ts';

function problemsOf(text: string): readonly Problem[] {
  const read = parseText('/x.yaml', text);
  return read.ok ? [] : read.problems;
}

it('knows where keys and values stand, also in flow, in lists and behind an alias', () => {
  const read = parseText('/x.yaml', 'a: &x\n  b: { c: 1 }\nl:\n  - one\n  - two\ny: *x\n');
  if (!read.ok) throw new Error('does not parse');
  const { document } = read;
  expect(document.keyPosition(['a', 'b', 'c'])).toEqual({ file: '/x.yaml', line: 2, column: 8 });
  expect(document.position(['a', 'b', 'c'])).toMatchObject({ line: 2, column: 11 });
  expect(document.position(['l', 1])).toMatchObject({ line: 5, column: 5 });
  expect(document.position(['y', 'b'])).toMatchObject({ line: 2, column: 6 });
  expect(document.position(['a', 'gone', 'deeper'])).toMatchObject({ line: 2 });
});

it('keeps the order of keys that look like numbers', () => {
  const read = parseText('/x.yaml', 'm: { b: 1, "10": 2, "2": 3 }');
  expect(read.ok && read.document.keys(['m'])).toEqual(['b', '10', '2']);
});

it('keeps the characters of numbers below env, vars and each', () => {
  const read = parseText('/x.yaml', 'env: { A: 012, B: 1.50, C: true, D: no }\nother: 012\n');
  expect(read.ok && read.document.value).toEqual({ env: { A: '012', B: '1.50', C: 'true', D: 'no' }, other: 12 });
});

it('reads JSON', () => {
  expect(parseText('/x.json', '{"a": [1, "two", null]}')).toMatchObject({
    ok: true,
    document: { value: { a: [1, 'two', null] } },
  });
});

it.each([
  ['a: 1\na: 2\n', '2:1', 'Duplicate key'],
  ['a: b\n--- \nc: d\n', '2:1', 'several documents'],
  ['a:\n\tb: 1\n', '2:1', 'tab'],
  ['a: "x\n', '1:4', 'never closed'],
  ['a: !js x\n', '1:4', 'tags'],
  ['012: a\n', '1:1', 'quotes'],
  ['? [a]\n: b\n', '1:3', 'plain text'],
  ['<<: { a: 1 }\n', '1:1', 'defaults'],
  ['a: *gone\n', '1:4', 'no anchor'],
  ['a: &x { b: *x }\n', '1:12', 'inside'],
  [`a: &x [1]\nb: [${'*x, '.repeat(101)}]\n`, '2:405', 'too often'],
])('refuses %j at %s', (text, place, word) => {
  const problems = problemsOf(text);
  expect(places(problems)).toEqual([place]);
  expect(`${problems[0]?.what} ${problems[0]?.fix ?? ''}`).toContain(word);
});

it('is not told about everything in a file that is wrong everywhere', () => {
  expect(problemsOf('&a '.repeat(2_000)).length).toBeLessThanOrEqual(50);
});

it.each([
  ['a NUL byte', Buffer.from('a: \0'), 'NUL'],
  ['UTF-16', Buffer.from('\ufeffa: b', 'utf16le'), 'NUL'],
  ['Latin-1', Buffer.from([0x61, 0x3a, 0x20, 0xe9]), 'UTF-8'],
  ['10 MB', Buffer.alloc(10 * 1024 * 1024, 'a'), '1 MB'],
])('refuses %s', async (_what, bytes, word) => {
  const folder = await folderOf({ 'x.yaml': bytes });
  const read = await readDocument(join(folder, 'x.yaml'));
  expect(read).toMatchObject({ ok: false, problems: [{ what: expect.stringContaining(word) }] });
});

it('refuses a directory, and says that a file is missing', async () => {
  const folder = await folderOf();
  expect(await readDocument(folder)).toMatchObject({
    ok: false,
    missing: false,
    problems: [{ what: expect.stringContaining('directory') }],
  });
  expect(await readDocument(join(folder, 'gone'))).toMatchObject({ ok: false, missing: true });
});

it('does not wait for a pipe that nobody writes to', async () => {
  const folder = await folderOf();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await readDocument(join(folder, 'pipe'))).toMatchObject({
    ok: false,
    problems: [{ what: expect.stringContaining('regular') }],
  });
});
