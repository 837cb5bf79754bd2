import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/system/system-clock.ts';

test.each([
  ['a,here,b', null, 'SIGKILL', 'before\n'],
  ['elsewhere', 0, null, 'before\nafter\nexit\n'],
  [undefined, 0, null, 'before\nafter\nexit\n'],
])('COPSE_FAILPOINT=%s', (names, status, signal, stdout) => {
  const module = JSON.stringify(join(import.meta.dirname, '../../../src/system/failpoint.ts'));
  const script = `const { failpoint } = await import(${module}); const fs = await import('node:fs');
    process.on('exit', () => fs.writeSync(1, 'exit\\n'));
    fs.writeSync(1, 'before\\n'); failpoint('here'); fs.writeSync(1, 'after\\n');`;
  const env = names === undefined ? {} : { COPSE_FAILPOINT: names };
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
  expect(result).toMatchObject({ status, signal, stdout });
});

test('a sleep ends early when it is aborted, and leaves no listener', async () => {
  const abort = new AbortController();
  const asleep = systemClock.sleep(3_600_000, abort.signal);
  abort.abort();
  await asleep;
  await systemClock.sleep(3_600_000, abort.signal);
  const before = systemClock.monotonicMs();
  await systemClock.sleep(1);
  expect(systemClock.monotonicMs()).toBeGreaterThan(before);
});
