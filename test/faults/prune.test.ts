import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';
import { worktreeState } from '../support/worktree-state.ts';

/** A finished run `ui` with one variant, `dark`. */
async function finished(files: Readonly<Record<string, string>> = {}): Promise<{ person: Person; dark: string }> {
  const person = await Person.create({
    claude: WRITES_A_FILE,
    files: { 'variants.yaml': variantsYaml(['dark']), 'story.txt': 'one\ntwo\nthree\n', ...files },
  });
  expect((await person.copse(['run'])).exit).toBe(0);
  await person.supervisorGone();
  return { person, dark: `${person.repo}.worktrees/ui-dark` };
}

async function land(person: Person): Promise<void> {
  await person.git('merge', '-q', '--squash', 'ui/dark');
  await person.git('commit', '-q', '-m', 'Dark.');
}

/** git in a worktree. */
function gitIn(person: Person, cwd: string, ...args: string[]): Promise<string> {
  return person.git('-C', cwd, ...args);
}

interface Case {
  readonly title: string;
  /** Brings dark into the state of the case. */
  arrange(person: Person, dark: string): Promise<unknown>;
  /** Its row before anything is named. */
  readonly says: RegExp;
}

const RESTORABLE: readonly Case[] = [
  {
    title: 'fault 69: not merged',
    arrange: async () => undefined,
    says: /not landed/,
  },
  {
    title: 'fault 70: dirty, staged and not, with modes and times',
    arrange: async (person, dark) => {
      await land(person);
      await writeFile(join(dark, 'story.txt'), 'one\nTWO\nthree\n');
      await writeFile(join(dark, 'staged.sh'), '#!/bin/sh\n');
      await chmod(join(dark, 'staged.sh'), 0o755);
      await gitIn(person, dark, 'add', 'staged.sh');
      await writeFile(join(dark, 'staged.sh'), '#!/bin/sh\nexit\n');
    },
    says: /2 uncommitted/,
  },
  {
    title: 'fault 71: untracked files',
    arrange: async (person, dark) => {
      await land(person);
      await mkdir(join(dark, 'notes/deep'), { recursive: true });
      await writeFile(join(dark, 'notes/deep/idea.txt'), 'an idea');
    },
    says: /1 untracked/,
  },
  {
    title: 'fault 75: in the middle of a rebase',
    arrange: async (person, dark) => {
      await person.write('story.txt', 'one\nmain\nthree\n');
      await person.git('commit', '-q', '-a', '-m', 'main');
      await writeFile(join(dark, 'story.txt'), 'one\ndark\nthree\n');
      await gitIn(person, dark, 'commit', '-q', '-a', '-m', 'dark');
      await expect(gitIn(person, dark, 'rebase', 'main')).rejects.toThrow();
      expect(existsSync(join(person.repo, '.git/worktrees/ui-dark/rebase-merge'))).toBe(true);
    },
    says: /not landed/,
  },
  {
    title: 'fault 75: in the middle of a merge that looks clean',
    arrange: async (person, dark) => {
      await land(person);
      await person.git('branch', 'other', 'HEAD~1');
      await gitIn(person, dark, 'merge', '-q', '--no-commit', '--no-ff', '-s', 'ours', 'main');
      expect(await gitIn(person, dark, 'status', '--porcelain')).toBe('');
    },
    says: /merge open/,
  },
  {
    title: 'fault 76: commits on a detached HEAD',
    arrange: async (person, dark) => {
      await land(person);
      await gitIn(person, dark, 'checkout', '-q', '--detach');
      await writeFile(join(dark, 'loose.txt'), 'on no branch');
      await gitIn(person, dark, 'add', 'loose.txt');
      await gitIn(person, dark, 'commit', '-q', '-m', 'loose');
    },
    says: /HEAD off its branch/,
  },
];

describe('what would be lost stays unless it is named, and then comes back', () => {
  it.each(RESTORABLE)('$title', async ({ arrange, says }) => {
    const { person, dark } = await finished();
    await arrange(person, dark);
    const checkout = await person.fingerprint();
    const before = await worktreeState(person, 'dark');

    const swept = await person.copse(['prune', '--yes']);
    expect(swept.stderr).toContain('Nothing to remove.');
    expect(swept.stdout).toMatch(says);
    expect(await worktreeState(person, 'dark')).toEqual(before);

    const named = await person.copse(['prune', 'dark', '--yes']);
    expect(named).toMatchObject({ exit: 0 });
    expect(named.stdout).toMatch(/Will be removed[\s\S]*(Only undo can restore|not landed)/);
    expect(existsSync(dark)).toBe(false);
    await person.git('gc', '-q', '--prune=now');
    await person.holds(checkout);

    expect(await person.copse(['undo', ...person.lastOperation(), '--yes'])).toMatchObject({ exit: 0 });
    expect(await worktreeState(person, 'dark')).toEqual(before);
    await person.holds(checkout);
  });
});

describe('what goes by itself comes back whole', () => {
  it('fault 72: an ignored local database', async () => {
    const { person, dark } = await finished();
    await land(person);
    await mkdir(join(dark, 'ignored'));
    await writeFile(join(dark, 'ignored/app.db'), Buffer.from([0, 255, 1, 254]));
    await chmod(join(dark, 'ignored/app.db'), 0o600);
    const checkout = await person.fingerprint();
    const before = await worktreeState(person, 'dark');
    expect((await person.copse(['prune', '--yes'])).stdout).toMatch(/Removed 1 worktree and 1 branch/);
    expect(existsSync(dark)).toBe(false);
    expect(await person.copse(['undo', ...person.lastOperation(), '--yes'])).toMatchObject({ exit: 0 });
    expect(await worktreeState(person, 'dark')).toEqual(before);
    await person.holds(checkout);
  });

  it('fault 74: a stash made there', async () => {
    const { person, dark } = await finished();
    await land(person);
    await writeFile(join(dark, 'story.txt'), 'stashed\n');
    await gitIn(person, dark, 'stash', '-q');
    const checkout = await person.fingerprint();
    const before = await worktreeState(person, 'dark');
    expect(before['stashes']).not.toBe('');
    expect((await person.copse(['prune', '--yes'])).exit).toBe(0);
    expect(existsSync(dark)).toBe(false);
    expect(await person.git('stash', 'show', '-p')).toContain('+stashed');
    expect(await person.copse(['undo', ...person.lastOperation(), '--yes'])).toMatchObject({ exit: 0 });
    expect(await worktreeState(person, 'dark')).toEqual(before);
    await person.holds(checkout);
  });

  it('fault 78: its folder is gone: the branch stays, git forgets the folder', async () => {
    const { person, dark } = await finished();
    const tip = await person.git('rev-parse', 'ui/dark');
    await rm(dark, { recursive: true });
    const checkout = await person.fingerprint();
    const done = await person.copse(['prune', '--yes']);
    expect(done.stdout).toMatch(/folder is gone/);
    expect(await person.git('worktree', 'list')).not.toContain('ui-dark');
    expect(await person.git('rev-parse', 'ui/dark')).toBe(tip);
    // copse's own files beside the entry were removed with it.
    expect((await person.copse(['doctor'])).stdout).not.toContain('belongs to worktrees that are gone');
    await person.holds(checkout);
  });
});

interface Refusal {
  readonly title: string;
  readonly files?: Readonly<Record<string, string>>;
  arrange(person: Person, dark: string): Promise<unknown>;
  readonly why: RegExp;
  /** The worktree that has to be as it was, if it is not ui-dark. */
  readonly at?: string;
}

const REFUSED: readonly Refusal[] = [
  {
    title: 'fault 73: locked by the person',
    arrange: (person, dark) => person.git('worktree', 'lock', '--reason', 'on a stick', dark),
    why: /locked: on a stick/,
  },
  {
    title: 'fault 77: a repository inside, ignored',
    arrange: async (person, dark) => {
      await mkdir(join(dark, 'ignored/inner'), { recursive: true });
      await person.git('-C', join(dark, 'ignored/inner'), 'init', '-q');
    },
    why: /Another repository is inside it/,
  },
  {
    title: 'fault 78: its folder was moved',
    arrange: (_, dark) => rename(dark, `${dark}-elsewhere`),
    why: /was moved to .*ui-dark-elsewhere/,
    at: 'dark-elsewhere',
  },
  {
    title: 'fault 79: another clone stands at its path',
    arrange: async (person, dark) => {
      await rm(dark, { recursive: true });
      await person.git('clone', '-q', person.repo, dark);
    },
    why: /Another repository is at/,
  },
  {
    title: 'fault 54: submodules',
    arrange: async (person, dark) => {
      const library = join(person.home, 'library');
      await person.git('clone', '-q', person.repo, library);
      await gitIn(person, dark, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
    },
    why: /submodules|repository of its own/,
  },
];

describe('what git cannot move, or is not provably ours, is refused with the reason, also when named', () => {
  it.each(REFUSED)('$title', async ({ arrange, why, files, at }) => {
    const { person, dark } = await finished(files);
    await arrange(person, dark);
    const checkout = await person.fingerprint();
    const before = await worktreeState(person, at ?? 'dark');
    for (const args of [
      ['prune', '--yes'],
      ['prune', 'dark', '--yes'],
      ['prune', '--all', '--yes'],
    ]) {
      const done = await person.copse(args);
      if (args.length > 2) expect(done.stdout.replace(/\s+/g, ' ')).toMatch(why);
      expect(done.stderr).toContain('Nothing to remove.');
    }
    expect(await worktreeState(person, at ?? 'dark')).toEqual(before);
    await person.holds(checkout);
  });

  it('fault 80: the main worktree, its branch and the one of the target, also with --others', async () => {
    const { person } = await finished();
    await person.git('worktree', 'add', '-q', '-b', 'feature', `${person.repo}-feature`);
    await person.git('worktree', 'add', '-q', '--force', `${person.repo}-main`, 'main');
    const checkout = await person.fingerprint();
    const feature = await person.copse(['prune', 'main', '--others', '--yes'], { cwd: `${person.repo}-feature` });
    expect(feature.stderr).toContain('Nothing to remove.');
    await person.copse(['prune', '--others', '--all', '--yes'], { cwd: `${person.repo}-feature` });
    expect(await person.git('worktree', 'list')).toContain(`${person.repo}-main`);
    expect(existsSync(`${person.repo}-feature`)).toBe(true);
    await person.holds(checkout);
  });

  it('a process that works in it', async () => {
    const { person, dark } = await finished();
    await land(person);
    const server: ChildProcess = spawn('sleep', ['60'], { cwd: dark });
    onTestFinished(() => void server.kill());
    const done = await person.copse(['prune', '--yes']);
    expect(done.stdout).toMatch(/A process works in it: sleep, pid/);
    expect(existsSync(dark)).toBe(true);
    server.kill();
  });
});

describe('prune beside a run', () => {
  it('fault 42: prune during a run: refused', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('x.txt', 'x'); if (variant === 'dark') { fs.writeFileSync(process.env.HOME + '/started', ''); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(30); } done();`,
      files: { 'variants.yaml': variantsYaml(['dark', 'light']) },
    });
    const before = await person.fingerprint();
    const run = person.start(['run']);
    await person.waitForEvent('variant.finished', { variant: 'light' });
    for (const args of [
      ['prune', 'dark', '--yes'],
      ['prune', 'light', '--yes'],
      ['prune', '--run', 'ui', '--yes'],
    ]) {
      const refused = await person.copse(args);
      expect(refused.exit).toBe(3);
      expect(refused.stderr).toContain('copse wait ui');
    }
    const swept = await person.copse(['prune', '--all', '--yes']);
    expect(swept.stdout).toMatch(/ui\/dark\s+running/);
    expect(swept.stderr).toContain('Nothing to remove.');
    await writeFile(join(person.home, 'go'), '');
    expect((await run.ended).exit).toBe(0);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    await person.supervisorGone();
    expect((await person.copse(['prune', 'light', '--yes'])).exit).toBe(0);
    await person.holds(before);
  });
});
