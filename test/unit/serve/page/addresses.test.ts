import { expect, test } from 'vitest';
import { addressed, addressedPort, originOf, parseAuthority } from '../../../../src/serve/page/addresses.ts';
import { shuffled, VariantKeys } from '../../../../src/serve/page/variant-keys.ts';

const here = { port: 4100, lan: false };
const lan = { port: 4100, lan: true };

test('what a Host means', () => {
  expect(addressed('copse.localhost:4100', here)).toEqual({ kind: 'page', host: 'copse.localhost', frames: 'names' });
  expect(addressed('DARK.Copse.Localhost:4100', here)).toEqual({ kind: 'variant', key: 'dark' });
  expect(addressed('[::1]:4100', here)).toMatchObject({ kind: 'page', frames: 'ports', plain: true });
  expect(addressed('192.168.1.5:4100', lan)).toMatchObject({ kind: 'page', frames: 'ports', plain: false });
  expect(addressed('copse.localhost', { port: 80, lan: false })).toMatchObject({ kind: 'page' });
  expect(originOf('copse.localhost', 80)).toBe('http://copse.localhost');
});

test.each([
  '',
  undefined,
  'copse.localhost',
  'copse.localhost:41000',
  'evil.example:4100',
  '192.168.1.5:4100',
  '1.2.3:4100',
  'a b:4100',
  'x@localhost:4100',
  'localhost:4100:4100',
  'localhost.:4100',
])('not for us: %s', (host) => {
  expect(addressed(host, here)).toBeNull();
  expect(addressedPort(host, here)).toBeNull();
});

test('in the network a name is still not for us', () => {
  expect(addressed('box.local:4100', lan)).toBeNull();
  expect(addressedPort('10.0.0.1:4100', lan)).toBe('10.0.0.1');
  expect(parseAuthority('[fe80::1]:4100')).toEqual({ host: '[fe80::1]', port: 4100 });
});

test('keys are one part of a host name, each another', () => {
  const labels = ['dark', 'ui-2/dark', 'ui-2-dark', 'Ä', 'xn--x', 'trailing-', 'a'.repeat(64)];
  const keys = new VariantKeys(labels, false);
  const made = labels.map((label) => keys.of(label));
  expect(made).toEqual(['dark', 'ui-2-dark', 'ui-2-dark-2', 'v', 'xn-x', 'trailing', 'a'.repeat(50)]);
  expect(made.map((key) => keys.labelOf(key))).toEqual(labels);
  expect(keys.labelOf('none')).toBeNull();
});

test('blind keys are letters, also after z', () => {
  const labels = Array.from({ length: 28 }, (_, i) => `v${i}`);
  const keys = new VariantKeys(labels, true);
  expect([0, 25, 26, 27].map((i) => keys.of(labels[i] ?? ''))).toEqual(['a', 'z', 'aa', 'ab']);
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const order = shuffled(['x', 'y', 'z'], seed);
    expect(order.toSorted()).toEqual(['x', 'y', 'z']);
    expect(order).not.toEqual(['x', 'y', 'z']);
    expect(shuffled(['x', 'y', 'z'], seed)).toEqual(order);
  }
  expect(shuffled(['x'], 'a')).toEqual(['x']);
});
