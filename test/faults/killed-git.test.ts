import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const WRITES = `init(); fs.writeFileSync('big.txt', 'x'.repeat(200000)); fs.writeFileSync('small.txt', 'y\\n'); done();`;

/** A git before the real one on PATH, which is killed, or kills copse with it, in the checkout of a merge: once. */
async function killedOnce(person: Person, kill: string): Promise<Record<string, string>> {
  const bin = join(person.home, 'killed');
  await mkdir(bin);
  const real = await person.git('--exec-path');
  const script = `#!/bin/sh
case "$*" in *"read-tree -m -u"*)
  if mkdir '${bin}/once' 2>/dev/null; then
    : > "$GIT_INDEX_FILE.lock"
    ${kill}
  fi ;;
esac
exec '${real}/git' "$@"
`;
  await writeFile(join(bin, 'git'), script);
  await chmod(join(bin, 'git'), 0o755);
  return { PATH: `${bin}:${person.env['PATH'] ?? ''}` };
}

async function finished(): Promise<Person> {
  const person = await Person.create({ claude: WRITES, files: { 'variants.yaml': variantsYaml(['dark']) } });
  expect(await person.copse(['run'])).toMatchObject({ exit: 0 });
  await person.supervisorGone();
  return person;
}

const locks = (person: Person): string[] => readdirSync(join(person.repo, '.git')).filter((name) => name.startsWith('index.'));

async function isMerged(person: Person): Promise<void> {
  expect(locks(person)).toEqual([]);
  expect(await person.git('status', '--porcelain')).toBe('');
  expect((await person.read('big.txt')).length).toBe(200_000);
  expect(await person.git('fsck', '--no-dangling')).toBe('');
}

describe('fault 123: git is killed during the checkout of a merge', () => {
  it('git alone: the checkout is brought to its end, and no lock stays', async () => {
    const person = await finished();
    const env = await killedOnce(person, 'kill -9 $$');
    const merged = await person.copse(['merge', 'dark'], { env });
    expect(locks(person)).toEqual([]);
    // Named, with a command that finishes it; or finished at once.
    if (merged.exit !== 0) expect(merged.stderr).toContain('copse doctor --fix');
    expect((await person.copse(['doctor', '--fix'])).stderr).not.toContain('is held');
    await isMerged(person);
  });

  it('git and copse: the lock is known as that of a dead copse, and the next command removes it', async () => {
    const person = await finished();
    const env = await killedOnce(person, 'kill -9 $PPID; kill -9 $$');
    const merged = await person.copse(['merge', 'dark'], { env });
    expect(merged.signal).toBe('SIGKILL');
    expect(existsSync(join(person.repo, '.git/index.lock'))).toBe(true);
    const next = await person.copse(['status']);
    expect(next.exit).toBe(0);
    const undone = await person.copse(['merge', 'dark']);
    expect(undone.stderr).not.toContain('is held');
    await isMerged(person);
  });

  it("another program's lock stays, and is named", async () => {
    const person = await finished();
    await person.write('.git/index.lock', '{"copse": "no"}');
    const merged = await person.copse(['merge', 'dark']);
    expect(merged).toMatchObject({ exit: 3, stderr: expect.stringMatching(/index\.lock is held/) });
    expect(await person.read('.git/index.lock')).toBe('{"copse": "no"}');
  });
});
