import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAIN, Person } from '../../support/person.ts';
import { Terminal } from '../../support/tmux.ts';
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
  // Whose output it is goes into a file with it.
  expect([all.exit, all.stdout, all.stderr]).toEqual([0, 'light\nlight\n', '']);
});

it('exec says why nothing ran, besides the exit code that shells give', async () => {
  const made = await Person.create({
    claude: `init(); fs.writeFileSync('a.txt', ''); done();`,
    files: { 'variants.yaml': variantsYaml(['dark']) },
  });
  await made.copse(['run']);
  const missing = await made.copse(['exec', 'dark', '--', 'echo hi']);
  expect([missing.exit, missing.stdout]).toEqual([127, '']);
  expect(missing.stderr).toContain('echo hi was not found.');
  const text = await made.copse(['exec', 'dark', '--', './readme.md']);
  expect([text.exit, text.stdout]).toEqual([126, '']);
  expect(text.stderr).toContain('./readme.md cannot be run');
  // What a command says itself is enough.
  expect(await made.copse(['exec', 'dark', '--', 'sh', '-c', 'exit 127'])).toMatchObject({ exit: 127, stdout: '', stderr: '' });
});

it('exec leaves Ctrl-C to the command, waits for it, and passes its exit code on', async (context) => {
  const made = await Person.create({
    claude: `init(); fs.writeFileSync('a.txt', ''); done();`,
    files: { 'variants.yaml': variantsYaml(['dark', 'light']) },
  });
  await made.copse(['run']);
  // Ends on request, and no sooner: a command that ended before it would be noticed.
  const script = `trap 'echo cleaning; until [ -e "$HOME/clean" ]; do sleep 0.05; done; exit 5' INT TERM; echo up; while :; do sleep 0.05; done`;
  const command = [process.execPath, MAIN, 'exec', 'dark', '--', 'sh', '-c', script];
  const terminal = Terminal.open(context, command, { cwd: made.repo, env: made.env });
  await terminal.shows(/^up$/m);
  terminal.press('C-c');
  expect(await terminal.shows(/cleaning/)).not.toContain('exit=');
  await writeFile(join(made.home, 'clean'), '');
  expect(await terminal.shows(/exit=/)).toContain('exit=5');
  // Only the test signals the command.
  const all = made.start(['exec', '--all', '--', 'sh', '-c', script]);
  await new Promise<void>((resolve) => {
    all.child.stdout?.on('data', (text: Buffer) => {
      if (String(text).includes('up')) resolve();
    });
  });
  all.child.kill('SIGTERM');
  expect(await all.ended).toMatchObject({ exit: 5, stdout: 'dark\nup\ncleaning\n', stderr: '' });
});
