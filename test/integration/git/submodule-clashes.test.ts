import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { landedIn } from '../../../src/git/landed/landed.ts';
import { withCommitMerger } from '../../../src/git/merging/merge-commits.ts';
import { withMergeScratch } from '../../../src/git/merging/merge-scratch.ts';
import { pairConflicts } from '../../../src/git/merging/pair-conflicts.ts';
import { fileChanges } from '../../../src/git/objects/file-changes.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Where the temporary folders of this test are made. */
function ownTemporary(sandbox: Sandbox): string {
  const folder = join(sandbox.folder, 'temporary');
  mkdirSync(folder);
  vi.stubEnv('TMPDIR', folder);
  return folder;
}

function point(sandbox: Sandbox, digit: string, path = 'module'): void {
  sandbox.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},${path}`);
}

function put(sandbox: Sandbox, files: Record<string, string>): () => void {
  return () => {
    write(sandbox.root, files);
    sandbox.git('add', ...Object.keys(files));
  };
}

/** A commit on `from` for each change of the index, in their order. */
function commits(sandbox: Sandbox, from: string, changes: readonly (() => unknown)[]): string[] {
  const made = changes.map((change, i) => {
    sandbox.git('checkout', '-q', '-f', '--detach', from);
    change();
    sandbox.git('commit', '-q', '--allow-empty', '-m', `Change ${i}`);
    return sandbox.git('rev-parse', 'HEAD');
  });
  sandbox.git('checkout', '-q', '-f', 'main');
  return made;
}

function withSubmodules(): { sandbox: Sandbox; base: string } {
  const sandbox = new Sandbox({ 'a.txt': '1\n2\n3\n' });
  point(sandbox, '1');
  point(sandbox, '1', 'deep/er');
  sandbox.git('commit', '-qm', 'submodules');
  return { sandbox, base: sandbox.git('rev-parse', 'HEAD') };
}

test('submodules moved to different commits conflict, and all other pairs have their own answers', async () => {
  const { sandbox, base } = withSubmodules();
  const temporary = ownTemporary(sandbox);
  const text = (content: string) => put(sandbox, { 'a.txt': content, 'new.txt': content });
  const tips = commits(sandbox, base, [
    () => point(sandbox, '2'),
    () => point(sandbox, '3'),
    () => [point(sandbox, '4'), point(sandbox, '4', 'deep/er')],
    () => [point(sandbox, '5', 'deep/er'), point(sandbox, '5')],
    () => sandbox.git('rm', '-q', '--cached', 'module'),
    text('left\n'),
    text('right\n'),
    () => undefined,
  ]);
  const { commonDir } = await sandbox.repository();
  const files = await fileChanges(
    objectsGit(commonDir),
    tips.map((to) => ({ from: base, to })),
  );
  const pairs = await pairConflicts(
    commonDir,
    tips.map((commit, i) => ({ commit, files: files[i] ?? [] })),
  );
  const both = ['deep/er', 'module'];
  expect(
    Object.fromEntries(pairs.filter(({ clean }) => clean !== true).map(({ a, b, conflicts }) => [`${a} ${b}`, conflicts])),
  ).toEqual({
    ...{ '0 1': ['module'], '0 2': ['module'], '0 3': ['module'], '0 4': ['module'] },
    ...{ '1 2': ['module'], '1 3': ['module'], '1 4': ['module'] },
    ...{ '2 3': both, '2 4': ['module'], '3 4': ['module'] },
    '5 6': ['a.txt', 'new.txt'],
  });
  expect(readdirSync(temporary)).toEqual([]);
});

test('landed or not is told beside branches whose submodule clashes with the target’s', async () => {
  const { sandbox, base } = withSubmodules();
  const [two = '', three = '', edit = '', other = ''] = commits(sandbox, base, [
    () => point(sandbox, '2'),
    () => [point(sandbox, '3'), put(sandbox, { 'b.txt': 'b\n' })()],
    put(sandbox, { 'c.txt': 'c\n' }),
    put(sandbox, { 'a.txt': '1\n2\nx\n' }),
  ]);
  point(sandbox, '4');
  sandbox.git('commit', '-qm', 'four');
  sandbox.git('cherry-pick', edit);
  const target = sandbox.commit({ 'c.txt': 'c\nmore\n' });
  const { commonDir } = await sandbox.repository();
  const answers = await landedIn({ commonDir, targets: [target], candidates: [two, three, edit, other].map((tip) => ({ tip })) });
  expect(answers.map(({ kind }) => kind)).toEqual(['open', 'open', 'landed-then-changed', 'open']);
  const merged = await withCommitMerger({ commonDir, attributesOf: target }, (merger) =>
    merger.merge({ base: null, ours: target, theirs: two }),
  );
  expect(merged).toMatchObject({ clean: false, conflicts: ['module'] });
});

test('the temporary folder goes while one of two is still at work, and the first error is the one that is told', async () => {
  const { sandbox, base } = withSubmodules();
  const temporary = ownTemporary(sandbox);
  const { commonDir } = await sandbox.repository();
  const failing = withMergeScratch({ commonDir, attributesOf: null }, async (scratch) => {
    // Writes there for as long as it runs.
    const many = Array.from({ length: 3000 }, (_, i) => `100644 blob ${'1'.repeat(39)}${i % 10}\t${i}\n`);
    const slow = scratch.git.run(['mktree', '--batch', '--missing'], { input: many.join('\n') });
    slow.catch(() => undefined);
    await scratch.merge([[base, base]]);
    throw new Error('the first error');
  });
  await expect(failing).rejects.toThrow('the first error');
  expect(readdirSync(temporary)).toEqual([]);
});
