import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { planPrune } from '../../src/prune/plan-prune.ts';
import { openHere } from '../../src/repository/current-repository.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Lab } from '../kit/lab.ts';
import type { Measure, Measured } from '../kit/measurement.ts';
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
      return timed(() => look(lab, root));
    },
    second: () => timed(() => look(lab, root)),
  });
  const what =
    lab.given === null
      ? `${SHAPE.commits} commits, ${SHAPE.branches} branches, ${SHAPE.worktrees} worktrees`
      : 'the given repository';
  const floor = { name: `one git merge-tree --stdin of ${pairs.length} branches with the target`, value: taken.floor };
  const row = (name: string, ours: number, atMost: number): Measured => ({
    what: `prune --others --dry-run on ${what}: ${name} look`,
    unit: 'ms',
    floor,
    ours,
    target: { kind: 'times-floor', atMost },
    rounds: ROUNDS,
  });
  return [row('first', taken.first, 8), row('second', taken.second, 3)];
};

async function givenRepository(lab: Lab, source: string): Promise<string> {
  const root = join(lab.folder, 'given', 'app');
  await lab.git(lab.folder, 'clone', '-q', '--no-hardlinks', source, root);
  await lab.git(root, 'fetch', '-q', 'origin', '+refs/heads/*:refs/heads/copied/*');
  await addWorktrees(lab, root, SHAPE.worktrees);
  return root;
}

async function look(lab: Lab, root: string): Promise<unknown> {
  return planPrune({
    ...(await openHere(root)),
    runs: [],
    scope: { named: [], namedOthers: [], run: null, all: false, others: true, olderMs: null },
    disposable: [],
    skipTeardown: false,
    fetch: false,
    now: new Date(),
    environment: lab.env,
    signal: new AbortController().signal,
  });
}
