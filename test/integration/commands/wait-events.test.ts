import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** `dark` ends at once; `light` is denied two calls, one of them twice, and waits for the file `go`; then it fails. */
const CLAUDE = `
init();
if (variant === 'light') {
  const deny = (command, id) => {
    assistant([{ type: 'tool_use', id, name: 'Bash', input: { command } }]);
    emit({ type: 'system', subtype: 'permission_denied', tool_name: 'Bash', tool_use_id: id, message: 'denied', decision_reason: 'x' });
  };
  deny('npm install zod', 'd1');
  deny('npm install zod', 'd2');
  deny('curl example.org', 'd3');
  while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20);
  done({ subtype: 'error_during_execution', is_error: true, result: 'It broke.' });
} else {
  fs.writeFileSync(variant + '.txt', 'x');
  call('Write', { file_path: 'x' });
  done({ result: 'Wrote it.' });
}`;

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('copse wait --events', () => {
  it('prints a line for each that ends or is denied, and continues where it was stopped', async () => {
    const person = await Person.create({ claude: CLAUDE, files: { 'variants.yaml': variantsYaml(['dark', 'light']) } });
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    const first = person.start(['wait', 'ui', '--events']);
    await expect.poll(() => lines(first.stdout()).length).toBe(3);
    const told = lines(first.stdout());
    expect(told.find((line) => line.startsWith('ui/dark: '))).toMatch(/^ui\/dark: succeeded, 1 file \+1 −0/);
    expect(told.filter((line) => line.startsWith('ui/light: denied: '))).toEqual([
      'ui/light: denied: npm install zod. A person can allow it: "Bash(npm install *)"',
      expect.stringMatching(/^ui\/light: denied: curl example\.org\./),
    ]);
    // Stopped after half an hour, as Claude Code does it.
    first.child.kill('SIGTERM');
    expect((await first.ended).exit).toBe(143);

    const second = person.start(['wait', 'ui', '--events']);
    await writeFile(join(person.home, 'go'), '');
    const ended = await second.ended;
    expect(ended.exit).toBe(1);
    expect(lines(ended.stdout)).toEqual([
      expect.stringMatching(/^ui\/light: failed/),
      expect.stringMatching(/^ui ended: 1 of 2 succeeded \(dark\); light: failed; .* Next: copse /),
    ]);
    // All has been told; how it ended is told to whoever asks.
    const third = await person.copse(['wait', 'ui', '--events']);
    expect(third.exit).toBe(1);
    expect(lines(third.stdout)).toHaveLength(1);
  });

  it('says of a wait that was given up how to continue, in its last line', async () => {
    const person = await Person.create({ claude: CLAUDE, files: { 'variants.yaml': variantsYaml(['light']) } });
    await person.copse(['run', '--detach']);
    const ended = await person.copse(['wait', 'ui', '--timeout', '1s']);
    expect(ended.exit).toBe(8);
    expect(lines(ended.stdout).at(-1)).toBe('ui is still running, 0 of 1 finished. Next: copse wait ui');
    await person.copse(['stop', '--force']);
  });
});
