import { expect, test } from 'vitest';
import { parseStatus } from '../../../../src/git/worktree/worktree-status.ts';

const ID = 'a'.repeat(40);

test('every kind of entry', () => {
  const printed = [
    `# branch.oid ${ID}`,
    '# branch.head ui/dark',
    `1 .M N... 100644 100644 100644 ${ID} ${ID} src/a b.txt`,
    `1 A. N... 000000 100644 100644 ${ID} ${ID} new`,
    `1 .D N... 100644 100644 000000 ${ID} ${ID} gone`,
    `2 R. N... 100644 100644 100644 ${ID} ${ID} R100 to`,
    '? not an entry',
    `u UU N... 100644 100644 100644 100644 ${ID} ${ID} ${ID} both`,
    '? folder/',
    '! node_modules/',
    '',
  ].join('\0');
  expect(parseStatus(Buffer.from(printed))).toEqual({
    branch: 'ui/dark',
    head: ID,
    dirty: [
      { path: 'src/a b.txt', kind: 'modified' },
      { path: 'new', kind: 'added' },
      { path: 'gone', kind: 'deleted' },
      { path: 'to', kind: 'renamed' },
      { path: 'both', kind: 'conflicted' },
    ],
    untracked: ['folder/'],
    ignored: ['node_modules/'],
  });
});

test('detached, and before the first commit', () => {
  expect(parseStatus(Buffer.from(`# branch.oid ${ID}\0# branch.head (detached)\0`))).toMatchObject({ branch: null, head: ID });
  expect(parseStatus(Buffer.from('# branch.oid (initial)\0# branch.head main\0'))).toMatchObject({ branch: 'main', head: null });
});
