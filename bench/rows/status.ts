import { finishedRun, VARIANTS, worktreeOf } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 15;
const AT_ONCE = 4;

export const measure: Measure = async (lab) => {
  const cwd = await finishedRun(lab);
  const [node, main] = lab.copse;
  const place = { cwd, env: lab.env };
  const shown = await run(node, [main, 'status'], place);
  const missing = VARIANTS.filter((variant) => !shown.includes(variant));
  if (missing.length > 0) throw new Error(`copse status does not show ${missing.join(', ')}`);
  const taken = await interleave(ROUNDS, {
    floor: () =>
      timed(async () => {
        await timeOf(node, ['-e', '0'], place);
        await lookAtAll(VARIANTS.map((variant) => worktreeOf(cwd, variant)));
      }),
    ours: () => timeOf(node, [main, 'status'], place),
  });
  return [
    {
      what: 'copse status, 20 variants',
      unit: 'ms',
      floor: { name: 'node -e 0 + 20 git status, 4 at a time', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.6 },
      rounds: ROUNDS,
    },
  ];

  async function lookAtAll(worktrees: readonly string[]): Promise<void> {
    const left = [...worktrees];
    const look = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        await timeOf('git', ['status', '--porcelain=v2', '--branch'], { cwd: next, env: lab.env });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, look));
  }
};
