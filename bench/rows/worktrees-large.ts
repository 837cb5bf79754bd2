import { interleave } from '../kit/interleave.ts';
import { project } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { WorktreeBench } from '../kit/worktrees.ts';

const ROUNDS = 3;

export const measure: Measure = async (lab) => {
  const worktrees = await WorktreeBench.open(lab, await lab.repository('large', project(10_000, 3_000)), 8);
  const taken = await interleave(ROUNDS, {
    floor: () => worktrees.oneAfterTheOther(),
    ours: async () => {
      const { ms, failures } = await worktrees.ours();
      if (failures.length > 0) throw new Error(failures.join('\n'));
      return ms;
    },
  });
  return [
    {
      what: '8 worktrees of 10,000 files',
      unit: 'ms',
      floor: { name: 'git worktree add, one after the other', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 0.65 },
      rounds: ROUNDS,
    },
  ];
};
