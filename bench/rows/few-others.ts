import { join } from 'node:path';
import { forEachAtMost } from '../../src/system/for-each-at-most.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { type Lab, project } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 11;
const AT_ONCE = 4;
const FILES = 2_000;
const WORKTREES = 20;

/** What a person does every day: a few worktrees that copse did not make, every other of which is merged. */
export const measure: Measure = async (lab) => {
  const root = await lab.repository('few-others', project(FILES, 400));
  const done = await withWorktrees(lab, root);
  const [node, main] = lab.copse;
  const place = { cwd: root, env: lab.env };
  const args = [main, 'prune', '--others', '--dry-run'];
  const shown = JSON.parse(await run(node, [...args, '--json'], place)) as { items: readonly { goes: boolean }[] };
  const going = shown.items.filter(({ goes }) => goes).length;
  if (going !== done.length) throw new Error(`${going} of ${done.length} merged worktrees would be removed`);
  const taken = await interleave(ROUNDS, {
    floor: () =>
      timed(async () => {
        await timeOf(node, ['-e', '0'], place);
        await timeOf('git', ['for-each-ref'], place);
        await forEachAtMost(AT_ONCE, done, async (cwd) => {
          await timeOf('git', ['status', '--porcelain=v2', '--branch'], { cwd, env: lab.env });
        });
      }),
    ours: () => timeOf(node, args, place),
  });
  return [
    {
      what: `copse prune --others --dry-run, ${WORKTREES} worktrees of ${FILES} files`,
      unit: 'ms',
      floor: {
        name: `node -e 0 + git for-each-ref + git status of the ${done.length} that may go, ${AT_ONCE} at a time`,
        value: taken.floor,
      },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.8 },
      rounds: ROUNDS,
    },
  ];
};

/** Folders of those that are merged. */
async function withWorktrees(lab: Lab, root: string): Promise<string[]> {
  const done: string[] = [];
  for (let n = 0; n < WORKTREES; n += 1) {
    const path = join(`${root}.worktrees`, `w${n}`);
    await lab.git(root, 'worktree', 'add', '-q', '-b', `topic/${n}`, path);
    await lab.git(path, 'rm', '-q', `src/part0/file${n}.ts`);
    await lab.git(path, 'commit', '-q', '-m', `Work ${n}`);
    // As anybody's git does there: an index that was written within the second of its files has git read them all, each time.
    await lab.git(path, 'status', '--short');
    if (n % 2 === 0) done.push(path);
  }
  for (let n = 0; n < WORKTREES; n += 2) {
    await lab.git(root, 'merge', '-q', '--squash', `topic/${n}`);
    await lab.git(root, 'commit', '-q', '-m', `Land ${n}`);
  }
  return done;
}
