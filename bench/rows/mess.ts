import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { interleave, timed } from '../kit/interleave.ts';
import type { Lab } from '../kit/lab.ts';
import { lookAtOthers } from '../kit/look-others.ts';
import type { Measure } from '../kit/measurement.ts';
import { mergeAll } from '../kit/merge-all.ts';
import { addWorktrees, messRepository } from '../kit/mess.ts';

const ROUNDS = 3;
/** Of another tool's real history, on which people were heard to wait. */
const SHAPE = { commits: 4_891, branches: 152, worktrees: 122, files: 600 };

/** What a person waits for who clears up after years: a first look, and each later one. */
export const measure: Measure = async (lab) => {
  const root = lab.given === null ? await messRepository(lab, 'mess', SHAPE) : await givenRepository(lab, lab.given);
  const target = await lab.git(root, 'rev-parse', 'HEAD');
  const open = (await lab.git(root, 'for-each-ref', '--format=%(objectname)', '--no-merged=HEAD', 'refs/heads/')).split('\n');
  const pairs = open.map((tip) => `${target} ${tip}\n`);
  const cache = join(root, '.git', 'copse', 'v1', 'cache');
  const taken = await interleave(ROUNDS, {
    floor: () => mergeAll(lab, root, pairs),
    first: async () => {
      await rm(cache, { recursive: true, force: true });
      return timed(() => lookAtOthers(lab, root));
    },
    second: () => timed(() => lookAtOthers(lab, root)),
  });
  const what =
    lab.given === null
      ? `${SHAPE.commits} commits, ${SHAPE.branches} branches, ${SHAPE.worktrees} worktrees`
      : 'the given repository';
  const row = { unit: 'ms', rounds: ROUNDS } as const;
  return [
    {
      ...row,
      what: `prune --others --dry-run on ${what}: first look`,
      floor: { name: `one git merge-tree --stdin of ${pairs.length} branches with the target`, value: taken.floor },
      ours: taken.first,
      target: { kind: 'times-floor', atMost: 8 },
    },
    { ...row, what: '… second look', floor: null, ours: taken.second, target: { kind: 'at-most', value: 1_500 } },
  ];
};

async function givenRepository(lab: Lab, source: string): Promise<string> {
  const root = join(lab.folder, 'given', 'app');
  await lab.git(lab.folder, 'clone', '-q', '--no-hardlinks', source, root);
  await lab.git(root, 'fetch', '-q', 'origin', '+refs/heads/*:refs/heads/copied/*');
  await addWorktrees(lab, root, SHAPE.worktrees);
  return root;
}
