import { expect, test } from 'vitest';
import { framingRefusal } from '../../../../src/serve/page/framing.ts';

const PAGE = 'http://copse.localhost:4100';

test.each([
  ['DENY', 'X-Frame-Options: DENY'],
  ['sameorigin', 'X-Frame-Options: SAMEORIGIN'],
  ['DENY, DENY', 'X-Frame-Options: DENY'],
  ['ALLOW-FROM http://x', null],
  ['nonsense', null],
])('X-Frame-Options: %s', (value, refusal) => {
  expect(framingRefusal({ 'x-frame-options': value }, PAGE)).toBe(refusal);
});

test.each([
  ["frame-ancestors 'none'", false],
  ["frame-ancestors 'self'", false],
  ['frame-ancestors', false],
  ['frame-ancestors *', true],
  ['frame-ancestors http:', true],
  ['frame-ancestors https:', false],
  ['frame-ancestors https://a.example http://copse.localhost:4100', true],
  ['frame-ancestors http://copse.localhost', false],
  ['frame-ancestors http://copse.localhost:*', true],
  ['frame-ancestors copse.localhost:4100', true],
  ['frame-ancestors *.localhost:*', true],
  ['frame-ancestors *.copse.localhost:*', false],
  ["default-src 'none'; Frame-Ancestors *; img-src x", true],
  ['frame-ancestors *, frame-ancestors https://a.example', false],
  ["default-src 'none'", true],
])('Content-Security-Policy: %s', (value, allowed) => {
  expect(framingRefusal({ 'content-security-policy': value }, PAGE) === null).toBe(allowed);
});

test('the policy counts before the older header', () => {
  expect(framingRefusal({ 'x-frame-options': 'DENY', 'content-security-policy': 'frame-ancestors *' }, PAGE)).toBeNull();
  expect(framingRefusal({}, PAGE)).toBeNull();
});
