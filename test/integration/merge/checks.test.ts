import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedRun, mergeJson } from '../../support/merged.ts';

/** Both lines pass alone; together they fail. Each run of it leaves a mark outside of the worktrees. */
function counted(log: string): string {
  return `echo $COPSE_VARIANT >> '${log}'; ! { test -f dark.txt && test -f docs.txt; }`;
}

describe('checks on the result', () => {
  it('do not run again on a tree that they passed on, and keep out what breaks the target', async () => {
    const log = join(process.env['TMPDIR'] ?? '/tmp', `copse-checks-${process.pid}-${Date.now()}.log`);
    const person = await finishedRun(['dark', 'docs'], { verify: { both: counted(log) } });
    const ran = async (): Promise<string[]> => (await readFile(log, 'utf8')).trim().split('\n');
    const before = await ran();
    const dark = await mergeJson(person, ['dark']);
    expect(dark.landed).toMatchObject([{ checks: [{ name: 'both', status: 'passed' }] }]);
    expect(await ran()).toEqual(before);

    const main = await person.git('rev-parse', 'main');
    const docs = await person.copse(['merge', 'docs']);
    expect(docs.exit).toBe(1);
    expect(docs.stderr).toContain('Running both of docs on main.\n');
    expect(docs.stderr).toContain('✘ docs would break main: both fails on the result.');
    expect(docs.stderr).toContain('copse merge docs --no-verify');
    expect(await person.git('rev-parse', 'main')).toBe(main);
    // The target's own tree passed as the variant's before.
    expect((await ran()).length).toBe(before.length + 1);

    const forced = await mergeJson(person, ['docs', '--no-verify']);
    expect(forced).toMatchObject({ noVerify: true, landed: [{ checks: [] }] });
    expect(await person.git('log', '-1', '--format=%(trailers:key=Copse-Verified)')).toBe('Copse-Verified: no');
    const events = await person.events();
    expect(events.findLast(({ type }) => type === 'merge.landed')).toMatchObject({ variant: 'docs', noVerify: true });
  });

  it('that fail on the target already are told and keep nothing out', async () => {
    const person = await finishedRun(['dark'], { verify: { broken: 'echo never well; false' } });
    const report = await mergeJson(person, ['dark']);
    expect(report.landed).toMatchObject([{ checks: [{ name: 'broken', status: 'failed', onTarget: 'failed' }] }]);
  });

  it('are the target’s where they are protected', async () => {
    const person = await finishedRun(
      ['dark'],
      { verify: { same: 'sh check.sh' }, protect: ['check.sh'] },
      { files: { 'check.sh': 'true\n' } },
    );
    await person.write('check.sh', 'test ! -f dark.txt\n');
    await person.git('commit', '-qam', 'stricter');
    const report = await mergeJson(person, ['dark'], { exit: 1 });
    expect(report.refused).toMatchObject([{ reason: 'checks-fail', checks: [{ status: 'failed', onTarget: 'passed' }] }]);
  });

  it('need the approval that the run had', async () => {
    const person = await finishedRun(['dark'], { verify: { ok: 'true' } });
    const { trust } = JSON.parse(await readFile(person.paths().plan, 'utf8')) as { trust: { hash: string } };
    const revoked = await person.copse(['trust', '--revoke', trust.hash]);
    expect(revoked.exit, revoked.stderr).toBe(0);
    const report = await mergeJson(person, ['dark'], { exit: 3 });
    expect(report.refused).toMatchObject([{ reason: 'not-trusted', hint: expect.stringContaining('copse trust') }]);
    expect((await mergeJson(person, ['dark', '--no-verify'])).landed).toHaveLength(1);
  });

  it('that are stopped with Ctrl-C leave everything as it was', async () => {
    const person = await finishedRun(['dark'], { verify: { slow: 'test ! -f go || sleep 600' } });
    await person.write('go', '');
    await person.git('add', '-A');
    await person.git('commit', '-qm', 'go');
    const before = await person.fingerprint();
    const { child, ended } = person.start(['merge', 'dark']);
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ exit: 130, stderr: expect.stringContaining('Stopped. Nothing was merged.') });
    await person.holds(before);
  });

  it('leave time in which a variant is continued: then nothing is merged', async () => {
    const wait = 'while (fs.existsSync(process.env.HOME + "/busy")) await sleep(20);';
    const checking = 'touch "$HOME/checking"; until test -f "$HOME/checked"; do sleep 0.05; done';
    const person = await finishedRun(
      ['dark'],
      { verify: { slow: `test ! -f go || { ${checking}; }` } },
      { claude: `init(); fs.writeFileSync('dark.txt', prompt); call('Write', {}); ${wait} done();` },
    );
    await person.write('go', '');
    await person.git('add', '-A');
    await person.git('commit', '-qm', 'go');
    const main = await person.git('rev-parse', 'main');
    const merge = person.start(['merge', 'dark']);
    await expect.poll(() => existsSync(join(person.home, 'checking'))).toBe(true);

    await writeFile(join(person.home, 'busy'), '');
    const { seq } = (await person.events()).at(-1) ?? { seq: 0 };
    expect((await person.copse(['retry', 'dark', '-m', 'more', '--detach'])).exit).toBe(0);
    const works = async () => (await person.events()).some((event) => event.seq > seq && event.type === 'attempt.activity');
    await expect.poll(works).toBe(true);
    // It holds the run's lock, which alone would keep the merge out.
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    await writeFile(join(person.home, 'checked'), '');
    expect(await merge.ended).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('Variant dark was continued meanwhile.'),
    });
    expect(await person.git('rev-parse', 'main')).toBe(main);

    await rm(join(person.home, 'busy'));
    expect((await person.copse(['wait'])).exit).toBe(0);
    expect((await mergeJson(person, ['dark'])).landed).toHaveLength(1);
  });
});
