import { describe, expect, it } from 'vitest';
import { rank } from '../../../../src/model/evidence/rank.ts';
import type { CheckEvidence, MetricEvidence } from '../../../../src/model/reports/evidence.ts';
import { evidenceOf } from '../../../support/evidence.ts';

const check = (parts: Partial<CheckEvidence> = {}): CheckEvidence => ({
  name: 'test',
  status: 'passed',
  exitCode: 0,
  durationMs: 1,
  detail: '',
  onBase: 'passed',
  changedFiles: [],
  ...parts,
});
const metric = (parts: Partial<MetricEvidence> = {}): MetricEvidence => ({
  name: 'bundle',
  value: 400,
  unit: 'kB',
  goal: 'min',
  onBase: 438,
  delta: -38,
  spread: 0,
  tolerance: 0,
  best: false,
  failure: '',
  ...parts,
});
const order = (variants: Parameters<typeof rank>[0], o: Parameters<typeof rank>[1] = {}) =>
  rank(variants, o).map(({ label, rank: place }) => `${place} ${label}`);

describe('rank', () => {
  it('puts what works before what does not, whatever it costs', () => {
    const works = evidenceOf('works', { checks: [check()], costUsd: 5 });
    const fails = evidenceOf('fails', { checks: [check({ status: 'failed' })], costUsd: 0.1 });
    expect(order([fails, works])).toEqual(['1 works', '2 fails']);
    expect(rank([fails, works])[1]?.reasons[0]).toBe('breaks test');
  });

  it('puts a fix before what passes, and that before what still fails', () => {
    const still = evidenceOf('still', { checks: [check({ status: 'failed', onBase: 'failed' })] });
    const passes = evidenceOf('passes', { checks: [check()] });
    const fixes = evidenceOf('fixes', { checks: [check({ onBase: 'failed' })] });
    expect(order([still, passes, fixes])).toEqual(['1 fixes', '2 passes', '3 still']);
    expect(rank([still, passes, fixes]).map(({ reasons }) => reasons[0])).toEqual([
      'fixes test',
      'test passes',
      'test still fails',
    ]);
  });

  it('does not let a variant look better that changed its checks', () => {
    const honest = evidenceOf('honest', { checks: [check()] });
    const sly = evidenceOf('sly', { checks: [check({ changedFiles: ['test/theme.test.js'] })] });
    expect(order([sly, honest])).toEqual(['1 honest', '2 sly']);
    // Nor does it suffer where its check passes with the former files too.
    const open = evidenceOf('open', { checks: [check({ changedFiles: ['test/theme.test.js'], former: 'passed' })] });
    expect(order([sly, open, honest])).toEqual(['1 open', '1 honest', '3 sly']);
    expect(rank([sly, honest])[1]?.reasons).toContain('changed files that test runs');
  });

  it('ranks by metrics with a goal, and says how far from the base', () => {
    const a = evidenceOf('a', { metrics: [metric({ best: true })] });
    const b = evidenceOf('b', { metrics: [metric({ value: 440, delta: 2 })] });
    expect(order([b, a])).toEqual(['1 a', '2 b']);
    expect(rank([b, a])[0]?.reasons).toContain('bundle 400 kB, 38 kB better than the base');
  });

  it('takes a metric without a value for worse than any value', () => {
    const none = evidenceOf('none', { metrics: [metric({ value: null, delta: null, failure: 'no number' })] });
    const some = evidenceOf('some', { metrics: [metric({ value: 999, delta: 500 })] });
    expect(order([none, some])).toEqual(['1 some', '2 none']);
  });

  it('leaves ties ties: nearly equal size and cost tell nothing', () => {
    const a = evidenceOf('a', { changes: { files: 2, insertions: 100, deletions: 0, commits: 1 }, costUsd: 0.41 });
    const b = evidenceOf('b', { changes: { files: 2, insertions: 104, deletions: 0, commits: 1 }, costUsd: 0.42 });
    expect(order([a, b])).toEqual(['1 a', '1 b']);
    expect(rank([a, b]).map(({ reasons }) => reasons)).toEqual([[], []]);
  });

  it('calls one the smallest or the cheapest only where it clearly is', () => {
    const of = (name: string, lines: number, costUsd: number) =>
      evidenceOf(name, { changes: { files: 1, insertions: lines, deletions: 0, commits: 1 }, costUsd });
    const reasons = (...variants: Parameters<typeof rank>[0]) => rank(variants).map((one) => one.reasons.join('; '));
    expect(reasons(of('a', 10, 0.051), of('b', 11, 0.052), of('c', 16, 0.14))).toEqual([
      '10 lines changed; cheapest, ≈$0.05',
      '11 lines changed; cheapest, ≈$0.05',
      '16 lines changed; ≈$0.14',
    ]);
    expect(reasons(of('a', 10, 0.05), of('b', 30, 0.2), of('c', 31, 0.2))).toEqual([
      'smallest change, 10 lines changed; cheapest, ≈$0.05',
      '30 lines changed; ≈$0.20',
      '31 lines changed; ≈$0.20',
    ]);
    // On another step, and still a line apart.
    expect(order([of('a', 95, 1), of('b', 96, 1)])).toEqual(['1 a', '2 b']);
    expect(reasons(of('a', 95, 1), of('b', 96, 1))).toEqual(['95 lines changed', '96 lines changed']);
    expect(reasons(of('alone', 10, 1))).toEqual(['succeeded; 10 lines changed; ≈$1.00']);
  });

  it('skips places after a tie', () => {
    const [a, b] = [evidenceOf('a'), evidenceOf('b')];
    const c = evidenceOf('c', { outcome: 'failed' });
    expect(order([c, a, b])).toEqual(['1 a', '1 b', '3 c']);
  });

  it('follows another order', () => {
    const cheap = evidenceOf('cheap', { costUsd: 0.1, checks: [check({ status: 'failed' })] });
    const good = evidenceOf('good', { costUsd: 3, checks: [check()] });
    expect(order([cheap, good], { order: ['cost', 'checks'] })).toEqual(['1 cheap', '2 good']);
  });

  it('puts an unfinished one last', () => {
    expect(order([evidenceOf('busy', { outcome: null }), evidenceOf('done')])).toEqual(['1 done', '2 busy']);
  });

  it('lets the judge decide between equals', () => {
    const judge = {
      model: null,
      costUsd: 0.1,
      rounds: [
        {
          order: ['a', 'b'],
          scores: [
            { label: 'a', scores: { clarity: 5 }, reasons: '', risks: '' },
            { label: 'b', scores: { clarity: 8 }, reasons: '', risks: '' },
          ],
        },
      ],
      disagreements: [],
      leftOut: [],
      failure: '',
    };
    expect(order([evidenceOf('a'), evidenceOf('b')], { judge })).toEqual(['1 b', '2 a']);
  });
});
