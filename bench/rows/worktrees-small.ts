import { interleave } from '../kit/interleave.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { WorktreeBench } from '../kit/worktrees.ts';

const ROUNDS = 20;
const COUNT = 50;

export const measure: Measure = async (lab) => {
  const worktrees = await WorktreeBench.open(lab, await lab.repository('small', smallProject()), COUNT);
  const failures: string[] = [];
  const taken = await interleave(ROUNDS, {
    floor: () => worktrees.oneAfterTheOther(),
    ours: async () => {
      const made = await worktrees.ours();
      failures.push(...made.failures);
      return made.ms;
    },
  });
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return [
    {
      what: `${COUNT} worktrees of a small repository`,
      unit: 'ms',
      floor: { name: 'git worktree add, one after the other', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 0.8 },
      rounds: ROUNDS,
    },
    {
      what: `… of them not made or not whole, in ${ROUNDS} rounds`,
      unit: 'failures',
      floor: null,
      ours: failures.length,
      target: { kind: 'at-most', value: 0 },
      rounds: ROUNDS,
    },
  ];
};
