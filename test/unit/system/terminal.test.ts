import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { notify } from '../../../src/system/desktop/notify.ts';
import { keysOf, openKeys } from '../../../src/system/terminal.ts';

test('keys have names; escape sequences are not taken for letters', () => {
  expect(keysOf(Buffer.from([2, 3, 26]))).toEqual(['ctrl-b', 'ctrl-c', 'ctrl-z']);
  expect(keysOf(Buffer.from('dé'))).toEqual(['d', 'é']);
  expect(keysOf(Buffer.from('\u001b[D'))).toEqual([]);
});

test('in raw mode each key arrives until the terminal is given back', () => {
  const modes: boolean[] = [];
  const listeners = new Set<(chunk: Buffer) => void>();
  const stdin = {
    isTTY: true,
    setRawMode: (mode: boolean) => modes.push(mode),
    on: (_: string, listener: (chunk: Buffer) => void) => listeners.add(listener),
    off: (_: string, listener: (chunk: Buffer) => void) => listeners.delete(listener),
    ref: () => {},
    unref: () => {},
    resume: () => {},
    pause: () => {},
  } as unknown as NodeJS.ReadStream;
  const seen: string[] = [];
  const before = process.listenerCount('SIGCONT');
  const onKey = (key: string): void => {
    seen.push(key);
    if (key === 'd') keys.close();
  };
  const keys = openKeys({ onKey }, stdin);
  for (const listener of listeners) listener(Buffer.from('\u0003dx'));
  expect(seen).toEqual(['ctrl-c', 'd']);
  keys.close();
  expect(modes).toEqual([true, false]);
  expect(listeners.size).toBe(0);
  expect(process.listenerCount('SIGCONT')).toBe(before);
});

test('without a terminal nothing is read', () => {
  const stdin = { isTTY: false } as NodeJS.ReadStream;
  const touched: PropertyKey[] = [];
  const watched = new Proxy(stdin, {
    get: (of, name) => {
      touched.push(name);
      return Reflect.get(of, name);
    },
  });
  const keys = openKeys({ onKey: () => {} }, watched);
  keys.suspend();
  keys.close();
  expect(touched).toEqual(['isTTY']);
});

test('a notification rings a terminal, in one sequence that its text cannot leave', async () => {
  const written: string[] = [];
  const stream = Object.assign(
    new Writable({
      write: (chunk: Buffer, _, done) => {
        written.push(chunk.toString());
        done();
      },
    }),
    { isTTY: true },
  ) as unknown as NodeJS.WriteStream;
  await notify({ title: 'copse: ui', body: 'done\u0007\u001b]0;evil\u0007\nnext', desktop: false, stream });
  expect(written.join('')).toBe('\u0007\u001b]9;copse: ui: done next\u0007');
  await notify({ title: 'x', body: 'y', desktop: false, stream: Object.assign(stream, { isTTY: false }) });
  expect(written).toHaveLength(1);
});
