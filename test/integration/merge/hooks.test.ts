import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityOf } from '../../../src/system/processes/process-identity.ts';
import { finishedRun, mergeJson } from '../../support/merged.ts';
import type { Person } from '../../support/person.ts';

async function hook(person: Person, path: string, body: string): Promise<void> {
  const file = join(person.repo, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

describe('the person’s hooks', () => {
  it('see what lands as in a commit of theirs, may change it and its message, and may refuse it', async () => {
    const person = await finishedRun(['dark', 'docs'], {}, { files: { 'fmt.txt': 'raw\n' } });
    const said = join(person.home, 'said');
    await hook(
      person,
      '.git/hooks/pre-commit',
      `{ pwd; git diff --cached --name-only; env | grep -c '^GIT_INDEX_FILE=.*app/.git/index' ; } > '${said}'
echo formatted > fmt.txt; git add fmt.txt; echo loose > dark.txt`,
    );
    await hook(
      person,
      '.git/hooks/prepare-commit-msg',
      'echo "[X-1] $(cat "$1")" > "$1.new"; mv "$1.new" "$1"; echo "source $2" >> "$1"',
    );
    await hook(
      person,
      '.git/hooks/commit-msg',
      'grep -q X-1 "$1" || exit 1; ! grep -q forbidden "$1" || { echo "no such word"; exit 1; }',
    );
    const index = await readFile(join(person.repo, '.git/index'));
    const dry = await mergeJson(person, ['dark', '--dry-run'], {
      env: { GIT_DIR: '/nowhere', GIT_INDEX_FILE: join(person.repo, '.git/index') },
    });
    expect(dry.landed).toMatchObject([{ hooks: ['pre-commit', 'prepare-commit-msg', 'commit-msg'] }]);
    expect(await readFile(join(person.repo, '.git/index'))).toEqual(index);
    const [cwd = '', ...files] = (await readFile(said, 'utf8')).trim().split('\n');
    expect(cwd).toContain('/app.worktrees/copse-variants-0');
    expect(files).toEqual(['app.js', 'dark.txt', '0']);

    const landed = await mergeJson(person, ['dark']);
    expect(landed.landed[0]?.notes.join(' ')).toMatch(/pre-commit changed files; .* changed dark.txt without staging it/);
    expect(await person.git('log', '-1', '--format=%B')).toMatch(/^\[X-1\] I am dark\.[\s\S]*source message$/);
    expect(await person.read('fmt.txt')).toBe('formatted\n');
    expect(await person.read('dark.txt')).toBe('dark\n');
    expect(await person.git('status', '--porcelain')).toBe('');

    const before = await person.git('rev-parse', 'main');
    const refused = await person.copse(['merge', 'docs', '-m', 'forbidden']);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('✘ The hook commit-msg refused docs.');
    expect(refused.stderr).toContain('no such word');
    expect(refused.stderr).toContain('\n    copse merge docs -m "…"\n');
    expect(await person.git('rev-parse', 'main')).toBe(before);
    await mergeJson(person, ['docs', '-m', 'forbidden', '--no-verify']);
    // As with git commit --no-verify: hooks that only prepare the message still run.
    expect(await person.git('log', '-1', '--format=%s')).toBe('[X-1] forbidden');
  });

  it('in a tracked folder are the target’s, never as the variant changed them', async () => {
    const person = await finishedRun(
      ['dark', 'docs'],
      {},
      {
        files: { '.githooks/lib.sh': 'say() { echo "target $1" > "$SAID"; }\n', '.githooks/pre-commit': 'PLACEHOLDER\n' },
        claude: `init();
          if (variant === 'dark') { fs.writeFileSync('.githooks/lib.sh', 'say() { echo "variant $1" > "$SAID"; }\\n'); fs.writeFileSync('.githooks/pre-commit', '#!/bin/sh\\necho evil > "$SAID"\\n'); }
          fs.writeFileSync(variant + '.txt', variant); call('Edit', {}); done();`,
        env: {},
      },
    );
    await hook(person, '.githooks/pre-commit', '. "$(dirname "$0")/lib.sh"; say pre-commit');
    await person.git('commit', '-qam', 'hook');
    await person.git('config', 'core.hooksPath', '.githooks');
    const env = { SAID: join(person.home, 'said') };
    // The variant and the target both changed it: only what the target has may run.
    expect((await mergeJson(person, ['dark'], { env, exit: 1 })).refused).toMatchObject([{ reason: 'conflict' }]);
    await mergeJson(person, ['docs'], { env });
    expect(await readFile(env.SAID, 'utf8')).toBe('target pre-commit\n');
    const place = (await person.state()).variants[0]?.worktree ?? '';
    await person.git('-C', place, 'merge', '-q', '-X', 'ours', 'main');
    const dark = await mergeJson(person, ['dark'], { env });
    expect(dark.landed).toMatchObject([{ hooks: ['pre-commit'] }]);
    expect(await readFile(env.SAID, 'utf8')).toBe('target pre-commit\n');
    expect(await person.read('.githooks/pre-commit')).toContain('evil');
  });

  it('work as husky lays them out: a generated folder beside tracked scripts', async () => {
    const person = await finishedRun(
      ['dark', 'docs'],
      {},
      { files: { '.husky/pre-commit': 'echo "$PWD" > "$SAID"\ntest ! -f docs.txt\n' } },
    );
    await hook(person, '.husky/_/pre-commit', 's=$(dirname "$(dirname "$0")")/$(basename "$0"); sh -e "$s" "$@"');
    await writeFile(join(person.repo, '.husky/_/.gitignore'), '*\n');
    await person.git('config', 'core.hooksPath', '.husky/_');
    const env = { SAID: join(person.home, 'said') };
    await mergeJson(person, ['dark'], { env });
    expect(await readFile(env.SAID, 'utf8')).toContain('/app.worktrees/copse-variants-0');
    const docs = await mergeJson(person, ['docs'], { env, exit: 1 });
    expect(docs.refused).toMatchObject([{ reason: 'hook-refused', what: 'The hook pre-commit refused docs.' }]);

    // Even if the target is not checked out and the current directory is the variant's worktree.
    await person.git('switch', '-q', '--detach');
    const place = (await person.state()).variants[1]?.worktree ?? '';
    await mkdir(join(place, '.husky/_'), { recursive: true });
    await writeFile(join(place, '.husky/_/pre-commit'), '#!/bin/sh\necho evil > "$SAID"\n', { mode: 0o755 });
    await writeFile(join(place, '.husky/_/.gitignore'), '*\n');
    await mergeJson(person, ['docs'], { env, exit: 1, cwd: place });
    expect(await readFile(env.SAID, 'utf8')).not.toContain('evil');
    expect(await person.git('status', '--porcelain')).toBe('');
  });

  it('run as git does by the way it lands: pre-merge-commit for a merge, none for a replay', async () => {
    const person = await finishedRun(['dark', 'docs']);
    for (const name of ['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg']) {
      await hook(person, `.git/hooks/${name}`, `echo ${name} "$2" >> '${join(person.home, 'ran')}'`);
    }
    await mergeJson(person, ['dark', '--as', 'merge']);
    expect(await readFile(join(person.home, 'ran'), 'utf8')).toBe('pre-merge-commit \nprepare-commit-msg merge\ncommit-msg \n');
    await mergeJson(person, ['docs', '--as', 'rebase']);
    expect(await readFile(join(person.home, 'ran'), 'utf8')).toBe('pre-merge-commit \nprepare-commit-msg merge\ncommit-msg \n');
  });

  it('that take everything out of the index land nothing: an empty commit would make the work look landed', async () => {
    const person = await finishedRun(['dark']);
    await hook(person, '.git/hooks/pre-commit', 'git reset -q --hard');
    const before = await person.git('rev-parse', 'main');
    const refused = await person.copse(['merge', 'dark']);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('The hook pre-commit left nothing of dark to merge.');
    expect(await person.git('rev-parse', 'main')).toBe(before);
    expect((await person.copse(['prune', '--dry-run'])).stdout).toContain('not landed');
  });

  it('that delete the message are told like those that empty it', async () => {
    const person = await finishedRun(['dark']);
    await hook(person, '.git/hooks/prepare-commit-msg', 'rm "$1"');
    const refused = await person.copse(['merge', 'dark']);
    expect(refused.stderr).toContain('The message is empty, so nothing was merged.');
  });

  it('fault 1: what a hook left that was killed together with copse ends before the next hook starts', async () => {
    const person = await finishedRun(['dark']);
    const pid = join(person.home, 'pid');
    await hook(
      person,
      '.git/hooks/pre-commit',
      `test -f '${pid}' && exit; echo $$ > '${pid}.new'; mv '${pid}.new' '${pid}'; exec sleep 600`,
    );
    const { ended, child } = person.start(['merge', 'dark']);
    await expect.poll(() => readFile(pid, 'utf8').catch(() => ''), { timeout: 20_000 }).not.toBe('');
    child.kill('SIGKILL');
    await ended;
    const left = Number(await readFile(pid, 'utf8'));
    expect(await identityOf(left)).not.toBeNull();
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    expect(await identityOf(left)).toBeNull();
  });
});

describe('the person’s signing', () => {
  it('applies to each commit that is made, and what cannot be signed does not land', async () => {
    const person = await finishedRun(['first', 'plain', 'dark', 'docs', 'light']);
    const key = join(person.home, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    await writeFile(join(person.home, 'allowed'), `person@example.com ${await readFile(`${key}.pub`, 'utf8')}`);
    await writeFile(
      join(person.home, '.gitconfig'),
      `[gpg]\n\tformat = ssh\n[gpg "ssh"]\n\tallowedSignersFile = ${join(person.home, 'allowed')}\n[user]\n\tsigningKey = ${key}\n[commit]\n\tgpgSign = true\n`,
    );
    // The target has not moved: the variant's own commits would do, were they signed.
    const place = (await person.state()).variants[0]?.worktree ?? '';
    await writeFile(join(place, 'first.txt'), 'more\n');
    const author = ['--author', 'Else <else@example.com>', '--date', '@86400 +0100'];
    await person.git('-C', place, 'commit', '-qam', 'Second', '--no-gpg-sign', ...author);
    const tip = await person.git('rev-parse', 'ui/first');
    expect((await mergeJson(person, ['first', '--as', 'rebase'])).landed).toMatchObject([{ signed: true, tip }]);
    expect(await person.git('log', '-2', '--format=%G? %an %at %s')).toMatch(
      /^G Else 86400 Second\nG A Person \d+ I am first\.$/,
    );
    expect(await person.git('rev-parse', 'main^{tree}')).toBe(await person.git('rev-parse', 'ui/first^{tree}'));
    await person.git('-C', (await person.state()).variants[1]?.worktree ?? '', 'rebase', '-q', '--no-gpg-sign', 'main');
    const unsigned = await mergeJson(person, ['plain', '--as', 'ff']);
    expect(unsigned.landed).toMatchObject([{ signed: false, notes: [expect.stringContaining('not signed')] }]);
    await person.git('-C', (await person.state()).variants[4]?.worktree ?? '', 'rebase', '-q', '--gpg-sign', 'main');
    const signed = await mergeJson(person, ['light', '--as', 'rebase']);
    expect(signed).toMatchObject({ landed: [{ signed: true }], to: await person.git('rev-parse', 'ui/light') });
    expect((await mergeJson(person, ['docs'])).landed).toMatchObject([{ signed: true }]);
    expect(await person.git('log', '-1', '--format=%G?')).toBe('G');
    await person.copse(['retry', 'docs', '-m', 'write docs.txt again']);
    await mergeJson(person, ['docs', '--as', 'merge']);
    expect(await person.git('log', '-1', '--format=%G?')).toBe('G');
    const before = await person.git('rev-parse', 'main');
    await person.git('config', 'user.signingKey', join(person.home, 'no-such-key'));
    await person.copse(['retry', 'docs', '-m', 'write docs.txt more']);
    const refused = await person.copse(['merge', 'docs']);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('✘ The commit could not be signed, so nothing was merged.');
    expect(await person.git('rev-parse', 'main')).toBe(before);
  });
});
