import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LineCourse, linesAt } from '../../../src/git/landed/lines-at.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

/** More files than are read as they are. */
const MANY = 520;
const WATCHED = ['line 3', 'line 7', '  indented', '-- minus', '++ plus', 'last without an end', 'never there'];

/** Any number, the same each time. */
function numbers(): (most: number) => number {
  let next = 7;
  return (most) => {
    next = (next * 1_103_515_245 + 12_345) % 2_147_483_648;
    return next % most;
  };
}

/** Contents of the versions of one file, each edited from the one before. */
function versions(count: number): string[] {
  const pick = numbers();
  const lines = Array.from({ length: 12 }, (_, n) => `line ${n}`);
  return Array.from({ length: count }, (_, n) => {
    const line = pick(3) === 0 ? `other ${n}` : (WATCHED[pick(5)] ?? '');
    if (pick(3) === 0) lines.splice(pick(lines.length), 1);
    lines.splice(pick(lines.length + 1), 0, line, `at ${n}`);
    return `${lines.join('\n')}\n${n % 5 === 0 ? 'last without an end' : ''}`;
  });
}

function stored(sandbox: Sandbox, contents: readonly (string | Uint8Array)[]): string[] {
  write(sandbox.root, Object.fromEntries(contents.map((content, n) => [`v/${n}`, content])));
  const paths = contents.map((_, n) => `v/${n}`);
  return sandbox
    .git('hash-object', '-w', '--no-filters', ...paths)
    .split('\n')
    .map((id) => `100644 ${id}`);
}

const expected = (content: string): string => WATCHED.map((line) => (content.split('\n').includes(line) ? '1' : '0')).join('');

test.each([
  ['few versions are read', 40],
  ['many are followed from one to the next', MANY],
])('which lines each version of a file has: %s', async (_, count) => {
  const sandbox = new Sandbox();
  const contents = versions(count);
  const entries = stored(sandbox, contents);
  const git = objectsGit(join(sandbox.root, '.git'));
  const half = Math.floor(count / 2);
  const [all, some, none] = await linesAt(git, [
    { entries, lines: WATCHED },
    // Deleted, and there again.
    { entries: [entries[0] ?? '', '', entries[half] ?? ''], lines: WATCHED },
    { entries, lines: [] },
  ]);
  expect(all).toEqual(contents.map(expected));
  expect([some?.[0], some?.[2]]).toEqual([contents[0], contents[half]].map((content) => expected(content ?? '')));
  expect(some?.[1]?.includes('1') ?? false).toBe(false);
  expect(none?.every((digits) => digits === '')).toBe(true);
});

test('what is no text is not known, and what follows it is not guessed', async () => {
  const sandbox = new Sandbox();
  const entries = stored(sandbox, [...versions(MANY), new Uint8Array([0, 1, 2, 0]), 'line 3\n']);
  const git = objectsGit(join(sandbox.root, '.git'));
  const link = `120000 ${entries[0]?.slice('100644 '.length)}`;
  const binary = entries.slice(MANY - 1);
  const courses: LineCourse[] = [entries.slice(0, MANY), binary, [entries[0] ?? '', link, entries[1] ?? '']].map((list) => ({
    entries: list,
    lines: ['line 3'],
  }));
  const [, ofBinary, ofLink] = await linesAt(git, courses);
  expect(ofBinary).toEqual([expect.any(String), null, null]);
  expect(ofLink).toEqual(['1', null, null]);
});
