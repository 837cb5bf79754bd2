/** What an agent may write to get out of the text. */
import { evidenceOf } from '../../../support/evidence.ts';
import { patchOf } from '../../../support/patches.ts';
import { anEvidence, checkOf, fileOf, hard, metricWith } from '../some-evidence.ts';

export const HOSTILE = [
  '<script>window.pwned=1</script>',
  '</script><script>window.pwned=2</script>',
  '</style></title></pre></details></textarea><img src=http://evil.invalid/a.png onerror=window.pwned=3>',
  `"><svg onload=window.pwned=4>' onmouseover=window.pwned=5 x="`,
  '<a href="javascript:window.pwned=6">here</a> javascript:window.pwned=7',
  '<iframe src=//evil.invalid></iframe><meta http-equiv=refresh content=0;url=//evil.invalid><base href=//evil.invalid>',
  '<!-- --><![CDATA[ ]]>{{7*7}}&lt;img src=x&gt;&#60;',
  'left \u202eright\u2066\u200b\u{e0041}\u0000\u0007\u001b]0;title\u0007 end',
].join(' ');

const variant = (label: string) =>
  evidenceOf(label, {
    branch: HOSTILE,
    worktree: HOSTILE,
    reason: HOSTILE,
    outcome: 'failed',
    files: [fileOf(HOSTILE)],
    uncommitted: [HOSTILE],
    checks: [
      checkOf(HOSTILE, { status: 'failed', detail: HOSTILE, changedFiles: ['test/theme.test.js'] }),
      checkOf(`${HOSTILE}2`, { changedFiles: ['test/theme.test.js'] }),
    ],
    metrics: [metricWith(HOSTILE, 1, { unit: HOSTILE }), metricWith(`${HOSTILE}2`, null, { failure: HOSTILE })],
    merges: { clean: false, conflicts: [HOSTILE] },
    model: HOSTILE,
    summary: HOSTILE,
    notes: [HOSTILE],
  });

const [a, b] = [HOSTILE, `${HOSTILE}2`];

export const hostileEvidence = anEvidence([variant(a), variant(b)], {
  runs: [HOSTILE],
  base: { ref: HOSTILE, commit: HOSTILE },
  differingBases: [HOSTILE],
  target: { branch: HOSTILE, commit: null, behindRemote: { remote: HOSTILE, commits: 2 } },
  task: HOSTILE,
  isolation: HOSTILE,
  overlap: [{ a, b, files: [HOSTILE, 'x'], conflicts: [HOSTILE] }],
  agreement: [{ path: HOSTILE, variants: [a], line: 1, count: 1, removed: [HOSTILE], added: [HOSTILE] }],
  ranking: [
    { label: a, rank: 1, reasons: [HOSTILE] },
    { label: b, rank: 2, reasons: [HOSTILE] },
  ],
  judge: {
    ...(hard.judge ?? { model: null, costUsd: 0, rounds: [], disagreements: [], leftOut: [], failure: '' }),
    model: HOSTILE,
    rounds: [
      { order: [a, b], scores: [a, b].map((label) => ({ label, scores: { [HOSTILE]: 3 }, reasons: HOSTILE, risks: HOSTILE })) },
    ],
    disagreements: [HOSTILE],
    leftOut: [HOSTILE],
    failure: HOSTILE,
  },
  notes: [HOSTILE],
});

/** Paths without quotes and newlines, which git would write otherwise. */
const PATH = HOSTILE.replace(/["\p{Cc}]/gu, '');
const lines = [` ${HOSTILE}`, `-${HOSTILE}`, `+${HOSTILE} changed`, `+${HOSTILE}`];
const patch =
  patchOf(`${PATH}.html`, lines) + patchOf(`${PATH}.ts`, lines) + patchOf(`${PATH}.md`, lines) + patchOf(`src/${PATH}`, lines);

export const hostileOptions = {
  diffs: [
    { label: a, patch },
    { label: b, patch: `diff --git ${HOSTILE}\nindex ${HOSTILE}\n@@ ${HOSTILE}\n` },
  ],
  pairs: [{ a, b, patch }],
  outputs: [{ label: a, check: HOSTILE, text: HOSTILE }],
  version: HOSTILE,
};
