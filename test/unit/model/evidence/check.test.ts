import { expect, it } from 'vitest';
import {
  type BaseFact,
  blocks,
  type CheckResult,
  type CheckStatus,
  type Standing,
  standingOf,
} from '../../../../src/model/evidence/check.ts';
import { checkClause } from '../../../../src/model/evidence/check-words.ts';
import { rank } from '../../../../src/model/evidence/rank.ts';
import type { CheckEvidence } from '../../../../src/model/reports/evidence.ts';
import { evidenceOf } from '../../../support/evidence.ts';

const result = (parts: Partial<CheckResult>): CheckResult => ({
  name: 'test',
  status: 'passed',
  exitCode: 0,
  durationMs: 1,
  detail: '',
  onBase: 'passed',
  ...parts,
});

/** For each end on the variant, its standing against each base fact: passed, failed, timed out, could not run, not known. */
const TABLE: readonly (readonly [CheckStatus, readonly Standing[]])[] = [
  ['passed', ['passed', 'fixed', 'passed', 'passed', 'passed']],
  ['failed', ['broke', 'still-fails', 'unknown', 'unknown', 'unknown']],
  ['timed-out', ['broke', 'unknown', 'unknown', 'unknown', 'unknown']],
  ['could-not-run', ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']],
  ['skipped', ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']],
];
const BASE: readonly (BaseFact | null)[] = ['passed', 'failed', 'timed-out', 'could-not-run', null];

it.each(TABLE)('a check that %s', (status, standings) => {
  expect(BASE.map((onBase) => standingOf({ status, onBase }))).toEqual(standings);
  // Time-outs and missing programs never excuse a failure, and what is not known stops a merge as what broke does.
  expect(BASE.map((onBase) => blocks({ status, onBase }))).toEqual(
    standings.map((standing) => standing === 'broke' || standing === 'unknown'),
  );
});

it('says each standing in words of its own', () => {
  const clauses = TABLE.flatMap(([status]) => BASE.map((onBase) => checkClause(result({ status, onBase }))));
  expect(clauses).toEqual([
    ...['', 'fixes test', '', '', ''],
    ...[
      'breaks test',
      'test still fails',
      'test fails, base timed out',
      'test fails, base could not run',
      'test fails, base not known',
    ],
    ...['test times out', 'test timed out', 'test timed out', 'test timed out', 'test timed out'],
    ...Array<string>(5).fill('test could not run'),
    ...Array<string>(5).fill('test was not run'),
  ]);
});

/** From best to worst, with the difference between neighbours; `protect` and changed tests included. */
const ORDER: readonly (readonly [string, Partial<CheckEvidence>])[] = [
  ['fixes', { onBase: 'failed' }],
  ['passes', {}],
  ['passes with former tests too', { changedFiles: ['test/a.js'], former: 'passed' }],
  ['passes in its own version alone', { changedFiles: ['test/a.js'], former: 'failed' }],
  ['still fails', { status: 'failed', onBase: 'failed' }],
  [
    'passes with its own tests, which do not count',
    { status: 'failed', onBase: 'failed', own: 'passed', changedFiles: ['test/a.js'] },
  ],
  ['is unknown', { status: 'could-not-run' }],
  ['broke', { status: 'failed' }],
];

it('ranks by the worst standing first', () => {
  const variants = ORDER.map(([label, parts]) =>
    evidenceOf(label, { checks: [{ ...result({}), changedFiles: [], ...parts } as CheckEvidence] }),
  );
  const ranked = rank(variants.toReversed());
  expect(ranked.map(({ label }) => label).filter((label) => label !== 'passes with former tests too')).toEqual(
    ORDER.map(([label]) => label).filter((label) => label !== 'passes with former tests too'),
  );
  const places = new Map(ranked.map(({ label, rank: place }) => [label, place]));
  expect(places.get('passes with former tests too')).toBe(places.get('passes'));
  expect(new Set(places.values()).size).toBe(ORDER.length - 1);
});
