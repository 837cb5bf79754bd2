import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { finishedRun } from '../../support/merged.ts';
import { MAIN, type Person } from '../../support/person.ts';
import { Terminal } from '../../support/tmux.ts';

async function editor(person: Person, body: string): Promise<Record<string, string>> {
  const file = join(person.home, 'editor.sh');
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return { ...person.env, EDITOR: file };
}

describe('copse merge --edit', () => {
  it('lands with the words of the editor, and an interrupt is the editor’s meanwhile', async (context) => {
    const person = await finishedRun(['dark', 'docs']);
    // The terminal sends it to all in the foreground: to the editor, whose key it is, and to copse, which gets it before the editor ends.
    const interrupts =
      'for p in $PPID $(ps -o ppid= -p $PPID); do tr "\\0" " " < /proc/$p/cmdline | grep -q "main.js merge" && kill -INT $p; done';
    const env = await editor(person, `cat "$1" > shown; ${interrupts}; sleep 0.3; echo "In my words" > "$1"`);
    const terminal = Terminal.open(context, [process.execPath, MAIN, 'merge', 'dark', '-e'], { cwd: person.repo, env });
    await vi.waitFor(() => expect(terminal.all()).toContain('exit=0'), { timeout: 20_000, interval: 50 });
    expect(await person.git('log', '-1', '--format=%B')).toBe('In my words');
    expect(await person.read('shown')).toContain('I am dark.\n\nMore of it.\n\nCopse-Run: ui');

    const before = await person.git('rev-parse', 'main');
    const emptied = await editor(person, ': > "$1"');
    const second = Terminal.open(context, [process.execPath, MAIN, 'merge', 'docs', '-e'], { cwd: person.repo, env: emptied });
    await vi.waitFor(() => expect(second.all()).toContain('exit=1'), { timeout: 20_000, interval: 50 });
    expect(second.all()).toContain('The message is empty, so nothing was merged.');
    expect(await person.git('rev-parse', 'main')).toBe(before);
  });
});
