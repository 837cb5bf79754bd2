import { expect, it } from 'vitest';
import { fitted } from '../../../src/mcp/fitted.ts';

const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

it('leaves what fits as it is', () => {
  const value = { a: 'x'.repeat(50), b: [1, 2, 3], c: null };
  expect(fitted(value, 2_000)).toEqual({ value, truncated: false });
});

it('shortens texts and lists, and keeps the keys', () => {
  const value = { why: 'Ω '.repeat(5_000), files: Array.from({ length: 900 }, (_, n) => ({ path: `src/${n}.ts`, n })), ok: true };
  const { value: short, truncated } = fitted(value, 2_000);
  expect(truncated).toBe(true);
  expect(size(short)).toBeLessThan(2_000);
  expect(Object.keys(short as object)).toEqual(['why', 'files', 'ok']);
});

it('gives nothing rather than too much', () => {
  const value = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key-${n}`, n]));
  expect(fitted(value, 1_000)).toEqual({ value: null, truncated: true });
});
