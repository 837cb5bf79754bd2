import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directorySize } from '../../../src/system/files.ts';
import type { PruneJson } from '../../../src/view/landing/prune-json.ts';
import type { UndoListJson } from '../../../src/view/landing/undo-json.ts';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person, type PersonOptions } from '../../support/person.ts';
import { interruptedAt } from '../../support/slow-git.ts';
import { variantsYaml } from '../../support/variants.ts';

async function finished(
  variants: Parameters<typeof variantsYaml>[0],
  o: { readonly top?: Readonly<Record<string, unknown>>; readonly person?: PersonOptions } = {},
): Promise<Person> {
  const person = await Person.create({
    claude: WRITES_A_FILE,
    ...o.person,
    files: { 'variants.yaml': variantsYaml(variants, o.top ?? {}), ...o.person?.files },
  });
  const run = await person.approved(['run']);
  expect(run.exit, run.stderr).toBe(0);
  await person.supervisorGone();
  return person;
}

async function squash(person: Person, branch: string): Promise<void> {
  await person.git('merge', '-q', '--squash', branch);
  await person.git('commit', '-q', '-m', `Land ${branch}.`);
}

function json(ended: { readonly stdout: string }): PruneJson {
  return JSON.parse(ended.stdout) as PruneJson;
}

const goes = (look: PruneJson): readonly string[] => look.items.filter((item) => item.goes).map(({ name }) => name);
const why = (look: PruneJson): Record<string, string> => Object.fromEntries(look.items.map((item) => [item.name, item.why]));

describe('copse prune', () => {
  it('shows first; asks, or is told yes; removes what is done alone', async () => {
    const person = await finished(['dark', 'light']);
    await squash(person, 'ui/dark');
    const before = await person.fingerprint();

    const shown = await person.copse(['prune', '--dry-run', '--json']);
    expect(why(json(shown))).toEqual({ 'ui/dark': 'squashed into main', 'ui/light': 'not landed' });
    expect(json(shown).items[0]).toMatchObject({
      uncommitted: 0,
      untracked: 0,
      on: 'main',
      state: 'at-rest',
      outcome: 'succeeded',
    });

    const unasked = await person.copse(['prune']);
    expect(unasked).toMatchObject({ exit: 3 });
    expect(unasked.stdout).toMatch(/Will be removed\n.*ui\/dark.*\n\nKept\n.*ui\/light .*not landed/);
    expect(unasked.stderr).toContain('copse prune --yes');
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(true);

    const done = await person.copse(['prune', '--yes']);
    expect(done).toMatchObject({ exit: 0 });
    expect(done.stdout).toContain('Removed 1 worktree and 1 branch.');
    expect(done.stdout).toContain('Restore it: copse undo');
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(false);
    expect(await person.git('branch', '--list', 'ui/*', '--format=%(refname:short)')).toBe('ui/light');

    const again = await person.copse(['prune', '--yes']);
    expect(again).toMatchObject({ exit: 0 });
    expect(again.stderr).toContain('Nothing to remove.');
    await person.holds(before);
  });

  it('takes what landed on another branch than its run was to, for the person wanted it there, and says so', async () => {
    const person = await finished(['dark']);
    await person.git('branch', 'next');
    expect((await person.copse(['merge', 'dark', '--into', 'next'])).exit).toBe(0);
    const shown = await person.copse(['prune', '--dry-run']);
    expect(shown.stdout).toMatch(
      /^Will be removed\n.*ui\/dark {2}succeeded {2}landed on next .*\n +You merged it into next, so it is done; main does not have it\.\n$/,
    );
    expect(json(await person.copse(['prune', '--dry-run', '--json'])).items).toMatchObject([{ landed: 'landed', on: 'next' }]);
    await person.git('branch', '-D', '-q', 'next');
    expect((await person.copse(['prune', '--dry-run'])).stdout).toMatch(/^Kept\n.*not landed/);
  });

  it('leaves what was removed readable, and says how it comes back', async () => {
    const person = await finished(['dark', 'light']);
    await person.copse(['prune', 'dark', '--yes']);
    expect((await person.copse(['status'])).stdout).toMatch(/dark +succeeded, removed /);
    expect((await person.copse(['logs', 'dark'])).stdout).toContain('Wrote it.');
    expect((await person.copse(['compare'])).stdout).toMatch(/dark {2}It was removed\. Restore it: copse undo/);
    expect((await person.copse(['diff', 'dark'])).stdout).toContain('dark.txt');
    for (const args of [
      ['path', 'dark'],
      ['exec', 'dark', '--', 'true'],
      ['retry', 'dark'],
    ]) {
      const refused = await person.copse(args);
      expect(refused, args.join(' ')).toMatchObject({ exit: 3 });
      expect(refused.stderr).toMatch(/copse undo [0-9a-z]{26}/);
    }
    expect((await person.copse(['prune', 'dark', '--yes'])).stderr).toContain('copse undo --list');
    expect((await person.copse(['retry', 'light', '--detach'])).exit).toBe(0);
    await person.copse(['wait', 'ui']);
    await person.supervisorGone();
  });

  it('means what is named, a run, all, or only what is old', async () => {
    const person = await finished(['dark', 'light']);
    const look = async (...args: string[]) => goes(json(await person.copse(['prune', '--dry-run', '--json', ...args])));
    expect(await look()).toEqual([]);
    expect(await look('ui/light')).toEqual(['ui/light']);
    expect(await look('--run', 'ui')).toEqual(['ui/dark', 'ui/light']);
    expect(await look('--all')).toEqual(['ui/dark', 'ui/light']);
    expect(await look('--all', '--older', '30d')).toEqual([]);
    const unknown = await person.copse(['prune', 'nope', '--yes']);
    expect(unknown.exit).toBe(2);
  });

  it('deletes what is disposable, keeps other ignored files, tells both; --purge frees the rest', async () => {
    const person = await finished(['dark'], {
      top: { disposable: ['node_modules'] },
      person: { files: { '.gitignore': 'node_modules\n*.db\n' } },
    });
    await squash(person, 'ui/dark');
    const dark = `${person.repo}.worktrees/ui-dark`;
    await mkdir(join(dark, 'web/node_modules/left-pad'), { recursive: true });
    await writeFile(join(dark, 'web/node_modules/left-pad/index.js'), 'x'.repeat(5000));
    await writeFile(join(dark, 'local.db'), 'y'.repeat(3000));
    // Of this one the index has another size.
    await writeFile(join(dark, 'readme.md'), 'longer than it was\n');
    const done = json(await person.copse(['prune', 'dark', '--yes', '--json']));
    expect(done.freedBytes).toBe(5000);
    expect(done.retainedBytes).toBeGreaterThan(3000);
    expect(done.retainedBytes).toBeLessThan(5000);
    expect(done.items[0]?.bytes).toBe(done.freedBytes + done.retainedBytes);

    // One number everywhere: the sizes of the files, without git's pointer.
    const trash = `${person.repo}.worktrees/.copse-trash/${done.operation}/ui-dark`;
    const pointer = (await directorySize(join(trash, '.git'))).bytes;
    expect(done.retainedBytes).toBe((await directorySize(trash)).bytes - pointer);
    const listed = JSON.parse((await person.copse(['undo', '--list', '--json'])).stdout) as UndoListJson;
    expect(listed.operations[0]?.bytes).toBe(done.retainedBytes);
    const purged = await person.copse(['prune', '--purge', '--yes', '--json']);
    expect(json(purged).freedBytes).toBe(done.retainedBytes);
    expect((await person.copse(['status'])).stdout).toMatch(/dark +landed on main, deleted|dark +succeeded, deleted/);
    expect((await person.copse(['prune', '--purge', '--yes'])).stderr).toContain('The trash is empty.');
    await person.git('fsck');
  });

  it('frees by itself what lay in the trash long enough, and forgets runs of which nothing is left', async () => {
    const person = await finished(['dark']);
    await person.copse(['prune', 'dark', '--yes']);
    const operations = join(person.repo, '.git/copse/v1/operations');
    const [name = ''] = (await readdir(operations)).filter((file) => file.endsWith('.json'));
    const age = async (days: number): Promise<void> => {
      const journal = JSON.parse(await readFile(join(operations, name), 'utf8')) as { at: string };
      const at = new Date(Date.now() - days * 86_400_000).toISOString();
      await writeFile(join(operations, name), JSON.stringify({ ...journal, at }));
    };
    const trash = join(`${person.repo}.worktrees`, '.copse-trash', name.replace('.json', ''), 'ui-dark');
    await age(13);
    await person.copse(['prune', '--yes']);
    expect(existsSync(trash)).toBe(true);
    await age(15);
    await person.copse(['prune', '--dry-run']);
    expect(existsSync(trash)).toBe(true);
    await person.copse(['prune', '--yes']);
    expect(existsSync(trash)).toBe(false);
    expect(await person.git('for-each-ref', 'refs/copse/v1/trash')).not.toBe('');

    // A run of long ago: still there as long as its commits are.
    const { events, snapshot, dir } = person.paths();
    await writeFile(events, (await readFile(events, 'utf8')).replaceAll(/"at":"\d{4}-/g, '"at":"2020-'));
    await rm(snapshot);
    await person.copse(['prune', '--yes']);
    expect(existsSync(dir)).toBe(true);
    await age(91);
    const last = await person.copse(['prune', '--yes']);
    expect(last.stderr).toContain('Deleted the records of old runs: ui.');
    expect(existsSync(dir)).toBe(false);
    expect(await person.git('for-each-ref', 'refs/copse/v1/trash')).toBe('');
  });

  it('keeps what an unfinished dependent starts from', async () => {
    const person = await finished({ first: 'First.', second: { prompt: 'Second.', needs: ['first'] } });
    const { events, snapshot } = person.paths();
    // As a run that was stopped before the second one began.
    const lines = (await readFile(events, 'utf8')).split('\n').filter((line) => line !== '');
    const of = (line: string) => JSON.parse(line) as { type: string; variant?: string };
    const kept = lines.filter((line) => of(line).variant !== 'second');
    await writeFile(events, `${kept.map((line, i) => line.replace(/^\{"seq":\d+/, `{"seq":${i + 1}`)).join('\n')}\n`);
    await rm(snapshot, { force: true });
    await squash(person, 'ui/first');
    const look = json(await person.copse(['prune', 'first', '--dry-run', '--json']));
    expect(look.items).toMatchObject([{ name: 'ui/first', goes: false, why: 'second starts from it' }]);
  });

  it('runs teardown in the worktree first; one that fails keeps it; it can be left out', async () => {
    const person = await finished(['dark', 'light'], {
      top: {
        teardown: [
          'echo "$COPSE_VARIANT $PORT $PWD" >> ../torn.txt',
          'test "$COPSE_VARIANT" != light || { echo "no such database"; exit 4; }',
        ],
      },
    });
    const done = json(await person.copse(['prune', '--run', 'ui', '--yes', '--json']));
    expect(done.removed.map(({ name }) => name)).toEqual(['ui/dark']);
    expect(done.kept).toMatchObject([{ name: 'ui/light', why: expect.stringMatching(/teardown failed.*no such database/) }]);
    const torn = await readFile(`${person.repo}.worktrees/torn.txt`, 'utf8');
    expect(torn).toMatch(new RegExp(`^dark 4\\d{4} ${person.repo}.worktrees/ui-dark\nlight 4\\d{4} `));
    expect(await readFile(join(person.paths().variantDir('light'), 'teardown/teardown-2.log'), 'utf8')).toBe(
      'no such database\n',
    );
    const left = await person.copse(['prune', 'light', '--yes', '--skip-teardown']);
    expect(left).toMatchObject({ exit: 0 });
    expect(existsSync(`${person.repo}.worktrees/ui-light`)).toBe(false);
  });

  it('removes nothing after Ctrl-C in a teardown, not even what needs none', async () => {
    const person = await finished(['dark', 'light'], { top: { teardown: ['touch ../begun; exec sleep 600'] } });
    await person.git('branch', 'merged-before');
    const state = (): Promise<string> => person.git('for-each-ref', '--format=%(objectname) %(refname)');
    const before = await state();
    const { child, ended } = person.start(['prune', 'dark', 'light', 'merged-before', '--others', '--yes']);
    await expect.poll(() => existsSync(`${person.repo}.worktrees/begun`), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
    const { exit, stderr } = await ended;
    expect(exit, stderr).toBe(130);
    expect(stderr).toContain('Stopped. Nothing was removed.');
    expect(await state()).toBe(before);
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(true);
    expect((await person.copse(['undo', '--list'])).stdout).not.toContain('interrupted');
  });

  it('asks for nothing that the person took their approval of back', async () => {
    const person = await finished(['dark'], { top: { teardown: ['touch ../torn'] } });
    await squash(person, 'ui/dark');
    const { hash } = JSON.parse(await readFile(person.paths().plan, 'utf8')).trust as { hash: string };
    expect((await person.copse(['trust', '--revoke', hash])).exit).toBe(0);
    const done = await person.copse(['prune', '--yes']);
    expect(done.stdout.replace(/\s+/g, ' ')).toMatch(/teardown is no longer approved.*copse trust/);
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(true);
    expect(existsSync(`${person.repo}.worktrees/torn`)).toBe(false);
  });
});

describe('copse prune --others', () => {
  async function withOthers(): Promise<Person> {
    const person = await Person.create();
    const branch = async (name: string, file: string): Promise<void> => {
      await person.git('worktree', 'add', '-q', '-b', name, `${person.repo}-${name}`);
      await writeFile(join(`${person.repo}-${name}`, file), `${name}\n`);
      await person.git('-C', `${person.repo}-${name}`, 'add', file);
      await person.git('-C', `${person.repo}-${name}`, 'commit', '-q', '-m', name);
    };
    await branch('squashed', 'a.txt');
    await branch('open', 'b.txt');
    await branch('forwarded', 'c.txt');
    await person.git('merge', '-q', 'forwarded');
    await squash(person, 'squashed');
    await person.git('branch', 'begun');
    await person.git('branch', 'old', 'squashed');
    return person;
  }

  it('recognises what landed, keeps what did not, and touches nothing without being told', async () => {
    const person = await withOthers();
    expect(json(await person.copse(['prune', '--dry-run', '--json'])).items).toEqual([]);
    const look = json(await person.copse(['prune', '--others', '--dry-run', '--json']));
    expect(why(look)).toEqual({
      squashed: 'squashed into main',
      forwarded: 'merged into main',
      open: 'not landed',
      begun: 'no commits of its own',
      old: 'squashed into main',
    });
    expect([...goes(look)].sort()).toEqual(['forwarded', 'old', 'squashed']);
    const before = await person.git('for-each-ref', 'refs/heads');
    const done = await person.copse(['prune', '--others', '--yes']);
    expect(done.stdout).toContain('Removed 2 worktrees and 3 branches.');
    expect(await person.git('branch', '--format=%(refname:short)')).toBe('begun\nmain\nopen');
    expect(await person.copse(['undo', ...person.lastOperation(), '--yes'])).toMatchObject({ exit: 0 });
    expect(await person.git('for-each-ref', 'refs/heads')).toBe(before);
    expect(await person.git('-C', `${person.repo}-squashed`, 'status', '--porcelain', '--branch')).toBe('## squashed');
  });

  it('looks only into what may go, and asks nothing again the next time', async () => {
    const person = await withOthers();
    await writeFile(join(`${person.repo}-open`, 'untracked.txt'), 'x\n');
    const look = async (...args: string[]): Promise<readonly (readonly [string, number | null])[]> =>
      json(await person.copse(['prune', '--others', '--dry-run', '--json', ...args])).items.map((item) => [
        item.name,
        item.untracked,
      ]);
    const cache = join(person.repo, '.git/copse/v1/cache/landings.json');
    const first = await look();
    expect(first).toContainEqual(['open', null]);
    expect(first).toContainEqual(['squashed', 0]);
    const written = await stat(cache);
    expect(await look()).toEqual(first);
    // What was found out again would have been written again.
    expect((await stat(cache)).ino).toBe(written.ino);
    expect(await look('open')).toEqual([['open', 1]]);
  });

  it('keeps merged branches that by their name go on, and the default of any remote, unless they are named', async () => {
    const person = await withOthers();
    for (const name of ['develop', 'release/1.0', 'default']) await person.git('branch', name, 'squashed');
    await person.git('commit', '-q', '--allow-empty', '-m', 'go on');
    await person.git('update-ref', 'refs/remotes/origin/main', 'main');
    await person.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    await person.git('update-ref', 'refs/remotes/fork/default', 'default');
    await person.git('symbolic-ref', 'refs/remotes/fork/HEAD', 'refs/remotes/fork/default');
    await person.git('worktree', 'add', '-q', '-b', 'staging', `${person.repo}-staging`, 'squashed');
    const look = json(await person.copse(['prune', '--others', '--dry-run', '--json']));
    for (const name of ['develop', 'release/1.0', 'default', 'staging'])
      expect(why(look)[name]).toBe(`Its name suggests a long-lived branch. To remove it anyway: copse prune --others ${name}`);
    expect(goes(look)).toContain('squashed');
    const named = json(await person.copse(['prune', 'develop', 'staging', '--others', '--yes', '--json']));
    expect(named.removed).toMatchObject([{ branch: 'staging' }, { branch: 'develop' }]);
  });

  it('removes one that is named, landed or not, by branch or folder', async () => {
    const person = await withOthers();
    const named = json(await person.copse(['prune', 'open', '--others', '--yes', '--json']));
    expect(named.removed).toMatchObject([{ name: 'open', branch: 'open' }]);
    expect((await person.copse(['prune', 'open', '--yes'])).exit).not.toBe(0);
  });

  it('stays out where only a variant is named', async () => {
    const person = await finished(['dark']);
    await person.git('branch', 'merged');
    await person.git('commit', '-q', '--allow-empty', '-m', 'go on');
    await person.git('switch', '-q', 'merged');
    await person.git('commit', '-q', '--allow-empty', '-m', 'work');
    await person.git('switch', '-q', 'main');
    await person.git('merge', '-q', '--no-edit', 'merged');
    expect(goes(json(await person.copse(['prune', '--others', '--dry-run', '--json'])))).toContain('merged');
    const look = json(await person.copse(['prune', 'dark', '--others', '--dry-run', '--json']));
    expect(look.items.map(({ name }) => name)).toEqual(['ui/dark']);
  });

  it('asks the remote and gh for what was merged there', async () => {
    const person = await withOthers();
    const remote = `${person.repo}-remote.git`;
    await person.git('clone', '-q', '--bare', person.repo, remote);
    await person.git('remote', 'add', 'origin', remote);
    await person.git('fetch', '-q', 'origin');
    // It is merged there, rewritten, and not fetched since.
    const tip = await person.git('rev-parse', 'open');
    const bin = join(person.home, 'bin');
    await mkdir(bin, { recursive: true });
    const log = join(person.home, 'gh.log');
    await writeFile(
      join(bin, 'gh'),
      `#!/bin/sh\necho "$@" >> '${log}'\necho '[{"number":412,"headRefOid":"${tip}","headRefName":"open"},{"number":3,"headRefOid":"${'0'.repeat(40)}","headRefName":"begun"}]'\n`,
    );
    await chmod(join(bin, 'gh'), 0o755);
    const env = { PATH: `${bin}:${person.env['PATH'] ?? ''}` };
    const look = json(await person.copse(['prune', '--others', '--fetch', '--dry-run', '--json'], { env }));
    expect(look.items.find(({ name }) => name === 'open')).toMatchObject({
      landed: 'pull-request',
      pullRequest: 412,
      goes: true,
    });
    expect(await readFile(log, 'utf8')).toContain('pr list --state merged --base main');
    expect((await person.copse(['prune', '--others', '--fetch', '--dry-run'], { env })).stdout).toContain('landed through #412');

    await writeFile(join(bin, 'gh'), '#!/bin/sh\necho "To get started with GitHub CLI, please run: gh auth login" >&2\nexit 4\n');
    const offline = json(await person.copse(['prune', '--others', '--fetch', '--dry-run', '--json'], { env }));
    expect(offline.notes).toEqual([expect.stringContaining('gh auth login')]);
    expect(offline.items.find(({ name }) => name === 'open')).toMatchObject({ goes: false });
  });

  it.each(['for-each-ref', 'status'])(
    'ends quietly after Ctrl-C in a terminal, which also ends the git at work (%s)',
    async (verb) => {
      const person = await finished(['dark', 'light']);
      const before = await person.git('for-each-ref');
      const ended = await interruptedAt(person, ['prune', '--all', '--others', '--yes'], verb);
      expect(ended).toMatchObject({ exit: 130, stderr: 'Stopped. Nothing was removed.\n' });
      expect(await person.git('for-each-ref')).toBe(before);
    },
  );

  it.each([
    ['before anything has moved', 'copse: trash', 'Stopped. Nothing was removed.\n', true],
    ['where it has', 'copse: prune', 'Too late to stop: what was removed is in the trash. See it: copse undo --list\n', false],
  ])('is whole after Ctrl-C in the middle of it, and says what it came to (%s)', async (_, message, said, stays) => {
    const person = await finished(['dark']);
    const ended = await interruptedAt(person, ['prune', 'dark', '--yes'], message);
    expect(ended).toMatchObject({ exit: 130, stderr: said });
    expect((await person.git('branch', '--list', 'ui/dark')) !== '').toBe(stays);
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(stays);
    if (!stays)
      expect(await person.copse(['undo', ...person.lastOperation()])).toMatchObject({
        exit: 0,
        stderr: 'Undoing copse prune dark\n',
      });
  });

  it.each([
    ['remote', 'git'],
    ['forge', 'gh'],
    // Left alone, the one gives up after 60 s, the other after 30 s.
  ])('removes nothing after Ctrl-C while the %s does not answer', { timeout: 25_000 }, async (_, silent) => {
    const person = await finished(['dark']);
    const remote = `${person.repo}-remote.git`;
    await person.git('clone', '-q', '--bare', person.repo, remote);
    await person.git('remote', 'add', 'origin', remote);
    const bin = join(person.home, 'bin');
    await mkdir(bin, { recursive: true });
    const asked = join(person.home, 'asked');
    const program = join(bin, silent === 'gh' ? 'gh' : 'upload-pack');
    // What answers for a remote reads from git, and ends with it.
    const waits = silent === 'gh' ? 'sleep 600' : 'cat >/dev/null';
    await writeFile(program, `#!/bin/sh\ntouch '${asked}'; exec ${waits}\n`);
    await chmod(program, 0o755);
    await person.git('config', 'remote.origin.uploadpack', silent === 'git' ? program : 'git-upload-pack');
    const env = { PATH: `${bin}:${person.env['PATH'] ?? ''}` };
    const { child, ended } = person.start(['prune', 'dark', '--fetch', '--yes'], { env });
    await expect.poll(() => existsSync(asked), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
    const { exit, stderr } = await ended;
    expect(exit, stderr).toBe(130);
    expect(stderr).toContain('Stopped. Nothing was removed.');
    expect(existsSync(`${person.repo}.worktrees/ui-dark`)).toBe(true);
  });
});

describe('settings', () => {
  it('keepTrash: a repository may lengthen it, not shorten it', async () => {
    const person = await finished(['dark'], { person: { files: { '.worktreerc': 'keepTrash: 1d\n' } } });
    const config = async () => {
      const { settings } = JSON.parse((await person.copse(['config', '--json'])).stdout) as {
        settings: { key: string; value: string }[];
      };
      return settings.find(({ key }) => key === 'keepTrash')?.value;
    };
    expect(await config()).toBe('14d');
    await person.write('.worktreerc', 'keepTrash: 30d\n');
    expect(await config()).toBe('30d');
  });
});
