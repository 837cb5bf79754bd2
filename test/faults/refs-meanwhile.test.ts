import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Person } from '../support/person.ts';

/** Works until the file `go` is in the person's home. */
const WAITS = `
init();
fs.writeFileSync(variant + '.txt', process.env.COPSE_RUN + '\\n');
while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20);
done();`;

const variantsFile = (names: readonly string[], run = 'ui'): string =>
  `name: ${run}\nprompt: x\nconcurrency: 8\nvariants:\n${names.map((name) => `  ${name}: As ${name}.\n`).join('')}`;

const refsOf = async (person: Person, run = 'ui') => (await person.state(run)).refChanges.map(({ ref }) => ref);

async function starts(person: Person, run: string, variants: readonly string[], file: string) {
  await person.approve(['run', '-f', file]);
  const started = person.start(['run', '-f', file]);
  for (const variant of variants) await person.waitForEvent('attempt.started', { run, variant });
  // In an object: a promise that is returned is waited for.
  return { ended: started.ended };
}

const letGo = (person: Person): Promise<void> => writeFile(join(person.home, 'go'), '');

it('fault 93: runs side by side do not name each other’s branches, nor what merge did meanwhile', async () => {
  const person = await Person.create({
    claude: `if (process.env.COPSE_RUN === 'first') { init(); fs.writeFileSync(variant + '.txt', 'x'); done(); return; } ${WAITS}`,
    files: {
      'first.yaml': variantsFile(['quick'], 'first'),
      'a.yaml': variantsFile(['dark', 'light'], 'ui'),
      'b.yaml': variantsFile(['one', 'two'], 'beside'),
    },
  });
  await person.approved(['run', '-f', 'first.yaml']);
  const a = await starts(person, 'ui', ['dark', 'light'], 'a.yaml');
  const b = await starts(person, 'beside', ['one', 'two'], 'b.yaml');
  expect((await person.copse(['merge', 'quick'])).exit).toBe(0);
  await letGo(person);
  const ended = await Promise.all([a.ended, b.ended]);
  for (const { exit, stdout } of ended) {
    expect(exit).toBe(0);
    expect(stdout).toContain('Your checkout was not touched.');
  }
  expect([await refsOf(person), await refsOf(person, 'beside')]).toEqual([[], []]);
});

it('fault 93: what the person did is told apart, once for all variants, and nothing that takes it back is suggested', async () => {
  const person = await Person.create({ claude: WAITS, files: { 'variants.yaml': variantsFile(['a', 'b', 'c', 'd']) } });
  const run = await starts(person, 'ui', ['a', 'b', 'c', 'd'], 'variants.yaml');
  await person.git('branch', 'feature/x');
  await person.git('commit', '-q', '--allow-empty', '-m', 'mine');
  await letGo(person);
  const { stdout } = await run.ended;
  const state = await person.state();
  expect(state.refChanges.map(({ ref }) => ref).sort()).toEqual(['refs/heads/feature/x', 'refs/heads/main']);
  expect((await person.events()).filter(({ type }) => type === 'ref.changed')).toHaveLength(2);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`(in ${person.repo}, commit: mine)`);
  expect(stdout).toMatch(/git log --oneline --left-right [0-9a-f]{40}\.\.\.[0-9a-f]{40}/);
  expect(stdout).not.toMatch(/update-ref|branch -D|reset --/);
});

it('fault 93: the commit of a supervisor that was killed is not taken for another’s', async () => {
  const person = await Person.create({
    claude: `if (variant === 'quick') { init(); fs.writeFileSync('q.txt', 'x'); done(); return; } ${WAITS}`,
    files: { 'variants.yaml': variantsFile(['quick', 'slow']) },
  });
  await person.approve(['run']);
  expect((await person.copse(['run', '--detach'])).exit).toBe(0);
  await person.waitForEvent('attempt.started', { variant: 'slow' });
  await person.waitForEvent('variant.finished', { variant: 'quick' });
  process.kill(await person.supervisorPid(), 'SIGKILL');
  await person.supervisorGone();
  const attached = person.start(['attach']);
  await person.waitForEvent('run.adopted');
  await letGo(person);
  const { stdout } = await attached.ended;
  expect(await refsOf(person)).toEqual([]);
  expect(stdout).toContain('Your checkout was not touched.');
});

it('fault 93: thousands of refs are stored once for a run, and the one that moved is still seen', async () => {
  const person = await Person.create({
    claude: `init(); fs.writeFileSync('x.txt', variant); if (variant === 'b') cp.execFileSync('git', ['tag', '-d', 't1500']); done();`,
    files: { 'variants.yaml': variantsFile(['a', 'b', 'c']).replace('concurrency: 8', 'concurrency: 1') },
  });
  const head = await person.git('rev-parse', 'HEAD');
  const create = Array.from({ length: 2_000 }, (_, n) => `create refs/tags/t${n} ${head}\n`).join('');
  expect(spawnSync('git', ['update-ref', '--stdin'], { cwd: person.repo, env: person.env, input: create }).status).toBe(0);
  expect((await person.approved(['run'])).exit).toBe(0);
  expect((await person.state()).refChanges).toEqual([{ variant: 'b', ref: 'refs/tags/t1500', before: head, after: null }]);
  const { dir } = person.paths();
  expect(await readdir(join(dir, '.refs'))).toHaveLength(1);
  for (const variant of ['a', 'b', 'c']) {
    const text = await readFile(join(person.paths().variantDir(variant), '1.refs.json'), 'utf8');
    expect(text.length).toBeLessThan(2_000);
  }
});
