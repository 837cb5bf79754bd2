import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** The target is ahead of the base. dark works and merges the target in; light works on a file that the target changed; idle only catches up. */
const WORKS = `
init();
const git = (...a) => cp.execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...a], { stdio: 'ignore' });
const edit = (file, from, to) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));
if (variant === 'light') { edit('lib.js', 'ten', 'light'); edit('app.js', 'foot', 'alike'); }
if (variant === 'dark') {
  edit('app.js', 'title', 'dark'); edit('app.js', 'foot', 'alike');
  git('commit', '-qam', 'dark');
  git('merge', '-q', '--no-edit', 'main');
  fs.writeFileSync('dark.txt', 'd\\n');
}
if (variant === 'idle') git('merge', '-q', '--ff-only', 'main');
call('Edit', { file_path: 'app.js' }); done({ result: 'done' });
`;

const LIB = 'one\n2\n3\n4\n5\n6\n7\n8\n9\nten\n';

async function story(): Promise<Person> {
  const person = await Person.create({
    claude: WORKS,
    files: {
      'app.js': 'title\n1\n2\n3\nfoot\n',
      'lib.js': LIB,
      'variants.yaml': variantsYaml(['dark', 'light', 'idle'], { base: 'old', target: 'main' }),
    },
  });
  await person.git('tag', 'old');
  await person.write('lib.js', LIB.replace('one', 'main'));
  await person.write('main.txt', 'm\n');
  await person.git('add', '-A');
  await person.git('commit', '-qm', 'the target is ahead');
  await person.approved(['run']);
  await person.supervisorGone();
  return person;
}

const json = async <T>(person: Person, ...args: string[]): Promise<T> => {
  const { stdout, stderr } = await person.copse([...args, '--json']);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as T;
};

interface Status {
  readonly runs: readonly {
    readonly variants: readonly { readonly name: string; readonly changes: { readonly files: number } }[];
  }[];
}
interface Compared {
  readonly variants: readonly {
    readonly name: string;
    readonly start: string;
    readonly from: string;
    readonly changes: object;
    readonly files: readonly { readonly path: string }[];
  }[];
  readonly overlap: readonly { readonly a: string; readonly b: string; readonly files: readonly string[] }[];
}

it('counts, lists and shows what a variant did itself, also after it merged the target in', async () => {
  const person = await story();
  const main = await person.git('rev-parse', 'main');
  expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded', idle: 'no-changes' });
  const state = await person.state();
  const counted = Object.fromEntries(state.variants.map(({ name, changes }) => [name, changes]));
  // Two commits of the agent's, and one of copse's.
  expect(counted).toEqual({
    dark: { files: 2, insertions: 3, deletions: 2, commits: 3 },
    light: { files: 2, insertions: 2, deletions: 2, commits: 1 },
    idle: { files: 0, insertions: 0, deletions: 0, commits: 0 },
  });

  const found = await json<Compared>(person, 'compare');
  const row = (name: string) => found.variants.find((variant) => variant.name === name);
  for (const { name, changes } of found.variants) expect(changes).toEqual(counted[name]);
  expect(row('dark')?.files.map(({ path }) => path)).toEqual(['app.js', 'dark.txt']);
  expect(row('dark')).toMatchObject({ from: main });
  expect(row('light')?.from).toBe(row('light')?.start);
  // light changed lib.js and the target did; dark did not.
  expect(found.overlap.flatMap(({ a, b, files }) => (files.length === 0 ? [] : [{ a, b, files }]))).toEqual([
    { a: 'dark', b: 'light', files: ['app.js'] },
  ]);

  const diff = (...args: string[]) => person.copse(['diff', ...args]).then(({ stdout }) => stdout);
  expect(await diff('dark', '--stat')).toMatch(/app\.js[\s\S]*dark\.txt[\s\S]*2 files changed, 3 insertions\(\+\), 2 deletions/);
  expect(await diff('dark')).not.toContain('main');
  expect(await diff('idle')).toBe('');
  const shown = (await json<Status>(person, 'status')).runs[0]?.variants ?? [];
  expect(shown.map(({ name, changes }) => [name, changes.files])).toEqual([
    ['dark', 2],
    ['light', 2],
    ['idle', 0],
  ]);
});

it('stays so when the target goes on, and when the work has landed', async () => {
  const person = await story();
  const before = (await json<Compared>(person, 'compare')).variants.map(({ name, changes }) => [name, changes]);
  const same = async () =>
    expect((await json<Compared>(person, 'compare')).variants.map(({ name, changes }) => [name, changes])).toEqual(before);
  await person.git('commit', '-q', '--allow-empty', '-m', 'goes on');
  await same();
  const ahead = await person.git('rev-parse', 'main~1');
  for (const as of ['merge', 'ff', 'squash']) {
    await person.git('reset', '-q', '--hard', ahead);
    expect((await person.copse(['merge', 'dark', '--as', as])).exit).toBe(0);
    await same();
    await person.git('commit', '-q', '--allow-empty', '-m', 'goes on');
    await same();
  }
});

it('counts the commits of a variant that is being checked again, not those of its last end', async () => {
  const checking = 'touch "$HOME/checking"; until test -f "$HOME/checked"; do sleep 0.05; done';
  const person = await Person.create({
    claude: `init(); fs.writeFileSync('app.js', /again/.test(prompt) ? 'two\\n' : 'one\\n'); call('Write', {}); done();`,
    files: {
      'app.js': 'title\n',
      'variants.yaml': variantsYaml(['dark'], { verify: { test: `! grep -q two app.js || { ${checking}; }` } }),
    },
  });
  expect((await person.approved(['run'])).exit).toBe(0);
  expect((await person.state()).variants[0]?.changes).toEqual({ files: 1, insertions: 1, deletions: 1, commits: 1 });
  expect((await person.copse(['retry', 'dark', '-m', 'again', '--detach'])).exit).toBe(0);
  await expect.poll(() => existsSync(join(person.home, 'checking'))).toBe(true);
  // As much changed as before, in one commit more.
  const found = await json<Compared>(person, 'compare');
  expect(found.variants[0]?.changes).toEqual({ files: 1, insertions: 1, deletions: 1, commits: 2 });
  await writeFile(join(person.home, 'checked'), '');
  expect((await person.copse(['wait'])).exit).toBe(0);
});
