import { expect, it } from 'vitest';
import { PrintedOutput } from '../../../src/serve/printed-output.ts';

const after = (wanted: string | null, ...chunks: readonly string[]): PrintedOutput => {
  const printed = new PrintedOutput(wanted);
  for (const chunk of chunks) printed.push(Buffer.from(chunk));
  return printed;
};

it('finds a text that comes in two parts, with colours in it', () => {
  expect(after('ready in', 'rea', 'dy in 5 ms').seen).toBe(true);
  expect(after('ready in', '\u001b[32mready\u001b[39m in').seen).toBe(true);
  expect(after('ready in', 'not yet ready').seen).toBe(false);
  expect(after(null, 'anything').seen).toBe(false);
});

it.each([
  ['  Local:   http://localhost:\u001b[1m5173\u001b[22m/', [5173]],
  ['listening on http://0.0.0.0:8080', [8080]],
  ['http://127.0.0.1:3000 and http://[::1]:3001/x', [3000, 3001]],
  ['app.localhost https://app.localhost:8443/', [8443]],
  ['Network: http://192.168.1.7:5173/, docs https://vite.dev:443/', []],
  ['Debugger listening on ws://127.0.0.1:9229/abc', []],
])('knows the ports of this machine in %j', (text, ports) => {
  expect([...after(null, text).ports]).toEqual(ports);
});
