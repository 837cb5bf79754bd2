import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unsavedWords } from '../../../src/model/landed-words.ts';
import type { PruneFacts } from '../../../src/model/reports/prune-report.ts';
import { lookInside } from '../../../src/prune/look-inside.ts';
import { git, Sandbox, type Worktree } from '../../support/git-repository.ts';
import { removalOf, take } from '../../support/trash.ts';

const CONFIG = 'src/config.json';
const EDIT = '{"own": true}\n';

type Arrange = (dark: Worktree) => unknown;
const mark =
  (option: string, path = CONFIG): Arrange =>
  (dark) =>
    git(dark.path, 'update-index', `--${option}`, path);
const edit: Arrange = (dark) => writeFileSync(join(dark.path, CONFIG), EDIT);

/** prune's row of it, and the files that a ref of copse keeps. */
async function looked(sandbox: Sandbox, dark: Worktree): Promise<{ words: readonly string[]; kept: string | null }> {
  const repository = await sandbox.repository();
  const inside = await lookInside({ repository, path: dark.path, gitDir: dark.handle.gitDir, disposable: [], amongMany: false });
  const facts = { inside: inside.looked, unreadable: inside.unreadable, looseHead: false } as PruneFacts;
  const words = unsavedWords(facts).map(({ full }) => full);
  await take(sandbox, removalOf(sandbox, dark, { clean: words.length === 0 }));
  const refs = sandbox.git('for-each-ref', '--format=%(refname)', 'refs/copse/').split('\n');
  const files = refs.find((ref) => ref.endsWith('/files'));
  return { words, kept: files === undefined ? null : sandbox.git('show', `${files}:${CONFIG}`) };
}

const HIDDEN: readonly (readonly [string, readonly Arrange[]])[] = [
  ['skip-worktree', [mark('skip-worktree'), edit]],
  ['assume-unchanged', [mark('assume-unchanged'), edit]],
  ['both', [mark('skip-worktree'), mark('assume-unchanged'), edit]],
  ['a size and a time that tell nothing', [mark('assume-unchanged'), (dark) => writeFileSync(join(dark.path, CONFIG), EDIT)]],
  ['version 4 of the index', [(dark) => git(dark.path, 'update-index', '--index-version', '4'), mark('skip-worktree'), edit]],
];

async function made(): Promise<{ sandbox: Sandbox; dark: Worktree }> {
  const sandbox = new Sandbox({ [CONFIG]: '{"all": 1}\n\n\n', 'other.txt': 'x\n' });
  return { sandbox, dark: await sandbox.worktree('dark') };
}

test.each(HIDDEN)('fault 113: an edit hidden by %s is named, and kept by a ref', async (_, arrange) => {
  const { sandbox, dark } = await made();
  for (const step of arrange) step(dark);
  expect(git(dark.path, 'status', '--porcelain')).toBe('');
  const { words, kept } = await looked(sandbox, dark);
  expect(words).toEqual([`edited but hidden from git status: ${CONFIG}`]);
  expect(kept).toBe(EDIT.trim());
});

const NOTHING: readonly (readonly [string, readonly Arrange[]])[] = [
  ['marked and as committed', [mark('skip-worktree'), mark('assume-unchanged', 'other.txt')]],
  ['marked and not there', [mark('skip-worktree'), (dark) => rmSync(join(dark.path, CONFIG))]],
  ['a sparse checkout', [(dark) => git(dark.path, 'sparse-checkout', 'set', '--no-cone', 'other.txt')]],
];

test.each(NOTHING)('nothing is said of files that are %s', async (_, arrange) => {
  const { sandbox, dark } = await made();
  for (const step of arrange) step(dark);
  expect((await looked(sandbox, dark)).words).toEqual([]);
});
