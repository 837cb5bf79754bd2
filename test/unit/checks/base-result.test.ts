import { expect, it } from 'vitest';
import { withBase } from '../../../src/checks/base-result.ts';
import { NO_REPORT } from '../../../src/checks/cache.ts';
import { type CheckResult, standingOf } from '../../../src/model/evidence/check.ts';

const check = (status: CheckResult['status']): CheckResult => ({
  name: 'test',
  status,
  exitCode: status === 'failed' ? 1 : null,
  durationMs: 1,
  detail: '',
  onBase: null,
});

it('compares a check with how it ended on the base', () => {
  const held = withBase(check('failed'), NO_REPORT, { check: check('failed'), ...NO_REPORT });
  expect(held.onBase).toBe('failed');
  expect(standingOf(held)).toBe('still-fails');
});

it('knows nothing of a base on which the check was not run', () => {
  const skipped = { check: check('skipped'), ...NO_REPORT };
  expect(withBase(check('failed'), NO_REPORT, skipped)).toEqual(withBase(check('failed'), NO_REPORT, null));
  expect(withBase(check('failed'), NO_REPORT, skipped).onBase).toBeNull();
});
