import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BoundedLog } from '../../../src/serve/bounded-log.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

it('holds the newest output, whatever was printed before', async () => {
  const path = join(await temporaryFolder(), 'serve.log');
  const log = new BoundedLog(path);
  let largest = 0;
  for (let n = 0; n < 1000; n += 1) {
    log.write(Buffer.from(`${n} ${'x'.repeat(20_000)}\n`));
    largest = Math.max(largest, statSync(path).size);
  }
  log.write(Buffer.from('the end\n'));
  log.close();
  const text = readFileSync(path, 'utf8');
  expect(largest).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(text.length).toBeGreaterThanOrEqual(1024 * 1024);
  expect(text).not.toContain('\0');
  const numbers = [...text.matchAll(/^(\d+) x/gm)].map((match) => Number(match[1]));
  expect(numbers.at(-1)).toBe(999);
  // Nothing is missing in between.
  expect(numbers).toEqual(numbers.map((_, i) => 1000 - numbers.length + i));
  expect(text.endsWith('the end\n')).toBe(true);
});

it('gives the last lines as plain text, empty ones left out', async () => {
  const log = new BoundedLog(join(await temporaryFolder(), 'serve.log'));
  log.write(Buffer.from('one\r\n\n\u001b[31mtwo\u001b[0m\nth'));
  log.write(Buffer.from('ree'));
  expect(log.tail(2)).toEqual(['two', 'three']);
  log.close();
});
