import { forEachAtMost } from '../../src/system/for-each-at-most.ts';
import { comparedRun } from '../kit/compared-run.ts';
import { VARIANTS, worktreeOf } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 7;
const AT_ONCE = 4;

/** Warm: the checks are known, and how all merge. The floor looks at what is committed and what is not, as the table does. */
export const measure: Measure = async (lab) => {
  const cwd = await comparedRun(lab);
  const [node, main] = lab.copse;
  const place = { cwd, env: lab.env };
  const shown = await run(node, [main, 'compare'], place);
  const missing = VARIANTS.filter((variant) => !shown.includes(variant));
  if (missing.length > 0) throw new Error(`copse compare does not show ${missing.join(', ')}`);
  const taken = await interleave(ROUNDS, {
    floor: () =>
      timed(() =>
        forEachAtMost(AT_ONCE, VARIANTS, async (variant) => {
          await timeOf('git', ['diff', '--numstat', 'main'], { cwd: worktreeOf(cwd, variant), env: lab.env });
        }),
      ),
    ours: () => timeOf(node, [main, 'compare'], place),
  });
  return [
    {
      what: 'copse compare, 20 variants of 10,000 files',
      unit: 'ms',
      floor: { name: 'git diff --numstat in each worktree, 4 at a time', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 2 },
      rounds: ROUNDS,
    },
  ];
};
