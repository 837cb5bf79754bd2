import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCause } from '../../../../src/system/cause/read-cause.ts';
import { temporaryDirectory } from '../../../support/git-repository.ts';

function log(text: string): string {
  const path = join(temporaryDirectory(), 'check.log');
  writeFileSync(path, text);
  return path;
}

const noise = (bytes: number): string => 'GET / 200 in 3 ms, served from the cache\n'.repeat(Math.ceil(bytes / 41));

describe('readCause', () => {
  it('finds the cause at the end, and 100 kB before it', async () => {
    expect(await readCause(log(`${noise(1_000_000)}DATABASE_URL is not set\n`), 1)).toBe('DATABASE_URL is not set');
    expect(await readCause(log(`${noise(1_000_000)}DATABASE_URL is not set\n${noise(100_000)}`), 1)).toBe(
      'DATABASE_URL is not set',
    );
  });

  it('finds it at the start of an output of megabytes', async () => {
    expect(await readCause(log(`DATABASE_URL is not set\n${noise(3_000_000)}`), 1)).toBe('DATABASE_URL is not set');
  });

  it('shows no secret', async () => {
    expect(await readCause(log('error: login of hunter2hunter2 refused\n'), 1, ['hunter2hunter2'])).toBe(
      'login of [redacted] refused',
    );
  });

  it.each([
    [137, 'ended by SIGKILL; it printed last: compiling'],
    [143, 'ended by SIGTERM; it printed last: compiling'],
    [null, 'ended by a signal; it printed last: compiling'],
    [1, 'compiling'],
    // -1 of a program, no signal.
    [255, 'compiling'],
  ])('of a command that stated no error and ended with %s', async (exitCode, cause) => {
    expect(await readCause(log('compiling\n'), exitCode)).toBe(cause);
  });

  it('is empty if there is nothing to say', async () => {
    expect(await readCause(log(''), 1)).toBe('');
    expect(await readCause(join(temporaryDirectory(), 'none.log'), 1)).toBe('');
  });
});
