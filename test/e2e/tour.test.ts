import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';

describe('copse tour', () => {
  it('builds three variants with the real claude, without account or network, and asks nothing', async () => {
    const person = await Person.create({ env: { ANTHROPIC_API_KEY: '' } });
    const before = await person.fingerprint();
    const ended = await person.copse(['tour']);
    expect(ended.stderr).not.toContain('bug');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('3 of 3 succeeded');
    const app = /cd (\S+)/.exec(ended.stdout)?.[1] ?? '';
    expect(await readdir(join(app, '..', 'app.worktrees'))).toEqual(
      expect.arrayContaining(['ui-adaptive', 'ui-dark', 'ui-light']),
    );
    // What it says one can look at, one can.
    const status = await person.copse(['status'], { cwd: app });
    expect(status.stdout).toContain('adaptive');
    expect((await person.copse(['logs', 'dark'], { cwd: app })).stdout).toContain('theme.css');
    expect(await person.fingerprint()).toEqual(before);
  });
});
