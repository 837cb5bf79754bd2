import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Links below a folder that lead nowhere: `node --test` of Node 20 walks through `.git` and fails on the first. */
function danglingLinks(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() === true) return statSync(path, { throwIfNoEntry: false }) === undefined ? [path] : [];
    return stat?.isDirectory() === true ? danglingLinks(path) : [];
  });
}

it('nothing in .git leads nowhere: during a run, after it, after a purge, and once the repository has moved', async () => {
  const made = await Person.create({
    claude: `init(); fs.writeFileSync(variant + '.txt', ''); fs.writeFileSync(process.env.HOME + '/waits', ''); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20); done();`,
    files: { 'variants.yaml': variantsYaml(['dark'], { verify: { test: 'true' }, setup: ['true'] }) },
  });
  const git = join(made.repo, '.git');
  await made.approve(['run']);
  expect((await made.copse(['run', '--detach'])).exit).toBe(0);
  await expect.poll(() => existsSync(join(made.home, 'waits')), { timeout: 30_000 }).toBe(true);
  expect(existsSync(made.paths().lock)).toBe(true);
  expect(danglingLinks(git)).toEqual([]);
  await writeFile(join(made.home, 'go'), '');
  await made.copse(['wait']);
  await made.supervisorGone();
  expect((await made.copse(['compare'])).exit).toBe(0);
  expect(danglingLinks(git)).toEqual([]);
  expect((await made.copse(['prune', '--all', '--purge', '--yes'])).exit).toBe(0);
  expect(danglingLinks(git)).toEqual([]);
  await rename(made.repo, `${made.repo}-moved`);
  expect(danglingLinks(`${made.repo}-moved/.git`)).toEqual([]);
});
