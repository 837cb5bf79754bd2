import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedRun, mergeJson } from '../../support/merged.ts';

describe('copse merge', () => {
  it('lands a variant as one commit in the words of its agent; the checkout follows; what it adds later lands too', async () => {
    const person = await finishedRun(['dark', 'idle'], {}, { files: { 'sub/x.txt': 'x\n' } });
    const before = await person.git('rev-parse', 'main');
    await utimes(join(person.repo, 'readme.md'), 1000, 1000);
    await person.git('update-index', '-q', '--refresh');
    await person.write('mine.txt', 'untracked\n');

    const dry = await mergeJson(person, ['dark', '--dry-run']);
    expect(dry).toMatchObject({ dryRun: true, operation: null, from: before, landed: [{ name: 'dark', subject: 'I am dark.' }] });
    expect(await person.git('rev-parse', 'main')).toBe(before);

    const ended = await person.copse(['merge', 'dark'], { cwd: join(person.repo, 'sub') });
    expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(ended.stdout).toContain('✔ dark merged into main as ');
    expect(ended.stdout).toContain('2 files +2 −1');
    const { sessionId } = (await person.state()).variants[0]?.attempts[0] ?? {};
    expect(await person.git('log', '-1', '--format=%B%P')).toBe(
      `I am dark.\n\nMore of it.\n\nCopse-Run: ui\nCopse-Variant: dark\nClaude-Session: ${sessionId}\n${before}`,
    );
    expect(await person.git('status', '--porcelain')).toBe('?? mine.txt');
    expect(await person.read('dark.txt')).toBe('dark\n');
    expect((await stat(join(person.repo, 'readme.md'))).mtimeMs).toBe(1_000_000);
    const head = await person.git('rev-parse', 'HEAD');
    expect((await person.state()).variants[0]?.landed).toMatchObject({ target: 'main', commit: head, as: 'squash' });
    const operations = join(person.repo, '.git/copse/v1/operations');
    const [journal] = await readdir(operations);
    expect(JSON.parse(await readFile(join(operations, journal ?? ''), 'utf8'))).toMatchObject({
      kind: 'merge',
      state: 'done',
      command: 'copse merge dark',
      from: before,
      to: head,
      checkouts: [{ path: person.repo }],
      landed: [{ variant: 'dark', commit: head }],
    });

    const again = await person.copse(['merge', 'dark']);
    expect(again).toMatchObject({ exit: 0, stderr: '' });
    expect(again.stdout).toContain('dark has nothing left to merge into main.');
    const idle = await person.copse(['merge', 'idle']);
    expect(idle.exit).toBe(3);
    expect(idle.stderr).toContain('✘ Variant idle has nothing to merge.');

    // main changes in the very place; a merge against the first start would conflict.
    await person.write('app.js', 'dark indeed\n1\n2\n3\n4\nfooter\n');
    await person.git('commit', '-qam', 'go on');
    await person.copse(['retry', 'dark', '-m', 'write dark.txt more']);
    const more = await mergeJson(person, ['dark']);
    expect(more.landed).toMatchObject([{ changes: { files: 1 } }]);
    expect(await person.read('dark.txt')).toBe('more\n');
    expect(await person.read('app.js')).toContain('dark indeed');
    expect(await person.git('fsck', '--no-dangling')).toBe('');
  });

  it('lands by a merge commit, by replaying each commit, by fast-forward, with the message given', async () => {
    const person = await finishedRun(['one', 'two', 'three', 'four']);
    const before = await person.git('rev-parse', 'main');
    const tip = await person.git('rev-parse', 'ui/one');
    expect((await mergeJson(person, ['one', '--as', 'ff'])).to).toBe(tip);
    expect(await person.read('one.txt')).toBe('one\n');

    const refused = await mergeJson(person, ['two', '--as', 'ff'], { exit: 1 });
    expect(refused.refused).toMatchObject([{ reason: 'not-fast-forward', hint: expect.stringContaining('--as rebase') }]);

    await mergeJson(person, ['two', '--as', 'merge', '-m', 'Both\n\nof them']);
    expect(await person.git('log', '-1', '--format=%P %s')).toBe(`${tip} ${await person.git('rev-parse', 'ui/two')} Both`);

    const place = (await person.state()).variants.find(({ name }) => name === 'three')?.worktree ?? '';
    await writeFile(join(place, 'three.txt'), 'more\n');
    await person.git('-C', place, 'commit', '-qam', 'Second', '--author', 'Else <else@example.com>', '--date', '@86400 +0100');
    const rebased = await mergeJson(person, ['three', '--as', 'rebase']);
    expect(rebased.landed).toMatchObject([{ changes: { files: 1, commits: 2 }, subject: 'Second' }]);
    expect(await person.git('log', '-2', '--format=%an %at %s')).toMatch(/^Else 86400 Second\nA Person \d+ I am three\.$/);
    expect(await person.read('three.txt')).toBe('more\n');

    const usage = await person.copse(['merge', 'four', '--as', 'ff', '-m', 'x']);
    expect(usage).toMatchObject({ exit: 2, stderr: expect.stringContaining('--as ff keeps the messages') });
    expect(await person.copse(['merge', 'four', '-e'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('no terminal'),
    });
    expect(await person.copse(['merge'])).toMatchObject({ exit: 2 });
    expect(await person.git('status', '--porcelain')).toBe('');
    expect(await person.git('merge-base', 'main', before)).toBe(before);
  });

  it('lands several one on the other in one move, leaves out what conflicts, and its ways out work', async () => {
    const person = await finishedRun(['dark', 'light', 'docs']);
    const before = await person.git('rev-parse', 'main');
    await person.write('app.js', 'title\n1\n2\n3\n4\nFOOTER\n');
    await person.git('commit', '-qam', 'Loud footer');
    const ended = await person.copse(['merge', 'dark', 'light', 'docs']);
    expect(ended.exit).toBe(1);
    expect(ended.stdout).toContain('✔ dark merged into main');
    expect(ended.stdout).toContain('✔ docs merged into main');
    expect(ended.stderr).toContain('✘ light conflicts with main in app.js.');
    expect(ended.stderr).toContain('with dark merged first');
    expect(ended.stderr).toMatch(/light {2}\w+ I am light\./);
    expect(ended.stderr).toMatch(/main {3}\w+ I am dark\./);
    expect(await person.git('log', '--format=%s', `${before}..`)).toBe('I am docs.\nI am dark.\nLoud footer');
    expect(await person.git('reflog', '-1', '--format=%gs')).toBe('copse: merge dark docs');
    expect(await readdir(join(person.repo, '.git/copse/v1/operations'))).toHaveLength(1);

    const alone = await mergeJson(person, ['light', '--into', 'main'], { exit: 1 });
    expect(alone.refused).toMatchObject([{ reason: 'conflict', conflicts: [{ path: 'app.js' }] }]);
    const commands = (alone.refused[0]?.hint ?? '').split('By its agent:\n')[1]?.split('\n') ?? [];
    expect(commands).toHaveLength(3);
    expect(commands[2]).toBe('  copse merge light --into main');
    const { execFileSync } = await import('node:child_process');
    const { MAIN } = await import('../../support/person.ts');
    const script = [`copse() { '${process.execPath}' '${MAIN}' "$@"; }`, ...commands.map((line) => `(${line.trim()})`)].join(
      '\n',
    );
    execFileSync('/bin/sh', ['-c', script], { cwd: person.repo, env: person.env, stdio: 'pipe' });
    expect(await person.read('app.js')).toBe('both\n1\n2\n3\n4\nFOOTER\n');
    expect(await person.read('light.txt')).toBe('light\n');
    expect(await person.git('status', '--porcelain')).toBe('');
  });

  it('a conflict resolved by hand in the variant’s worktree lands', async () => {
    const person = await finishedRun(['dark']);
    await person.write('app.js', 'TITLE\n1\n2\n3\n4\nfooter\n');
    await person.git('commit', '-qam', 'Loud title');
    const before = await person.fingerprint();
    const refused = await mergeJson(person, ['dark'], { exit: 1 });
    expect(refused.refused[0]?.hint).toContain('cd "$(copse path dark)" && git merge main');
    await person.holds(before);
    const place = (await person.state()).variants[0]?.worktree ?? '';
    await expect(person.git('-C', place, 'merge', 'main')).rejects.toThrow();
    const open = await mergeJson(person, ['dark'], { exit: 3 });
    expect(open.refused).toMatchObject([{ reason: 'operation-open' }]);
    await writeFile(join(place, 'app.js'), 'Dark title\n1\n2\n3\n4\nfooter\n');
    await person.git('-C', place, 'commit', '-qam', 'Merged');
    await mergeJson(person, ['dark']);
    expect(await person.read('app.js')).toContain('Dark title');
    expect(await person.git('log', '-1', '--format=%s %P')).toBe(`I am dark. ${await person.git('rev-parse', 'main~1')}`);
  });

  it('says what is not committed, and commits it first where that is wished', async () => {
    const person = await finishedRun(['dark', 'light'], {
      verify: { leaves: 'mkdir -p out && echo x > out/report.txt && echo y >> readme.md' },
    });
    const place = (await person.state()).variants[0]?.worktree ?? '';
    // Files that the checks of the run left are not work.
    expect((await mergeJson(person, ['dark', '--dry-run'])).landed).toHaveLength(1);
    await mkdir(join(place, 'new'), { recursive: true });
    await writeFile(join(place, 'new/late.txt'), 'late\n');
    await writeFile(join(place, 'dark.txt'), 'later\n');
    await writeFile(join(place, '.env.production'), 'KEY=secret\n');
    const refused = await person.copse(['merge', 'dark']);
    expect(refused.exit).toBe(3);
    expect(refused.stderr).toContain('dark has work that is not committed: dark.txt, .env.production, new/late.txt');
    expect(refused.stderr).toContain('copse merge dark --include-uncommitted');
    const landed = await mergeJson(person, ['dark', '--include-uncommitted']);
    expect(landed.landed[0]?.notes.join(' ')).toContain('Left out of the commit: .env.production');
    expect(await person.read('dark.txt')).toBe('later\n');
    expect(await person.read('new/late.txt')).toBe('late\n');
    await expect(person.read('.env.production')).rejects.toThrow();
  });

  it('never takes a folder in the place of a lost worktree for its work: all else would land as deleted', async () => {
    const person = await finishedRun(['dark']);
    const main = await person.git('rev-parse', 'main', 'ui/dark');
    const place = (await person.state()).variants[0]?.worktree ?? '';
    await rm(place, { recursive: true });
    await mkdir(place);
    await writeFile(join(place, 'mine.txt'), 'of a person\n');
    const report = await mergeJson(person, ['dark', '--include-uncommitted'], { exit: 3 });
    expect(report.refused).toMatchObject([{ reason: 'not-its-worktree', why: expect.stringContaining('.git is gone') }]);
    expect(await person.git('rev-parse', 'main', 'ui/dark')).toBe(main);
    expect(await readFile(join(place, 'mine.txt'), 'utf8')).toBe('of a person\n');
  });
});

describe('copse merge --prune', () => {
  it('clears away what landed, and nothing else', async () => {
    const person = await finishedRun(['dark', 'light']);
    const ended = await person.copse(['merge', 'dark', 'light', '--prune']);
    expect(ended.exit).toBe(1);
    expect(await person.git('branch', '--list', 'ui/*', '--format=%(refname:short)')).toBe('ui/light');
    const { variants } = await person.state();
    expect(variants.map(({ removed }) => removed !== null)).toEqual([true, false]);
    expect(await person.read('dark.txt')).toBe('dark\n');
  });
});
