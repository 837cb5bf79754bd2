import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const QUICK = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;
/** Works, and ends once the test says so. */
const WAITS = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); say('works');
while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20);
done();`;

async function personWith(claude: string) {
  const person = await Person.create({ claude, files: { 'variants.yaml': variantsYaml(['dark', 'light']) } });
  const before = await person.fingerprint();
  return { person, before, go: () => writeFile(join(person.home, 'go'), '') };
}

const inGit = (person: Person, path: string): string => join(person.repo, '.git', path);

/** As git holds it: made exclusively, and recognisable. */
function hold(path: string): string {
  writeFileSync(path, 'held by a test', { flag: 'wx' });
  return path;
}

const isHeld = async (path: string): Promise<boolean> => (await readFile(path, 'utf8').catch(() => '')) === 'held by a test';

/** Each of the checkout's, held from before the run until after it: copse needs none of them. */
const OF_THE_PERSON = [
  ['fault 16: index.lock', 'index.lock'],
  ['fault 17: config.lock', 'config.lock'],
  ['fault 18: packed-refs.lock', 'packed-refs.lock'],
] as const;

describe('a lock of the checkout that stays', () => {
  it.each(OF_THE_PERSON)('%s is left alone and stops nothing', async (_, name) => {
    const { person, before } = await personWith(QUICK);
    const lock = hold(inGit(person, name));
    expect((await person.copse(['run'])).exit).toBe(0);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    expect((await person.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    expect(await isHeld(lock)).toBe(true);
    await rm(lock);
    await person.holds(before);
  });
});

describe("a lock of the variant's index", () => {
  it('fault 16: is waited for', async () => {
    const { person, before, go } = await personWith(WAITS);
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    const lock = hold(inGit(person, 'worktrees/ui-dark/index.lock'));
    await go();
    await person.waitForEvent('attempt.finished', { variant: 'dark' });
    await rm(lock);
    const ended = await run.ended;
    expect(ended.exit).toBe(0);
    expect(ended.stdout).not.toContain('index.lock');
    expect(await person.git('-C', join(dirname(person.repo), 'app.worktrees', 'ui-dark'), 'status', '--porcelain')).toBe('');
    await person.holds(before);
  });

  it('fault 16: that stays is named, the work is committed all the same, and the lock stands', async () => {
    const { person, before, go } = await personWith(WAITS);
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    const lock = hold(inGit(person, 'worktrees/ui-dark/index.lock'));
    await go();
    const ended = await run.ended;
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('index.lock');
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    expect(await isHeld(lock)).toBe(true);
    await rm(lock);
    await person.holds(before);
  });
});

describe('a lock that the commit needs', () => {
  // A branch's own lock, and the one that creating a branch in a repository with packed refs looks at.
  it('fault 18: on the branch is waited for', async () => {
    const { person, before, go } = await personWith(WAITS);
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    const lock = hold(inGit(person, 'refs/heads/ui/dark.lock'));
    await go();
    await person.waitForEvent('attempt.finished', { variant: 'dark' });
    await rm(lock);
    expect((await run.ended).exit).toBe(0);
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });
});

// In parallel: each waits until copse's patience with the lock is over.
describe.concurrent('a lock that the commit needs, and that stays', () => {
  it('fault 18: on the branch is named, never deleted, and the work comes in with a retry', async () => {
    const { person, before, go } = await personWith(WAITS);
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    await person.waitForEvent('attempt.activity', { variant: 'light' });
    const lock = hold(inGit(person, 'refs/heads/ui/dark.lock'));
    await go();
    const ended = await run.ended;
    expect(ended.exit).toBe(1);
    expect(await person.outcomes()).toEqual({ dark: 'failed', light: 'succeeded' });
    expect(ended.stdout).toContain('dark.lock');
    expect(await isHeld(lock)).toBe(true);
    expect(await readFile(join(dirname(person.repo), 'app.worktrees', 'ui-dark', 'dark.txt'), 'utf8')).toBe('by dark');
    await rm(lock);
    expect((await person.copse(['retry'])).exit).toBe(0);
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });

  it('fault 18: on the branch to be made ends its variant alone, and nothing of it is left', async () => {
    const { person, before } = await personWith(QUICK);
    await person.git('pack-refs', '--all');
    await mkdir(inGit(person, 'refs/heads/ui'), { recursive: true });
    const lock = hold(inGit(person, 'refs/heads/ui/dark.lock'));
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(1);
    expect(await person.outcomes()).toEqual({ dark: 'failed', light: 'succeeded' });
    expect(ended.stdout).toContain('dark.lock');
    expect(await person.git('branch', '--list', 'ui/dark')).toBe('');
    expect(await person.git('worktree', 'list')).not.toContain('ui-dark');
    expect(await isHeld(lock)).toBe(true);
    await rm(lock);
    expect((await person.copse(['retry'])).exit).toBe(0);
    await person.holds(before);
  });
});

describe('a lock that another program left', () => {
  async function finished(): Promise<Person> {
    const { person } = await personWith(QUICK);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.supervisorGone();
    return person;
  }

  it('fault 92: of the checkout: merge names it, and what to do; nothing moved, and without it all works', async () => {
    const person = await finished();
    const before = await person.fingerprint();
    const lock = hold(inGit(person, 'index.lock'));
    const merged = await person.copse(['merge', 'dark']);
    expect(merged.exit).toBe(3);
    expect(merged.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /app\/\.git\/index\.lock is held.*copse sees no git at work there.*rm \S*app\/\.git\/index\.lock/,
    );
    expect(await isHeld(lock)).toBe(true);
    await person.holds(before);
    await rm(lock);
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
  });

  it('fault 92: undo names it too', async () => {
    const person = await finished();
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    hold(inGit(person, 'index.lock'));
    const undone = await person.copse(['undo', ...person.lastOperation(), '--yes']);
    expect(undone.exit).toBe(3);
    expect(undone.stderr.replaceAll(/\s+/g, ' ')).toContain('index.lock is held');
    await rm(inGit(person, 'index.lock'));
    expect((await person.copse(['undo', ...person.lastOperation(), '--yes'])).exit).toBe(0);
  });

  it('fault 92: whose it may be, where a git works there', async () => {
    const person = await finished();
    hold(inGit(person, 'index.lock'));
    // Reads from a pipe without a writer: a git that works for as long as the test wants.
    const other = spawn('git', ['hash-object', '--stdin'], { cwd: person.repo, stdio: ['pipe', 'ignore', 'ignore'] });
    const merged = await person.copse(['merge', 'dark']);
    other.stdin.end();
    expect(merged.stderr.replaceAll(/\s+/g, ' ')).toContain(`probably belongs to git (pid ${other.pid})`);
  });
});
