import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { CheckedVariant } from '../../../src/checks/check-variants.ts';
import { checkCompared } from '../../../src/compare/check-compared.ts';
import { comparedOf } from '../../../src/compare/compare-target.ts';
import { tipsFor } from '../../../src/compare/variant-tips.ts';
import { fileChanges } from '../../../src/git/objects/file-changes.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { openRepository } from '../../../src/git/spawn/repository.ts';
import { readPlan } from '../../../src/store/events/run-snapshot.ts';
import { storeAt } from '../../../src/store/layout.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Each variant does what its name says. */
const SCRIPTED = `
init();
if (variant === 'honest') fs.writeFileSync('app.txt', 'better\\n');
if (variant === 'cheat') { fs.writeFileSync('package.json', JSON.stringify({ scripts: { test: 'true' } })); fs.writeFileSync('app.txt', 'worse\\n'); }
if (variant === 'deletes') { fs.rmSync('test/app.test.sh'); fs.writeFileSync('app.txt', 'worse\\n'); }
if (variant === 'breaks') fs.writeFileSync('app.txt', 'worse\\n');
call('Write', { file_path: 'app.txt' });
say('Done.');
done();
`;

const FILES = {
  'package.json': JSON.stringify({
    scripts: { test: 'for t in test/*.sh; do [ -e "$t" ] || continue; sh "$t" || exit 1; done' },
  }),
  'app.txt': 'fine\n',
  'test/app.test.sh': 'echo ran >> "$HOME/ran"; ! grep -q worse app.txt\n',
};

async function personWith(variants: readonly string[], top: Record<string, unknown>): Promise<Person> {
  const person = await Person.create({ claude: SCRIPTED, files: FILES });
  await person.write('variants.yaml', variantsYaml(variants, top));
  return person;
}

async function check(person: Person, o: { fresh?: boolean; run?: string } = {}): Promise<Record<string, CheckedVariant>> {
  const repository = await openRepository(person.repo);
  const state = await person.state(o.run);
  const paths = person.paths(o.run);
  const targets = [{ state, plan: await readPlan(paths), paths, names: state.variants.map(({ name }) => name), isOlder: false }];
  const compared = comparedOf(targets);
  const tips = await tipsFor(repository, targets);
  const git = objectsGit(repository.commonDir);
  const files = await Promise.all(
    tips.map(async ({ start, tip }) =>
      start === null || tip === null ? [] : ((await fileChanges(git, [{ from: start, to: tip }]))[0] ?? []),
    ),
  );
  const checked = await checkCompared(
    {
      repository,
      store: storeAt(repository.commonDir),
      environment: person.env,
      fresh: o.fresh ?? false,
      signal: new AbortController().signal,
    },
    compared,
    tips,
    files,
  );
  return Object.fromEntries(compared.map(({ variant }, i) => [variant.name, checked[i] as CheckedVariant]));
}

async function linesOf(person: Person, file: string): Promise<number> {
  return (await readFile(join(person.home, file), 'utf8').catch(() => '')).split('\n').length - 1;
}

/** Files of all worktrees but the scratch ones, with git's own of each. */
async function worktrees(person: Person): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const root = `${person.repo}.worktrees`;
  for (const name of (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('copse-'))) {
    found[name] = (await readFile(join(root, name)).catch(() => Buffer.from('folder'))).toString('base64');
  }
  for (const name of await readdir(join(person.repo, '.git/worktrees'))) {
    if (name.includes('-base-') || name.includes('-variants-')) continue;
    for (const file of ['index', 'HEAD'])
      found[`${name}/${file}`] = (await readFile(join(person.repo, '.git/worktrees', name, file))).toString('base64');
  }
  return found;
}

test('a second look runs nothing, a fresh one does, and looking changes nothing', async () => {
  const person = await personWith(['honest', 'breaks'], { verify: { test: 'npm test' } });
  const ended = await person.approved(['run']);
  expect(ended.exit, ended.stderr).toBe(1);
  const refs = () => person.git('for-each-ref');
  const before = { refs: await refs(), worktrees: await worktrees(person), checkout: await person.fingerprint() };
  const after = async () => ({ refs: await refs(), worktrees: await worktrees(person), checkout: await person.fingerprint() });
  expect(await linesOf(person, 'ran')).toBe(3);

  const first = await check(person);
  expect(await linesOf(person, 'ran')).toBe(3);
  expect(first['honest']?.checks).toMatchObject([{ name: 'test', status: 'passed', onBase: 'passed', changedFiles: [] }]);
  expect(first['breaks']?.checks).toMatchObject([{ name: 'test', status: 'failed', onBase: 'passed', changedFiles: [] }]);

  const again = await check(person, { fresh: true });
  expect(await linesOf(person, 'ran')).toBe(6);
  expect(again['breaks']?.checks).toMatchObject([{ status: 'failed', onBase: 'passed' }]);
  expect(await after()).toEqual(before);

  // Work done after the run is checked for itself.
  await person.git('-C', `${person.repo}.worktrees/ui-breaks`, 'reset', '-q', '--hard', 'HEAD');
  await writeFile(join(`${person.repo}.worktrees/ui-breaks`, 'app.txt'), 'mended\n');
  await person.git('-C', `${person.repo}.worktrees/ui-breaks`, 'commit', '-qam', 'mend');
  expect((await check(person))['breaks']?.checks).toMatchObject([{ status: 'passed' }]);
  expect(await linesOf(person, 'ran')).toBe(7);
});

test('a variant that edits its test script or deletes a failing test is marked', async () => {
  const person = await personWith(['cheat', 'deletes', 'honest'], { verify: { test: 'npm test' } });
  expect((await person.approved(['run'])).exit).toBe(0);
  const { cheat, deletes, honest } = await check(person);
  expect(cheat?.checks).toMatchObject([{ status: 'passed', former: 'failed', changedFiles: ['package.json'] }]);
  expect(deletes?.checks).toMatchObject([{ status: 'passed', former: 'failed', changedFiles: ['test/app.test.sh'] }]);
  expect(honest?.checks).toMatchObject([{ status: 'passed', changedFiles: [] }]);
});

test('protected paths are the base’s while checks run, and the worktree stays as the variant left it', async () => {
  const person = await personWith(['cheat', 'deletes'], { verify: { test: 'npm test' }, protect: ['test/**', 'package.json'] });
  expect((await person.approved(['run'])).exit).toBe(1);
  for (const { checks } of (await person.state()).variants)
    expect(checks).toMatchObject([{ status: 'failed', onBase: 'passed' }]);
  expect(await person.git('-C', `${person.repo}.worktrees/ui-deletes`, 'status', '--porcelain')).toBe('');
  expect(await readdir(`${person.repo}.worktrees/ui-deletes/test`)).toEqual([]);
  expect(await person.git('ls-tree', '-r', '--name-only', 'ui/deletes')).not.toContain('test/');
  const { cheat } = await check(person);
  expect(cheat?.checks).toMatchObject([{ status: 'failed', own: 'passed', changedFiles: [] }]);
  expect(cheat?.notes.join()).toContain('It changed protected files, so its checks ran with those of the base: package.json');
});

test('killed in the middle of a protected check, the variant’s worktree is as it was', async () => {
  const person = await personWith(['deletes'], {
    verify: { test: 'npm test; test -e "$HOME/go" || { touch "$HOME/there-$COPSE_VARIANT"; sleep 600; }' },
    protect: ['test/**'],
  });
  await person.approve(['run']);
  await person.copse(['run', '--detach']);
  await vi.waitFor(() => readFile(join(person.home, 'there-deletes')), { timeout: 30_000, interval: 30 });
  const before = await worktrees(person);
  expect(Object.keys(before)).not.toContain('ui-deletes/test/app.test.sh');
  process.kill(await person.supervisorPid(), 'SIGKILL');
  await person.supervisorGone();
  expect(await worktrees(person)).toEqual(before);
  await writeFile(join(person.home, 'go'), '');
  await person.copse(['attach']);
  await person.supervisorGone();
  expect(await worktrees(person)).toEqual(before);
  expect((await person.state()).variants[0]?.phase).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
  await vi.waitFor(async () => expect(await person.processesInWorktrees()).toEqual([]), { timeout: 30_000 });
});

test('metrics: the last number, JSON, the spread of repeats, and failures that are never a zero', async () => {
  const person = await personWith(['honest', 'breaks'], {
    metrics: {
      size: { run: 'echo 2 warnings >&2; wc -c < app.txt', goal: 'min', unit: 'B' },
      json: { run: `echo '{"a":{"b":[1,7.5]}}'`, path: '$.a.b[1]' },
      repeated: { run: 'echo x >> "$HOME/n"; wc -l < "$HOME/n"', repeat: 3, goal: 'min' },
      silent: { run: 'true', goal: 'max' },
      failing: 'echo 5; echo no luck >&2; exit 3',
      nothing: { run: 'echo NaN' },
    },
  });
  expect((await person.approved(['run'])).exit).toBe(0);
  const first = await check(person);
  const by = (variant: CheckedVariant | undefined, name: string) => variant?.metrics.find((metric) => metric.name === name);
  expect(by(first['honest'], 'size')).toEqual({
    name: 'size',
    value: 7,
    unit: 'B',
    goal: 'min',
    onBase: 5,
    delta: 2,
    spread: 0,
    tolerance: 0,
    best: false,
    failure: '',
  });
  expect(by(first['breaks'], 'size')).toMatchObject({ value: 6 });
  expect(by(first['honest'], 'json')).toMatchObject({ value: 7.5 });
  // 1 2 3 for the base, then 4 5 6 and 7 8 9: within the spread of 2 only the distance of 3 makes 5 and 8 differ.
  expect(by(first['honest'], 'repeated')).toMatchObject({ value: 5, spread: 2, onBase: 2 });
  expect(by(first['breaks'], 'repeated')).toMatchObject({ value: 8, spread: 2 });
  expect(by(first['honest'], 'silent')).toMatchObject({
    value: null,
    delta: null,
    best: false,
    failure: 'printed no number',
  });
  expect(by(first['honest'], 'failing')).toMatchObject({ value: null, failure: 'It ended with 3: no luck' });
  expect(by(first['honest'], 'nothing')).toMatchObject({ value: null, failure: 'printed NaN, which is not a number' });
  expect(await linesOf(person, 'n')).toBe(9);
  expect(await check(person)).toEqual(first);
  expect(await linesOf(person, 'n')).toBe(9);
});

test('what is not approved any more does not run', async () => {
  const person = await personWith(['honest'], { verify: { test: 'npm test' } });
  expect((await person.approved(['run'])).exit).toBe(0);
  const { trust } = await readPlan(person.paths());
  await person.copse(['trust', '--revoke', trust.hash]);
  const { honest } = await check(person, { fresh: true });
  expect(await linesOf(person, 'ran')).toBe(2);
  expect(honest?.checks).toMatchObject([{ status: 'passed' }]);
  expect(honest?.notes.join()).toContain('copse trust');
});
