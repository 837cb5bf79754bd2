import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runSetup, type SetupStep } from '../../../src/worktree/run-setup.ts';
import { temporaryDirectory } from '../../support/git-repository.ts';

async function setup(
  commands: readonly string[],
  timeoutMs = 30_000,
): Promise<{ result: unknown; ends: [string, SetupStep][]; starts: string[]; logDir: string }> {
  const logDir = temporaryDirectory();
  const starts: string[] = [];
  const ends: [string, SetupStep][] = [];
  const result = await runSetup({
    commands,
    worktree: temporaryDirectory(),
    env: { PATH: process.env['PATH'] ?? '', COPSE_VARIANT: 'dark' },
    logDir,
    timeoutMs,
    onStart: (command) => {
      starts.push(command);
    },
    onEnd: (command, step) => {
      ends.push([command, step]);
    },
  });
  return { result, ends, starts, logDir };
}

describe('setup', () => {
  test('runs one command after the other, through a shell, with its output in a file', async () => {
    const { result, ends, logDir } = await setup(['echo one > f; echo "$COPSE_VARIANT"', 'cat f']);
    expect(result).toEqual({ ok: true, failed: null, detail: '' });
    expect(ends.map(([command, { exitCode, detail }]) => [command, exitCode, detail])).toEqual([
      ['echo one > f; echo "$COPSE_VARIANT"', 0, ''],
      ['cat f', 0, ''],
    ]);
    expect(readFileSync(`${logDir}/setup-1.log`, 'utf8')).toBe('dark\n');
    expect(readFileSync(`${logDir}/setup-2.log`, 'utf8')).toBe('one\n');
  });

  test('stops at the first that fails and says its last line, without control characters', async () => {
    const { result, starts } = await setup([
      'true',
      "echo start; printf '\\033[31mno such package\\033[0m\\n' >&2; exit 3",
      'true',
    ]);
    expect(result).toMatchObject({ ok: false, detail: 'no such package' });
    expect(starts).toHaveLength(2);
  });

  test('says the exit code where nothing was printed', async () => {
    expect((await setup(['exit 7'])).result).toMatchObject({ ok: false, failed: 'exit 7', detail: 'exit 7' });
  });

  test('that never ends is stopped, whole', async () => {
    const { result } = await setup(['echo waiting; sleep 1000 & wait'], 300);
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('still running after') });
  });
});
