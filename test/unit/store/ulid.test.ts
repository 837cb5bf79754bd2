import { decodeTime } from 'ulid';
import { expect, it } from 'vitest';
import { ulid } from '../../../src/store/ulid.ts';

const at = (ms: number) => ({ now: () => new Date(ms), monotonicMs: () => ms, sleep: () => Promise.resolve() });
const START = Date.parse('2031-01-01T00:00:00Z');

it('makes ids that sort by time, also within a millisecond and when the clock goes back', () => {
  const times = [START, START, START, START + 1, START - 5000, START + 2];
  const ids = times.map((ms) => ulid(at(ms)));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{26}$/);
  expect(decodeTime(ids[0]?.toUpperCase() ?? '')).toBe(START);
});
