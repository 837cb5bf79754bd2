import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
const story = (changes: Readonly<Record<number, string>> = {}): string =>
  `${LINES.map((line, i) => changes[i + 1] ?? line).join('\n')}\n`;

/** A clone without contents of a repository with later commits; the run in it is finished, and main was fetched and never checked out. */
async function partial(o: { readonly upstream?: (person: Person) => Promise<unknown> } = {}) {
  const work = 'echo "$COPSE_VARIANT" >> story.txt';
  const person = await Person.create({
    files: {
      'variants.yaml': variantsYaml(['a'], { defaults: { runner: { command: ['sh', '-c', work] } } }),
      'story.txt': story(),
      '.gitattributes': '*.txt text\n',
    },
  });
  await person.git('config', 'uploadpack.allowFilter', 'true');
  await person.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const clone = join(dirname(person.repo), 'clone');
  await person.git('clone', '-q', '--filter=blob:none', `file://${person.repo}`, clone);
  const git = (...args: string[]) => person.git('-C', clone, ...args);
  const copse = (...args: string[]) => person.copse(args, { cwd: clone });
  await git('checkout', '-q', '-b', 'mine');
  expect(await person.approved(['run'], { cwd: clone })).toMatchObject({ exit: 0 });
  await person.write('story.txt', story({ 3: 'three' }));
  await person.write('.gitattributes', '*.txt text\n*.bin binary\n');
  await person.git('commit', '-q', '-a', '-m', 'three');
  await o.upstream?.(person);
  await git('fetch', '-q', 'origin', 'main:main', '+refs/heads/*:refs/heads/from/*');
  return { person, clone, git, copse };
}

describe('fault 86: a partial clone whose target was fetched and not checked out', () => {
  it('fault 86: merge fetches what it reads, in one go', async () => {
    const { person, clone, git, copse } = await partial();
    expect(await copse('compare', 'a')).toMatchObject({ exit: 0 });
    const merged = await copse('merge', 'a', '--into', 'main');
    expect(merged).toMatchObject({ exit: 0 });
    expect((await git('show', 'main:story.txt')).split('\n')).toEqual(expect.arrayContaining(['three', 'a']));
    expect(await copse('undo', ...person.lastOperation(join(clone, '.git')))).toMatchObject({ exit: 0 });
    expect(await git('fsck', '--no-dangling')).toBe('');
  });

  it('fault 86: prune --others judges branches that nobody checked out here', async () => {
    const { git, copse } = await partial({
      upstream: async (person) => {
        for (const [n, name] of [
          [10, 'ten'],
          [20, 'twenty'],
        ] as const) {
          await person.git('checkout', '-q', '-b', name, 'main~1');
          await person.write('story.txt', story({ [n]: name }));
          await person.git('commit', '-q', '-a', '-m', name);
        }
        await person.git('checkout', '-q', 'main');
        await person.git('merge', '-q', '--squash', 'ten');
        await person.git('commit', '-q', '-m', 'Ten (#1)');
        await person.write('story.txt', story({ 3: 'three', 10: 'ten again' }));
        await person.git('commit', '-q', '-a', '-m', 'again');
      },
    });
    await git('checkout', '-q', 'mine');
    const looked = await copse('prune', '--others', '--dry-run', '--json');
    expect(looked).toMatchObject({ exit: 0, stderr: '' });
    const { items } = JSON.parse(looked.stdout) as { items: readonly { name: string; goes: boolean; landed: string }[] };
    const by = Object.fromEntries(items.map((item) => [item.name, item.landed]));
    expect(by).toMatchObject({ 'from/ten': 'landed-then-changed', 'from/twenty': 'not-landed' });
  });

  it('fault 86: out of reach of the remote it is named, nothing moves, and later it works', async () => {
    const { person, git, copse } = await partial();
    await rename(person.repo, `${person.repo}.away`);
    const refused = await copse('merge', 'a', '--into', 'main');
    await rename(`${person.repo}.away`, person.repo);
    expect(refused.exit).toBe(3);
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toMatch(/not here: this is a partial clone.*Repeat the command/);
    expect(await git('log', '-1', '--format=%s', 'main')).toBe('three');
    expect(await copse('merge', 'a', '--into', 'main')).toMatchObject({ exit: 0 });
  });

  it('fault 86: what a remote of an agent names does not run', async () => {
    const { person, clone, git, copse } = await partial();
    const proof = join(person.home, 'ran');
    const evil = join(person.home, 'evil.sh');
    await writeFile(evil, `#!/bin/sh\necho > ${proof}\nexit 1\n`, { mode: 0o755 });
    await git('config', 'remote.origin.uploadpack', evil);
    expect(await copse('merge', 'a', '--into', 'main')).toMatchObject({ exit: 0 });
    await expect(person.git('-C', clone, 'cat-file', '-e', 'main:story.txt')).resolves.toBe('');
    expect(existsSync(proof)).toBe(false);
  });
});
