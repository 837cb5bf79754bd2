import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

it('wait takes a time that no timer of Node can hold', async () => {
  const made = await Person.create({
    claude: `init(); say('x'); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(30); fs.writeFileSync('a.txt', ''); done();`,
    files: { 'variants.yaml': variantsYaml(['dark']) },
  });
  await made.copse(['run', '--detach']);
  await made.waitForEvent('attempt.activity');
  const wait = made.start(['wait', '--timeout', '30d']);
  expect((await made.copse(['wait', '--timeout', '100ms'])).exit).toBe(8);
  await made.copse(['exec', 'dark', '--', 'sh', '-c', `: > '${made.home}/go'`]);
  expect((await wait.ended).exit).toBe(0);
});

it('exec --all passes over a variant whose worktree is gone', async () => {
  const made = await Person.create({
    claude: `init(); fs.writeFileSync('a.txt', ''); done();`,
    files: { 'variants.yaml': variantsYaml(['dark', 'light']) },
  });
  await made.copse(['run']);
  await rm((await made.copse(['path', 'dark'])).stdout.trim(), { recursive: true });
  const all = await made.copse(['exec', '--all', '--', 'sh', '-c', 'echo $COPSE_VARIANT']);
  expect([all.exit, all.stdout, all.stderr]).toEqual([0, 'light\n', 'light\n']);
});
