import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { editMessage } from '../../../src/git/commit/edit-message.ts';
import { Sandbox } from '../../support/git-repository.ts';

function editor(sandbox: Sandbox, name: string, body: string): string {
  const file = join(sandbox.folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('editing a message', () => {
  test('takes the editor that git would: GIT_EDITOR, then core.editor, VISUAL, EDITOR; with its arguments', async () => {
    const sandbox = new Sandbox();
    const says = editor(sandbox, 'says', 'echo "by $1" > "$2"');
    const edit = (more: Record<string, string>) =>
      editMessage({ message: 'x', cwd: sandbox.root, environment: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...more } });
    expect(await edit({ EDITOR: `${says} EDITOR` })).toBe('by EDITOR');
    expect(await edit({ EDITOR: `${says} EDITOR`, VISUAL: `${says} VISUAL` })).toBe('by VISUAL');
    sandbox.git('config', 'core.editor', `${says} config`);
    expect(await edit({ EDITOR: `${says} EDITOR`, VISUAL: `${says} VISUAL` })).toBe('by config');
    expect(await edit({ EDITOR: `${says} EDITOR`, GIT_EDITOR: `${says} GIT_EDITOR` })).toBe('by GIT_EDITOR');
  });

  test('leaves comments and surplus lines out; what is left may be nothing', async () => {
    const sandbox = new Sandbox();
    const environment = { PATH: process.env['PATH'] ?? '', TERM: 'xterm' };
    const adds = editor(sandbox, 'adds', 'printf "%s\\n\\n\\n\\nBody.  \\n# out\\n" "$(head -1 "$1")" > "$1"');
    const message = { message: 'Subject\n', cwd: sandbox.root };
    expect(await editMessage({ ...message, environment: { ...environment, EDITOR: adds } })).toBe('Subject\n\nBody.');
    const empties = editor(sandbox, 'empties', 'echo "# only this" > "$1"');
    expect(await editMessage({ ...message, environment: { ...environment, EDITOR: empties } })).toBe('');
    const leaves = editor(sandbox, 'leaves', 'grep -q "an empty message cancels the merge" "$1"');
    expect(await editMessage({ ...message, environment: { ...environment, EDITOR: leaves } })).toBe('Subject');
  });

  test('that fails lands nothing', async () => {
    const sandbox = new Sandbox();
    const environment = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', EDITOR: 'false' };
    await expect(editMessage({ message: 'x', cwd: sandbox.root, environment })).rejects.toMatchObject({
      code: 'editor',
      message: 'The editor false ended with 1.',
      why: 'Nothing was merged.',
    });
  });
});
