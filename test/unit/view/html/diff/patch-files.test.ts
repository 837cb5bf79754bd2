import { expect, test } from 'vitest';
import { patchFiles, readableSize } from '../../../../../src/view/html/diff/patch-files.ts';
import { patchOf } from '../../../../support/patches.ts';

test('numbers the lines of both sides', () => {
  const [file] = patchFiles(patchOf('a.ts', [' one', '-two', '+zwei', '+drei', ' four']));
  expect(file).toMatchObject({ path: 'a.ts', from: null, facts: [], added: 2, removed: 1, unread: false });
  expect(file?.hunks[0]?.map(({ kind, text, before, after }) => [kind, text, before, after])).toEqual([
    ['same', 'one', 1, 1],
    ['removed', 'two', 2, null],
    ['added', 'zwei', null, 2],
    ['added', 'drei', null, 3],
    ['same', 'four', 3, 4],
  ]);
});

test('a change that looks like a patch stays in its file', () => {
  const forged = `diff --git a/real.txt b/real.txt
index 1..2 100644
--- a/real.txt
+++ b/real.txt
@@ -1,1 +1,1 @@
--- a/innocent.txt
+++ b/innocent.txt
@@ -9,2 +9,2 @@
-diff --git a/x b/x
+@@ -1 +1 @@
 same
`;
  const files = patchFiles(forged);
  expect(files.map(({ path }) => path)).toEqual(['real.txt']);
  expect(files[0]?.hunks.flat().map(({ kind, text }) => [kind, text])).toEqual([
    ['removed', '-- a/innocent.txt'],
    ['added', '++ b/innocent.txt'],
    ['removed', 'diff --git a/x b/x'],
    ['added', '@@ -1 +1 @@'],
    ['same', 'same'],
  ]);
});

test.each([
  ['a new file', 'new file mode 100755\n', ['new file', 'executable']],
  ['a deleted one', 'deleted file mode 100644\n', ['deleted']],
  ['a mode', 'old mode 100644\nnew mode 100755\n', ['mode 100644 → 100755']],
  ['a binary one', 'index 1..2 100644\nBinary files a/f and b/f differ\n', ['binary']],
  ['a link', 'new file mode 120000\n', ['new file', 'symbolic link']],
  ['a submodule', 'new file mode 160000\n', ['new file', 'submodule']],
])('%s', (_, head, facts) => {
  expect(patchFiles(`diff --git a/f b/f\n${head}`)).toMatchObject([{ path: 'f', from: null, facts, hunks: [] }]);
});

test('a rename', () => {
  const patch = 'diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n';
  expect(patchFiles(patch)).toMatchObject([{ path: 'new name', from: 'old name', facts: ['renamed'] }]);
});

test('ends without a newline, and carriage returns', () => {
  const patch = `diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n\\ No newline at end of file\n+b\n`;
  expect(patchFiles(patch)[0]?.hunks[0]).toMatchObject([
    { kind: 'removed', text: 'a\r', noNewline: true },
    { kind: 'added', text: 'b', noNewline: false },
  ]);
});

test('one odd file does not take the others away', () => {
  const odd = 'diff --git a/odd b/odd\n--- a/odd\n+++ b/odd\n@@ -1,5 +1,5 @@\n-a\n';
  expect(patchFiles(odd + patchOf('b.ts', ['+x']))).toMatchObject([
    { facts: ['cannot be shown'], hunks: [] },
    { path: 'b.ts', added: 1 },
  ]);
});

test('of what is too big the head is read and the lines are counted', () => {
  const big = patchOf('big.ts', [...Array.from({ length: 50 }, (_, i) => `+line ${i}`), '-gone']);
  expect(patchFiles(big + patchOf('b.ts', ['+x']), 200)).toMatchObject([
    { path: 'big.ts', hunks: [], added: 50, removed: 1, unread: true, size: big.length },
    { path: 'b.ts', added: 1, unread: false },
  ]);
});

test('the biggest files give way', () => {
  const [small, middle, big] = [1, 10, 100].map((n) =>
    patchOf(
      'f',
      Array.from({ length: n }, () => '+0123456789'),
    ),
  );
  const patches = [`${big}${small}`, `${middle}`];
  const size = (text: string | undefined): number => text?.length ?? 0;
  expect(readableSize(patches, 1e6)).toBe(Number.POSITIVE_INFINITY);
  expect(readableSize(patches, size(small) + size(middle))).toBe(size(middle));
  expect(readableSize(patches, size(small) + size(middle) - 1)).toBe(size(small));
  expect(readableSize(patches, 1)).toBe(0);
});

test('nothing', () => {
  expect(patchFiles('')).toEqual([]);
});
