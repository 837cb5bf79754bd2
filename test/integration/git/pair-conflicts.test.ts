import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mergesInto, pairConflicts, type Side } from '../../../src/git/merging/pair-conflicts.ts';
import { fileChanges } from '../../../src/git/objects/file-changes.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

const lines = (n: number, word = 'line'): string => Array.from({ length: n }, (_, i) => `${word} ${i}\n`).join('');
const BINARY = new Uint8Array([0, 1, 2, 3, 0, 255, 7]);

/** Each makes a branch from the base. Names say what they do. */
const BRANCHES: Readonly<Record<string, (root: string) => void>> = {
  'edit-top': (root) => write(root, { 'app/long.txt': `TOP\n${lines(30)}` }),
  'edit-top-otherwise': (root) => write(root, { 'app/long.txt': `OTHER\n${lines(30)}` }),
  'edit-bottom': (root) => write(root, { 'app/long.txt': `${lines(30)}BOTTOM\n` }),
  'delete-long': (root) => rmSync(join(root, 'app/long.txt')),
  'rename-file': (root) => renameSync(join(root, 'app/long.txt'), join(root, 'app/renamed.txt')),
  'rename-file-otherwise': (root) => renameSync(join(root, 'app/long.txt'), join(root, 'app/moved.txt')),
  'rename-folder': (root) => renameSync(join(root, 'lib'), join(root, 'packages')),
  'rename-folder-otherwise': (root) => renameSync(join(root, 'lib'), join(root, 'modules')),
  'split-folder': (root) => {
    mkdirSync(join(root, 'left'));
    mkdirSync(join(root, 'right'));
    for (const n of ['one', 'two']) renameSync(join(root, `lib/${n}.txt`), join(root, `left/${n}.txt`));
    for (const n of ['three', 'four']) renameSync(join(root, `lib/${n}.txt`), join(root, `right/${n}.txt`));
  },
  'add-to-folder': (root) => write(root, { 'lib/five.txt': 'new in lib\n' }),
  'edit-in-folder': (root) => write(root, { 'lib/one.txt': `CHANGED\n${lines(12, 'one')}` }),
  'file-for-folder': (root) => {
    rmSync(join(root, 'docs'), { recursive: true });
    write(root, { docs: 'a file now\n' });
  },
  'add-below-docs': (root) => write(root, { 'docs/more.md': 'more\n' }),
  'new-file': (root) => write(root, { thing: 'a file\n' }),
  'new-folder': (root) => write(root, { 'thing/inside.txt': 'in a folder\n' }),
  binary: (root) => write(root, { 'logo.bin': new Uint8Array([...BINARY, 1]) }),
  'binary-otherwise': (root) => write(root, { 'logo.bin': new Uint8Array([...BINARY, 2]) }),
  executable: (root) => chmodSync(join(root, 'run.sh'), 0o755),
  'link-for-script': (root) => {
    rmSync(join(root, 'run.sh'));
    symlinkSync('app/long.txt', join(root, 'run.sh'));
  },
  'edit-script': (root) => write(root, { 'run.sh': `${lines(8, 'sh')}more\n` }),
  'add-same': (root) => write(root, { 'same.txt': 'same\n' }),
  'add-same-too': (root) => write(root, { 'same.txt': 'same\n' }),
  'add-same-name': (root) => write(root, { 'same.txt': 'not the same\n' }),
  'lower-case': (root) => write(root, { 'new.txt': 'lower\n' }),
  'upper-case': (root) => write(root, { 'NEW.txt': 'upper\n' }),
  'lower-folder': (root) => write(root, { 'guide/a.md': 'a\n' }),
  'upper-file': (root) => write(root, { GUIDE: 'a file\n' }),
  'change-log': (root) => write(root, { 'CHANGELOG.md': `${lines(3, 'entry')}mine\n` }),
  'change-log-otherwise': (root) => write(root, { 'CHANGELOG.md': `${lines(3, 'entry')}yours\n` }),
  'odd name': (root) => write(root, { 'app/with space\nand line.txt': 'x\n' }),
  'odd name otherwise': (root) => write(root, { 'app/with space\nand line.txt': 'y\n' }),
  nothing: () => undefined,
};

/** Pairs that git merges and a file system that ignores case does not hold. */
const TWINS = new Set(['lower-case|upper-case', 'lower-folder|upper-file']);

interface Made {
  readonly sandbox: Sandbox;
  readonly names: readonly string[];
  readonly commits: ReadonlyMap<string, string>;
  readonly sides: readonly Side[];
}

async function make(): Promise<Made> {
  const sandbox = new Sandbox({
    'app/long.txt': lines(30),
    'lib/one.txt': lines(12, 'one'),
    'lib/two.txt': lines(12, 'two'),
    'lib/three.txt': lines(12, 'three'),
    'lib/four.txt': lines(12, 'four'),
    'docs/readme.md': lines(5, 'doc'),
    'run.sh': lines(8, 'sh'),
    'CHANGELOG.md': lines(3, 'entry'),
    '.gitattributes': 'CHANGELOG.md merge=union\n',
  });
  writeFileSync(join(sandbox.root, 'logo.bin'), BINARY);
  sandbox.git('add', '-A');
  sandbox.git('commit', '-qm', 'logo');
  const base = sandbox.git('rev-parse', 'HEAD');
  const commits = new Map<string, string>();
  for (const [name, change] of Object.entries(BRANCHES)) {
    sandbox.git('checkout', '-q', '--detach', base);
    change(sandbox.root);
    sandbox.git('add', '-A');
    sandbox.git('commit', '-q', '--allow-empty', '-m', name);
    commits.set(name, sandbox.git('rev-parse', 'HEAD'));
  }
  sandbox.git('checkout', '-q', 'main');
  const names = [...commits.keys()];
  const { commonDir } = await sandbox.repository();
  const pairs = names.map((name) => ({ from: base, to: commits.get(name) ?? '' }));
  const files = await fileChanges(objectsGit(commonDir), pairs);
  return { sandbox, names, commits, sides: pairs.map(({ to }, i) => ({ commit: to, files: files[i] ?? [] })) };
}

/** Merges for real, in the checkout, and leaves the merge there: the next one discards it. */
function reallyMerge(sandbox: Sandbox, ours: string, theirs: string): { clean: boolean; unmerged: string[] } {
  sandbox.git('checkout', '-q', '-f', '--detach', ours);
  try {
    sandbox.git('merge', '-q', '--no-ff', '--no-commit', theirs);
    return { clean: true, unmerged: [] };
  } catch {
    // Conflicts are what this asks for.
  }
  const unmerged = sandbox
    .git('ls-files', '-u', '-z')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(line.indexOf('\t') + 1).replace(/~.*$/s, ''));
  sandbox.git('reset', '-q', '--hard');
  sandbox.git('clean', '-qfdx');
  return { clean: false, unmerged: [...new Set(unmerged)] };
}

test('the matrix has no wrong cell: every pair compared with a real merge', { timeout: 300_000 }, async () => {
  const { sandbox, names, sides } = await make();
  const before = sandbox.state();
  const objects = sandbox.git('count-objects', '-v');
  const { commonDir } = await sandbox.repository();
  const base = sandbox.git('rev-parse', 'main');
  const matrix = await pairConflicts(commonDir, sides, { attributesOf: base });
  expect(sandbox.git('count-objects', '-v')).toBe(objects);
  expect(sandbox.state()).toBe(before);
  expect(matrix).toHaveLength((names.length * (names.length - 1)) / 2);

  const wrong: string[] = [];
  for (const { a, b, clean, conflicts } of matrix) {
    const pair = `${names[a]}|${names[b]}`;
    const real = reallyMerge(sandbox, sides[a]?.commit ?? '', sides[b]?.commit ?? '');
    const expected = real.clean && !TWINS.has(pair);
    if (clean !== expected) wrong.push(`${pair}: says ${clean ? 'clean' : 'conflict'}, is ${expected ? 'clean' : 'conflict'}`);
    if (clean !== (conflicts.length === 0)) wrong.push(`${pair}: clean ${clean} with ${conflicts.join(', ')}`);
    const named = new Set(conflicts.map((path) => path.replace(/~.*$/s, '')));
    const missing = real.unmerged.filter((path) => !named.has(path));
    if (missing.length > 0) wrong.push(`${pair}: does not name ${missing.join(', ')}`);
  }
  expect(wrong).toEqual([]);
  // The cases are worth something: both kinds are there, and conflicts without a path in common too.
  expect(matrix.filter(({ clean }) => clean === false).length).toBeGreaterThan(15);
  expect(matrix.some(({ clean, files }) => clean === false && files.length === 0)).toBe(true);
});

test('each side against a target that moved on, compared with real merges', { timeout: 300_000 }, async () => {
  const { sandbox, names, sides } = await make();
  const { commonDir } = await sandbox.repository();
  const target = sandbox.commit({
    'app/long.txt': `TARGET\n${lines(30)}`,
    'New.TXT': 'in the way but for case\n',
    'thing/of-target.txt': 'x\n',
  });
  const answers = await mergesInto(commonDir, target, sides);
  const wrong = names.flatMap((name, i) => {
    const real = reallyMerge(sandbox, target, sides[i]?.commit ?? '');
    const expected = real.clean && name !== 'lower-case' && name !== 'upper-case';
    return answers[i]?.clean === expected ? [] : [`${name}: says ${answers[i]?.clean}, is ${expected}`];
  });
  expect(wrong).toEqual([]);
  const lower = answers[names.indexOf('lower-case')];
  expect(lower?.conflicts).toEqual(['New.TXT', 'new.txt']);
});

test('a change of case alone is no conflict with the file that it renames', async () => {
  const sandbox = new Sandbox({ 'readme.md': lines(5), 'a.txt': 'a\n' });
  const base = sandbox.git('rev-parse', 'HEAD');
  sandbox.git('checkout', '-q', '--detach');
  sandbox.git('mv', 'readme.md', 'README.md');
  sandbox.git('commit', '-qm', 'case');
  const commit = sandbox.git('rev-parse', 'HEAD');
  const { commonDir } = await sandbox.repository();
  const [files = []] = await fileChanges(objectsGit(commonDir), [{ from: base, to: commit }]);
  expect(await mergesInto(commonDir, base, [{ commit, files }])).toEqual([{ clean: true, conflicts: [] }]);
});

test('a pair without common history is unknown, and the others have their answers', async () => {
  const sandbox = new Sandbox({ 'a.txt': 'a\n' });
  const base = sandbox.git('rev-parse', 'HEAD');
  const one = sandbox.commit({ 'one.txt': '1\n' });
  const strange = sandbox.git('commit-tree', '-m', 'strange', `${one}^{tree}`);
  sandbox.git('reset', '-q', '--hard', base);
  const two = sandbox.commit({ 'a.txt': 'b\n' });
  const { commonDir } = await sandbox.repository();
  const sides = [one, strange, two].map((commit) => ({ commit, files: [] }));
  const matrix = await pairConflicts(commonDir, sides);
  expect(matrix.map(({ a, b, clean }) => [a, b, clean])).toEqual([
    [0, 1, null],
    [0, 2, true],
    [1, 2, null],
  ]);
});

test('a merge driver that the repository configures does not run', async () => {
  const sandbox = new Sandbox({ 'a.txt': lines(3), '.gitattributes': 'a.txt merge=trap\n' });
  const proof = join(sandbox.folder, 'ran');
  sandbox.git('config', 'merge.trap.driver', `touch '${proof}'`);
  const base = sandbox.git('rev-parse', 'HEAD');
  const one = sandbox.commit({ 'a.txt': `one\n${lines(3)}` });
  sandbox.git('reset', '-q', '--hard', base);
  const two = sandbox.commit({ 'a.txt': `two\n${lines(3)}` });
  const { commonDir } = await sandbox.repository();
  const [pair] = await pairConflicts(
    commonDir,
    [one, two].map((commit) => ({ commit, files: [] })),
    { attributesOf: base },
  );
  expect(pair).toMatchObject({ clean: false, conflicts: ['a.txt'] });
  expect(existsSync(proof)).toBe(false);
});
