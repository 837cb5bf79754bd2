import { describe, expect, it } from 'vitest';
import { compareReports } from '../../../../src/checks/report/compare-reports.ts';
import { mergeRepeats } from '../../../../src/checks/report/merge-repeats.ts';
import type { TestReport, TestVerdict } from '../../../../src/model/evidence/test-report.ts';

function report(tests: Readonly<Record<string, TestVerdict>>): TestReport {
  const count = (verdict: TestVerdict): number => Object.values(tests).filter((one) => one === verdict).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  return { format: 'junit', tests: new Map(Object.entries(tests)), ...counts };
}

const NOTHING = { fixed: [], broke: [], stillFailing: [], added: [], missing: [], silenced: [] };

describe('compareReports', () => {
  it.each<[base: TestVerdict | null, own: TestVerdict | null, list: string | null]>([
    ['passed', 'passed', null],
    ['passed', 'failed', 'broke'],
    ['passed', 'skipped', 'missing'],
    ['passed', null, 'missing'],
    ['failed', 'passed', 'fixed'],
    ['failed', 'failed', 'stillFailing'],
    ['failed', 'skipped', 'silenced'],
    ['failed', null, 'silenced'],
    ['skipped', 'passed', 'added'],
    ['skipped', 'failed', 'added'],
    ['skipped', 'skipped', null],
    ['skipped', null, null],
    [null, 'passed', 'added'],
    [null, 'failed', 'added'],
    [null, 'skipped', null],
  ])('%s, then %s: %s', (base, own, list) => {
    const compared = compareReports(report(base === null ? {} : { t: base }), report(own === null ? {} : { t: own }));
    expect(compared).toEqual({ ...NOTHING, ...(list === null ? {} : { [list]: ['t'] }) });
  });

  it('sorts its lists, whatever the order of the reports', () => {
    const names = ['b', 'a', 'c'];
    const all = (verdict: TestVerdict, order: readonly string[]) =>
      report(Object.fromEntries(order.map((name) => [name, verdict])));
    expect(compareReports(all('passed', names), all('failed', names.toReversed())).broke).toEqual(['a', 'b', 'c']);
  });

  it('takes a file that no longer loads for broken, and one that loads again for fixed', () => {
    const loads = report({ 'a.js > x': 'passed', 'a.js > y': 'skipped' });
    const fails = report({ 'a.js': 'failed' });
    expect(compareReports(loads, fails)).toEqual({ ...NOTHING, broke: ['a.js'], missing: ['a.js > x'] });
    expect(compareReports(fails, loads)).toEqual({ ...NOTHING, fixed: ['a.js'], added: ['a.js > x'] });
    const failed = report({ 'a.js > x': 'failed' });
    expect(compareReports(failed, fails)).toEqual({ ...NOTHING, stillFailing: ['a.js'], silenced: ['a.js > x'] });
  });

  it('takes a Go test that fails beside its passing subtests for broken', () => {
    const base = report({ 'p > TestA/b': 'passed' });
    expect(compareReports(base, report({ 'p > TestA/b': 'passed', 'p > TestA': 'failed' })).broke).toEqual(['p > TestA']);
  });

  it('neither credits nor blames for a flaky test', () => {
    const [good, bad] = [report({ t: 'passed' }), report({ t: 'failed' })];
    expect(compareReports(good, bad, new Set(['t']))).toEqual(NOTHING);
    expect(compareReports(bad, good, new Set(['t']))).toEqual(NOTHING);
  });
});

describe('mergeRepeats', () => {
  it('names tests with both verdicts, which never count as passed', () => {
    const merged = mergeRepeats([
      report({ a: 'passed', b: 'failed', c: 'passed', d: 'skipped' }),
      report({ a: 'passed', b: 'passed', d: 'passed', e: 'failed' }),
      report({ a: 'passed', b: 'failed', c: 'failed', e: 'failed' }),
    ]);
    expect(merged?.flaky).toEqual(['b', 'c']);
    expect(merged?.report).toEqual(report({ a: 'passed', b: 'failed', c: 'failed', d: 'passed', e: 'failed' }));
  });

  it('is the report itself where there is one, and nothing of nothing', () => {
    expect(mergeRepeats([report({ a: 'failed' })])).toEqual({ report: report({ a: 'failed' }), flaky: [] });
    expect(mergeRepeats([])).toBeNull();
  });
});
