import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { interleave } from '../kit/interleave.ts';
import type { Measure, Measured } from '../kit/measurement.ts';
import { messRepository } from '../kit/mess.ts';
import { timeOf } from '../kit/processes.ts';

const ROUNDS = 3;
const SHAPE = { commits: 20_000, branches: 1_000, worktrees: 0, files: 600 };

/** As many branches as anybody has, in a history as long as most are. */
export const measure: Measure = async (lab) => {
  const root = await messRepository(lab, 'old', SHAPE);
  const [node, main] = lab.copse;
  const look = () => timeOf(node, [main, 'prune', '--others', '--dry-run'], { cwd: root, env: lab.env });
  const taken = await interleave(ROUNDS, {
    first: async () => {
      await rm(join(root, '.git', 'copse', 'v1', 'cache'), { recursive: true, force: true });
      return look();
    },
    second: look,
  });
  const row = (name: string, ours: number, value: number): Measured => ({
    what: `prune --others --dry-run, ${SHAPE.branches} branches, ${SHAPE.commits} commits: ${name} look`,
    unit: 'ms',
    floor: null,
    ours,
    target: { kind: 'at-most', value },
    rounds: ROUNDS,
  });
  return [row('first', taken.first, 60_000), row('second', taken.second, 2_000)];
};
