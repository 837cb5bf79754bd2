import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Appends its prompt to a file, and whether its session continues. */
const LISTENS = `init(); fs.appendFileSync('told.txt', (args.includes('--resume') ? 'goes on: ' : 'new: ') + prompt.trim().split('\\n').at(-1) + '\\n'); call('Write', { file_path: 'told.txt' }); done();`;

async function person(claude = LISTENS, top: Record<string, unknown> = {}) {
  const made = await Person.create({ claude, files: { 'variants.yaml': variantsYaml({ dark: 'Dark.' }, top) } });
  return made;
}

describe('copse retry', () => {
  it('continues the session with a correction', async () => {
    const made = await person();
    await made.copse(['run']);
    const retried = await made.copse(['retry', 'dark', '-m', 'smaller header']);
    expect(retried.exit).toBe(0);
    expect(await made.git('show', 'ui/dark:told.txt')).toBe('new: Dark.\ngoes on: smaller header');
    expect(await made.git('rev-list', '--count', 'main..ui/dark')).toBe('2');
    const { variants } = await made.state();
    expect(variants[0]?.attempts.map((attempt) => attempt.kind)).toEqual(['first', 'correction']);
    expect(new Set(variants[0]?.attempts.map((attempt) => attempt.sessionId)).size).toBe(1);
  });

  it('takes up a variant that has landed: what it adds is not landed yet, and can be landed next', async () => {
    const made = await person(`init(); if (!prompt.includes('only look')) fs.appendFileSync('told.txt', 'x'); done();`);
    await made.copse(['run']);
    expect((await made.copse(['merge', 'dark'])).exit).toBe(0);
    const looked = await made.copse(['retry', 'dark', '-m', 'only look']);
    expect(looked.stdout).not.toContain('copse merge');
    expect((await made.copse(['status'])).stdout).toContain('landed on main');
    const retried = await made.copse(['retry', 'dark', '-m', 'smaller header']);
    expect(retried.stdout).toContain('copse merge dark');
    expect(retried.stdout).not.toContain('copse prune');
    const status = await made.copse(['status']);
    expect(status.stdout).toContain('succeeded');
    expect(status.stdout).not.toContain('landed');
    expect((await made.copse(['merge', 'dark'])).exit).toBe(0);
    expect((await made.copse(['status'])).stdout).toContain('landed on main');
  });

  it('starts afresh from the start and keeps the earlier work', async () => {
    const made = await person();
    await made.copse(['run']);
    const earlier = await made.git('rev-parse', 'ui/dark');
    expect((await made.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    expect(await made.git('show', 'ui/dark:told.txt')).toBe('new: Dark.');
    expect(await made.git('rev-list', '--count', 'main..ui/dark')).toBe('1');
    expect(await made.git('for-each-ref', '--format=%(objectname)', 'refs/copse/v1/kept')).toBe(earlier);
  });

  it('keeps what a person did on the branch since, committed or not, before it starts afresh', async () => {
    const made = await person();
    await made.copse(['run']);
    const worktree = (await made.copse(['path', 'dark'])).stdout.trim();
    await writeFile(join(worktree, 'readme.md'), 'Mine, committed.\n');
    await made.git('-C', worktree, 'commit', '-q', '-a', '-m', 'mine');
    await writeFile(join(worktree, 'told.txt'), 'Mine, not committed.\n');
    expect((await made.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    const kept = await made.git('for-each-ref', '--format=%(objectname)', 'refs/copse/v1/kept');
    expect(await made.git('show', `${kept}:readme.md`)).toBe('Mine, committed.');
    expect(await made.git('show', `${kept}:told.txt`)).toBe('Mine, not committed.');
    expect(await made.git('show', 'ui/dark:told.txt')).toBe('new: Dark.');
    expect(await made.git('rev-list', '--count', 'main..ui/dark')).toBe('1');
  });

  it('says no-changes where a fresh session changes nothing, whatever the one before did', async () => {
    const made = await person(
      `init(); const been = process.env.HOME + '/been'; if (!fs.existsSync(been)) { fs.writeFileSync(been, ''); fs.writeFileSync('a.txt', ''); } done();`,
    );
    await made.copse(['run']);
    expect(await made.outcomes()).toEqual({ dark: 'succeeded' });
    await made.copse(['retry', 'dark', '--fresh']);
    const { variants } = await made.state();
    expect(variants[0]).toMatchObject({ phase: { outcome: 'no-changes' }, changes: { files: 0 }, commit: null });
  });

  it('without names retries all that did not succeed, and says where there is nothing', async () => {
    const made = await person(
      `init(); if (args.includes('--resume') || fs.existsSync('again')) { fs.writeFileSync('ok.txt', ''); done(); } else { fs.writeFileSync('again', ''); say('x'); done({ is_error: true, subtype: 'error_during_execution', result: 'boom' }); }`,
    );
    expect((await made.copse(['run'])).exit).toBe(1);
    expect((await made.copse(['retry'])).exit).toBe(0);
    expect(await made.outcomes()).toEqual({ dark: 'succeeded' });
    const nothing = await made.copse(['retry']);
    expect(nothing.exit).toBe(3);
    expect(nothing.stderr).toContain('copse retry dark -m');
  });

  it('launches nothing once the approval of what the run wants to run is taken back', async () => {
    const made = await person(LISTENS, { setup: ['true'] });
    await made.approved(['run']);
    await made.copse(['trust', '--revoke']);
    for (const args of [
      ['retry', 'dark', '-m', 'x'],
      ['retry', 'dark', '--fresh'],
    ]) {
      const retried = await made.copse(args);
      expect(retried.exit).toBe(3);
      expect(retried.stderr).toContain('no longer approved');
    }
    const { variants } = await made.state();
    expect(variants[0]?.attempts.length).toBe(1);
  });

  it('launches nothing more of a run whose approval is taken back while it goes', async () => {
    const made = await Person.create({
      claude: `init(); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20); fs.writeFileSync('a.txt', ''); done();`,
      files: { 'variants.yaml': variantsYaml(['dark', 'light'], { concurrency: 1, setup: ['true'] }) },
    });
    await made.approve(['run']);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.session', { variant: 'dark' });
    await made.copse(['trust', '--revoke']);
    await writeFile(join(made.home, 'go'), '');
    expect((await made.copse(['wait'])).exit).toBe(1);
    const { variants } = await made.state();
    expect(variants[1]?.phase).toMatchObject({ outcome: 'stopped', reason: expect.stringContaining('no longer approved') });
    expect(variants[1]?.attempts).toEqual([]);
  });

  it('refuses while the variant works', async () => {
    const made = await person(`init(); say('x'); await sleep(60_000);`);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity');
    const retried = await made.copse(['retry', 'dark', '-m', 'x']);
    expect(retried.exit).toBe(3);
    expect(retried.stderr).toContain('not finished');
    await made.copse(['stop']);
    await made.supervisorGone();
  });
});

describe('needs', () => {
  it('start from what they need, several merged in order', async () => {
    const made = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', fs.readdirSync('.').sort().join(' ')); done();`,
      files: { 'variants.yaml': variantsYaml({ a: {}, b: {}, both: { needs: ['a', 'b'] } }) },
    });
    expect((await made.copse(['run'])).exit).toBe(0);
    expect(await made.git('show', 'ui/both:both.txt')).toContain('a.txt b.txt');
    expect(await made.git('diff', '--name-only', 'ui/both~1', 'ui/both')).toBe('both.txt');
  });

  it('that conflict are skipped with the reason', async () => {
    const made = await Person.create({
      claude: `init(); fs.writeFileSync('same.txt', variant); done();`,
      files: { 'variants.yaml': variantsYaml({ a: {}, b: {}, both: { needs: ['a', 'b'] } }) },
    });
    expect((await made.copse(['run'])).exit).toBe(1);
    expect(await made.outcomes()).toEqual({ a: 'succeeded', b: 'succeeded', both: 'skipped' });
    const { variants } = await made.state();
    expect(variants[2]?.phase).toMatchObject({ reason: 'Its needs a and b conflict in same.txt.' });
  });
});

describe('a transient failure', () => {
  it('is tried again after a while, with what is left of the budget', async () => {
    const made = await person(
      `init(); if (fs.existsSync('tried')) { fs.writeFileSync('ok.txt', ''); done(); } else { fs.writeFileSync('tried', ''); say('x'); process.exit(0); }`,
      { defaults: { budgetUsd: 1, retries: 1 } },
    );
    expect((await made.copse(['run'])).exit).toBe(0);
    const { variants } = await made.state();
    expect(variants[0]?.attempts.map(({ kind }) => kind)).toEqual(['first', 'transient-retry']);
    const [first, second] = variants[0]?.attempts ?? [];
    expect(second?.reservedUsd).toBeCloseTo(1 - (first?.verdict?.costUsd ?? 0));
    expect(await made.git('ls-tree', '--name-only', 'ui/dark')).toContain('ok.txt');
  });
});

describe('records that cannot be read', () => {
  it('of one run do not hide the others', async () => {
    const made = await person();
    await made.copse(['run']);
    await made.copse(['run', '--name', 'other']);
    await made.supervisorGone('other');
    await writeFile(made.paths('ui').events, 'nonsense\n');
    await rm(made.paths('ui').snapshot, { force: true });
    const status = await made.copse(['status']);
    expect(status.stdout).toContain('other');
    expect(status.exit).toBe(0);
  });
});

describe('money', () => {
  it('ends a variant whose budget is used up without another attempt', async () => {
    const made = await person(
      `init(); fs.writeFileSync('a.txt', ''); done({ total_cost_usd: 5, is_error: true, subtype: 'error_max_budget_usd' }); process.exitCode = 1;`,
    );
    const ran = await made.copse(['run']);
    expect(await made.outcomes()).toEqual({ dark: 'over-budget' });
    // It would end at once.
    expect(ran.stdout).not.toContain('copse retry');
    expect((await made.copse(['status', '--json'])).stdout).not.toContain('copse retry');
    await made.copse(['retry', 'dark']);
    const { variants } = await made.state();
    expect(variants[0]?.attempts.length).toBe(1);
    expect(variants[0]?.phase).toMatchObject({ outcome: 'over-budget' });
  });
});

describe('fatal endings', () => {
  it('a rejected key stops the whole run with exit 4 in one step', async () => {
    const made = await Person.create({
      claude: `init(); for (let i = 1; i < 9; i++) { emit({ type: 'system', subtype: 'api_retry', attempt: i, max_retries: 10, retry_delay_ms: 600, error_status: 401, error: 'authentication_failed' }); await sleep(600); } await sleep(600_000);`,
      files: { 'variants.yaml': variantsYaml(['a', 'b', 'c'], { concurrency: 1 }) },
    });
    const ended = await made.copse(['run']);
    expect(ended.exit).toBe(4);
    const outcomes = await made.outcomes();
    expect(outcomes['a']).toBe('failed');
    expect([outcomes['b'], outcomes['c']]).toEqual(['stopped', 'stopped']);
    const { variants } = await made.state();
    expect(variants[1]?.attempts).toEqual([]);
  });

  it('stays fatal for whoever adopts the run when the supervisor dies over it', async () => {
    const made = await Person.create({
      claude: `init(); for (let i = 1; i < 9; i++) { emit({ type: 'system', subtype: 'api_retry', attempt: i, max_retries: 10, retry_delay_ms: 200, error_status: 401, error: 'authentication_failed' }); await sleep(200); } await sleep(600_000);`,
      files: { 'variants.yaml': variantsYaml(['a', 'b'], { concurrency: 1 }) },
    });
    await made.copse(['run', '--detach'], { env: { COPSE_FAILPOINT: 'work-committed' } });
    await made.waitForEvent('attempt.finished');
    await made.supervisorGone();
    expect((await made.copse(['wait'])).exit).toBe(4);
    expect(await made.outcomes()).toEqual({ a: 'failed', b: 'stopped' });
  });

  it('stay fatal if an attempt ends with one after the supervisor died', async () => {
    const made = await Person.create({
      claude: `init(); call('Bash', { command: 'x' }); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20);
        console.error('Not logged in · Please run /login'); process.exit(1);`,
      files: { 'variants.yaml': variantsYaml(['a', 'b'], { concurrency: 1 }) },
    });
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity', { variant: 'a' });
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    await writeFile(join(made.home, 'go'), '');
    expect((await made.copse(['wait'])).exit).toBe(4);
    expect(await made.outcomes()).toEqual({ a: 'failed', b: 'stopped' });
    expect((await made.state()).phase).toMatchObject({ ending: 'fatal', fatal: 'not-logged-in' });
  });

  it('a model that does not exist ends its variants and no others', async () => {
    const made = await Person.create({
      claude: `init(); if (args.includes('gone')) { done({ is_error: true, api_error_status: 404, result: 'There is an issue with the selected model (gone). It may not exist or you may not have access to it.', terminal_reason: 'model_error' }); process.exitCode = 1; } else { fs.writeFileSync('a.txt', ''); done(); }`,
      files: {
        'variants.yaml': variantsYaml({ a: { model: 'gone' }, b: { model: 'gone' }, c: { model: 'there' } }, { concurrency: 1 }),
      },
    });
    expect((await made.copse(['run'])).exit).toBe(1);
    expect(await made.outcomes()).toEqual({ a: 'failed', b: 'failed', c: 'succeeded' });
    const { variants } = await made.state();
    expect(variants[1]?.attempts).toEqual([]);
  });
});
