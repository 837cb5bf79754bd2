import { expect, test } from 'vitest';
import { changesBetween } from '../../../src/git/objects/changes.ts';
import { fileChanges } from '../../../src/git/objects/file-changes.ts';
import { type OwnQuestion, ownBases } from '../../../src/git/objects/own-base.ts';
import { type Git, gitIn } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i}\n`);
const text = (...changed: readonly [at: number, line: string][]): string =>
  LINES.map((line, i) => `${changed.find(([at]) => at === i)?.[1] ?? line.trimEnd()}\n`).join('');

/** A repository where `main` and branches of variants get commits by turns. */
class Story extends Sandbox {
  readonly start: string;

  constructor() {
    super({ 'app.txt': text(), 'lib.txt': text(), 'readme.md': 'r\n' });
    this.start = this.tip('main');
    this.git('branch', 'dark');
    this.git('branch', 'light');
  }

  tip(name: string): string {
    return this.git('rev-parse', `${name}^{commit}`);
  }

  on(branch: string, files: Readonly<Record<string, string>>): string {
    this.git('checkout', '-q', branch);
    return this.commit(files);
  }

  merge(into: string, what: string, ...args: string[]): string {
    this.git('checkout', '-q', into);
    this.git('merge', '-q', '--no-edit', ...args, what);
    return this.tip(into);
  }

  /** A conflict is resolved by these contents. */
  mergeInConflict(into: string, what: string, files: Readonly<Record<string, string>>): void {
    this.git('checkout', '-q', into);
    expect(() => this.git('merge', '-q', what)).toThrow();
    this.commit(files);
  }

  question(branch: string, more: Partial<OwnQuestion> = {}): OwnQuestion {
    const others = [this.tip('main')];
    return { start: this.start, tip: this.tip(branch), others, settled: true, worked: true, landed: null, ...more };
  }

  async own(branch: string, more: Partial<OwnQuestion> = {}) {
    const { commonDir } = await this.repository();
    const git = gitIn(this.root, { reads: true });
    const question = this.question(branch, more);
    const [base] = await ownBases(git, commonDir, [question]);
    const from = base?.from ?? '';
    const [files = []] = await fileChanges(git, [{ from, to: question.tip }]);
    const sums = await changesBetween(git, from, question.tip);
    return {
      from,
      commits: base?.commits,
      files: files.map(({ path, insertions, deletions }) => `${path} +${insertions} -${deletions}`),
      sums: [sums.files, sums.insertions, sums.deletions],
    };
  }
}

/** A git that counts its processes. */
function counting(git: Git): { git: Git; count(): number } {
  let runs = 0;
  return {
    git: {
      cwd: git.cwd,
      run(args, o) {
        runs += 1;
        return git.run(args, o);
      },
    },
    count: () => runs,
  };
}

test('a target merged in is not its own work, once or several times', async () => {
  const story = new Story();
  story.on('dark', { 'app.txt': text([2, 'dark']) });
  story.on('main', { 'lib.txt': text([5, 'main']), 'main.txt': 'm\n' });
  story.merge('dark', 'main');
  expect(await story.own('dark')).toEqual({
    from: story.tip('main'),
    commits: 2,
    files: ['app.txt +1 -1'],
    sums: [1, 1, 1],
  });
  story.on('dark', { 'dark.txt': 'd\n' });
  story.on('main', { 'app.txt': text([20, 'main']), 'more.txt': 'm\n' });
  story.merge('dark', 'main');
  story.on('main', { 'readme.md': 'not merged\n' });
  expect(await story.own('dark')).toMatchObject({
    from: story.tip('main~1'),
    commits: 4,
    files: ['app.txt +1 -1', 'dark.txt +1 -0'],
  });
});

test('a rebase onto the target, and a start that is fast-forwarded before the work', async () => {
  const story = new Story();
  story.on('dark', { 'app.txt': text([2, 'dark']) });
  story.on('main', { 'lib.txt': text([5, 'main']) });
  story.git('checkout', '-q', 'dark');
  story.git('rebase', '-q', 'main');
  expect(await story.own('dark')).toMatchObject({ from: story.tip('main'), commits: 1, files: ['app.txt +1 -1'] });
  story.merge('light', 'main', '--ff-only');
  expect(await story.own('light', { worked: false })).toMatchObject({ from: story.tip('main'), commits: 0, files: [] });
  story.on('light', { 'light.txt': 'l\n' });
  expect(await story.own('light')).toMatchObject({ from: story.tip('main'), commits: 1, files: ['light.txt +1 -0'] });
});

test('how it resolved a conflict is its own work', async () => {
  const story = new Story();
  story.on('dark', { 'app.txt': text([2, 'dark']) });
  story.on('main', { 'app.txt': text([2, 'main'], [20, 'main']) });
  story.mergeInConflict('dark', 'main', { 'app.txt': text([2, 'both'], [20, 'main']) });
  expect(await story.own('dark')).toMatchObject({ from: story.tip('main'), commits: 2, files: ['app.txt +1 -1'] });
});

test('what it takes back of the target is its own work', async () => {
  const story = new Story();
  story.on('dark', { 'app.txt': text([2, 'dark']) });
  story.on('main', { 'main.txt': 'm\n' });
  story.merge('dark', 'main');
  story.git('revert', '--no-edit', '-m', '1', 'HEAD');
  expect(await story.own('dark')).toMatchObject({ commits: 3, files: ['app.txt +1 -1', 'main.txt +0 -1'] });
});

test('a need that is merged in, with the target beside it, leaves its own work alone', async () => {
  const story = new Story();
  const start = story.on('light', { 'app.txt': text([2, 'light']) });
  story.git('branch', 'late', 'light');
  story.on('late', { 'late.txt': 'l\n' });
  const need = story.on('light', { 'light.txt': 'l\n' });
  story.on('main', { 'lib.txt': text([5, 'main']) });
  const others = () => [story.tip('main'), story.tip('light')];
  story.merge('late', 'light');
  expect(await story.own('late', { start, others: others() })).toMatchObject({
    from: need,
    commits: 2,
    files: ['late.txt +1 -0'],
  });
  story.merge('late', 'main');
  const both = await story.own('late', { start, others: others() });
  expect(both).toMatchObject({ commits: 3, files: ['late.txt +1 -0'] });
  expect([need, story.tip('main')]).not.toContain(both.from);
  expect((await story.own('late', { start, others: others() })).from).toBe(both.from);
});

test('where need and target conflict, the file is measured from one of them, without marks of the conflict', async () => {
  const story = new Story();
  const start = story.on('light', { 'app.txt': text([2, 'light']) });
  story.git('branch', 'late', 'light');
  story.on('late', { 'late.txt': 'l\n' });
  story.on('main', { 'app.txt': text([2, 'main']), 'main.txt': 'm\n' });
  story.mergeInConflict('late', 'main', { 'app.txt': text([2, 'both']) });
  const found = await story.own('late', { start, others: [story.tip('main'), story.tip('light')] });
  expect(found).toMatchObject({ commits: 2, files: ['app.txt +1 -1', 'late.txt +1 -0'] });
  expect(story.git('show', `${found.from}:app.txt`)).not.toContain('<<<<');
});

test('a target that was rewound behind the start, or past what was merged in', async () => {
  const story = new Story();
  story.git('checkout', '-q', 'main');
  const start = story.commit({ 'lib.txt': text([5, 'main']) });
  story.git('branch', 'late');
  story.on('late', { 'late.txt': 'l\n' });
  story.git('branch', '-f', 'main', story.start);
  expect(await story.own('late', { start })).toMatchObject({ from: start, commits: 1, files: ['late.txt +1 -0'] });
  // Only the variant still has these commits, and a merge of it would restore them.
  story.on('main', { 'main.txt': 'm\n' });
  story.merge('late', 'main');
  story.git('branch', '-f', 'main', 'main~1');
  story.on('main', { 'other.txt': 'o\n' });
  expect(await story.own('late', { start })).toMatchObject({ files: ['late.txt +1 -0', 'main.txt +1 -0'] });
});

test('once its work is on the target it is still its own: by a merge, by fast-forward, by hand', async () => {
  const story = new Story();
  story.on('dark', { 'app.txt': text([2, 'dark']) });
  story.on('main', { 'main.txt': 'm\n' });
  story.merge('dark', 'main');
  const before = story.tip('main');
  const whole = { commits: 2, files: ['app.txt +1 -1'] };
  expect(await story.own('dark')).toMatchObject(whole);

  story.merge('main', 'dark', '--no-ff');
  story.on('main', { 'later.txt': 'l\n' });
  expect(await story.own('dark')).toMatchObject(whole);

  story.git('checkout', '-q', '-B', 'main', before);
  story.merge('main', 'dark', '--ff-only');
  const landed = { tip: story.tip('dark'), before };
  expect(await story.own('dark', { landed })).toMatchObject(whole);
  story.on('main', { 'later.txt': 'l\n' });
  expect(await story.own('dark', { landed })).toMatchObject(whole);
  // By hand: the target's former commit is not recorded anywhere.
  expect((await story.own('dark')).files).toContain('app.txt +1 -1');
});

test('what another variant landed is the other one’s', async () => {
  const story = new Story();
  story.on('light', { 'light.txt': 'l\n' });
  story.on('dark', { 'dark.txt': 'd\n' });
  story.merge('main', 'light', '--no-ff');
  story.merge('dark', 'main');
  expect((await story.own('dark')).files).toEqual(['dark.txt +1 -0']);
  expect((await story.own('light')).files).toEqual(['light.txt +1 -0']);
});

test('work that went back behind its start, or to a history of its own', async () => {
  const story = new Story();
  const start = story.on('main', { 'main.txt': 'm\n' });
  story.git('checkout', '-q', '-B', 'dark', story.start);
  expect(await story.own('dark', { start, settled: false })).toMatchObject({ commits: 0, files: [] });
  story.on('dark', { 'dark.txt': 'd\n' });
  expect(await story.own('dark', { start, settled: false })).toMatchObject({ commits: 1, files: ['dark.txt +1 -0'] });
  story.git('checkout', '-q', '--orphan', 'alone');
  story.commit({ 'alone.txt': 'a\n' });
  expect(await story.own('alone', { start, settled: false })).toMatchObject({ from: start, commits: 1 });
});

test('no git process while only the start can be in it, one for all that share a start', async () => {
  const story = new Story();
  const { commonDir } = await story.repository();
  const branches = ['a', 'b', 'c', 'd', 'e'];
  for (const branch of branches) {
    story.git('checkout', '-q', '-b', branch, story.start);
    story.commit({ [`${branch}.txt`]: 'x\n' });
  }
  const ask = async () => {
    const { git, count } = counting(gitIn(story.root, { reads: true }));
    const found = await ownBases(
      git,
      commonDir,
      branches.map((branch) => story.question(branch)),
    );
    return {
      processes: count(),
      from: [...new Set(found.map(({ from }) => from))],
      commits: found.map(({ commits }) => commits),
    };
  };
  expect(await ask()).toEqual({ processes: 0, from: [story.start], commits: [null, null, null, null, null] });
  story.on('main', { 'main.txt': 'm\n' });
  expect(await ask()).toEqual({ processes: 1, from: [story.start], commits: [1, 1, 1, 1, 1] });
  for (const branch of branches) story.merge(branch, 'main');
  expect(await ask()).toEqual({ processes: 2, from: [story.tip('main')], commits: [2, 2, 2, 2, 2] });
});
