import { join } from 'node:path';
import { pairConflicts, type Side } from '../../src/git/merging/pair-conflicts.ts';
import { fileChanges } from '../../src/git/objects/file-changes.ts';
import { objectsGit } from '../../src/git/spawn/git-in.ts';
import { comparedRun } from '../kit/compared-run.ts';
import { branchOf, VARIANTS } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Measure } from '../kit/measurement.ts';
import { mergeAll } from '../kit/merge-all.ts';

const ROUNDS = 7;

export const measure: Measure = async (lab) => {
  const root = await comparedRun(lab);
  const commonDir = join(root, '.git');
  const [start = '', ...tips] = (await lab.git(root, 'rev-parse', 'main', ...VARIANTS.map(branchOf))).split('\n');
  const files = await fileChanges(
    objectsGit(commonDir),
    tips.map((to) => ({ from: start, to })),
  );
  const sides = tips.map((commit, at): Side => ({ commit, files: files[at] ?? [] }));
  const pairs = tips.flatMap((a, at) => tips.slice(at + 1).map((b) => `${a} ${b}\n`));
  const found = await pairConflicts(commonDir, sides, { attributesOf: start });
  const clash = found.filter(({ conflicts }) => conflicts.includes('src/part0/file7.ts'));
  if (clash.length !== pairs.length) throw new Error(`${clash.length} of ${pairs.length} pairs clash where all were made to`);
  const taken = await interleave(ROUNDS, {
    floor: () => mergeAll(lab, root, pairs),
    ours: () => timed(() => pairConflicts(commonDir, sides, { attributesOf: start })),
  });
  return [
    {
      what: `all ${pairs.length} pairs of 20 variants of 10,000 files`,
      unit: 'ms',
      floor: { name: 'one git merge-tree --stdin', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.3 },
      rounds: ROUNDS,
    },
  ];
};
