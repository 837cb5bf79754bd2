import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/**
 * As git-crypt does it: the key lies in the git directory of the worktree in which it was unlocked, and without it the required filter
 * fails. `unlock` puts it there, and fills the files.
 */
const CRYPT = `#!/bin/sh
dir=$(git rev-parse --git-dir)/git-crypt
case "$1" in
  unlock) mkdir -p "$dir/keys" && cp "$2" "$dir/keys/default" ;;
  *) [ -f "$dir/keys/default" ] || { echo "git-crypt: Error: Unable to open key file" >&2; exit 1; }
     tr 'a-z' 'n-za-m' ;;
esac
`;

async function encrypted(top: Readonly<Record<string, unknown>> = {}) {
  const work = 'echo "$COPSE_VARIANT: $(cat key.secret)" > seen.txt && echo more >> key.secret';
  const person = await Person.create({
    files: { 'variants.yaml': variantsYaml(['a'], { defaults: { runner: { command: ['sh', '-c', work] } }, ...top }) },
  });
  const crypt = join(person.home, 'bin/git-crypt');
  await mkdir(dirname(crypt), { recursive: true });
  await writeFile(crypt, CRYPT);
  await chmod(crypt, 0o755);
  await writeFile(join(person.home, 'key'), 'the key');
  for (const what of ['clean', 'smudge']) await person.git('config', `filter.git-crypt.${what}`, `"${crypt}" ${what}`);
  await person.git('config', 'filter.git-crypt.required', 'true');
  await mkdir(join(person.repo, '.git/git-crypt/keys'), { recursive: true });
  await writeFile(join(person.repo, '.git/git-crypt/keys/default'), 'the key');
  await person.write('.gitattributes', '*.secret filter=git-crypt\n');
  await person.write('key.secret', 'sesame\n');
  await person.git('add', '-A');
  await person.git('commit', '-q', '-m', 'secrets');
  expect(await person.git('cat-file', 'blob', 'HEAD:key.secret')).toBe('frfnzr');
  return { person, unlock: `"${crypt}" unlock "${join(person.home, 'key')}"` };
}

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('a required filter that cannot run in a new worktree', () => {
  it('fault 90: plan finds out, and says what to do; nothing is made', async () => {
    const { person } = await encrypted();
    const before = await person.fingerprint();
    const plan = await person.copse(['plan']);
    expect(plan.exit).toBe(3);
    expect(flat(plan.stdout + plan.stderr)).toMatch(
      /The filter git-crypt, which 1 file needs, cannot run in a new worktree.*git-crypt unlock/,
    );
    expect((await person.copse(['run'])).exit).toBe(3);
    await person.git('worktree', 'list');
    expect(await person.fingerprint()).toEqual(before);
  });

  it('fault 90: set-up unlocks it before the files are filled, also where checks run; what changed is committed through it', async () => {
    const { person, unlock } = await encrypted();
    await person.write(
      'variants.yaml',
      variantsYaml(['a'], {
        defaults: { runner: { command: ['sh', '-c', 'echo "$(cat key.secret)" > seen.txt && echo more >> key.secret'] } },
        setup: [unlock],
        verify: { open: 'grep -q sesame key.secret' },
      }),
    );
    await person.git('commit', '-q', '-a', '-m', 'set-up');
    const plan = await person.copse(['plan']);
    expect(flat(plan.stdout + plan.stderr)).toContain('1 file is filled after setup');
    expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
    expect(await person.outcomes()).toEqual({ a: 'succeeded' });
    expect(await person.git('show', 'ui/a:seen.txt')).toBe('sesame');
    expect(await person.git('cat-file', 'blob', 'ui/a:key.secret')).toBe('frfnzr\nzber');
    const compared = await person.copse(['compare', '--json']);
    expect(compared.exit).toBe(0);
    expect(await person.copse(['merge', 'a'])).toMatchObject({ exit: 0 });
    expect(await readFile(join(person.repo, 'key.secret'), 'utf8')).toBe('sesame\nmore\n');
    expect(await person.git('status', '--porcelain')).toBe('');
    expect(await person.git('fsck', '--no-dangling')).toBe('');
  });

  it('fault 90: set-up that does not unlock it ends the variant with that reason', async () => {
    const { person } = await encrypted({ setup: ['true'] });
    const ran = await person.approved(['run']);
    expect(ran.exit).not.toBe(0);
    expect(ran.exit).not.toBe(70);
    expect(flat(ran.stdout + ran.stderr)).toContain('The filter git-crypt cannot run in it, after set-up either');
  });

  it('fault 90: a required filter that runs anywhere is nobody’s news', async () => {
    const person = await Person.create({
      files: {
        'variants.yaml': variantsYaml(['a'], { defaults: { runner: { command: ['sh', '-c', 'cat key.secret > seen.txt'] } } }),
      },
    });
    await person.git('config', 'filter.rot.clean', "tr 'a-z' 'n-za-m'");
    await person.git('config', 'filter.rot.smudge', "tr 'a-z' 'n-za-m'");
    await person.git('config', 'filter.rot.required', 'true');
    await person.write('.gitattributes', '*.secret filter=rot\n');
    await person.write('key.secret', 'sesame\n');
    await person.git('add', '-A');
    await person.git('commit', '-q', '-m', 'secrets');
    const plan = await person.copse(['plan']);
    expect(plan.stdout + plan.stderr).not.toContain('filter');
    expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
    expect(await person.git('show', 'ui/a:seen.txt')).toBe('sesame');
  });
});
