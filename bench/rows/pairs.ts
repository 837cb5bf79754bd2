import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { objectsGit } from '../../src/git/door.ts';
import { fileChanges } from '../../src/git/file-changes.ts';
import { pairConflicts, type Side } from '../../src/git/pair-conflicts.ts';
import { comparedRun } from '../kit/compared-run.ts';
import { branchOf, VARIANTS } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Lab } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';

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

/** All pairs in one process, ms; what it writes goes to a place of its own, as new in each round. */
async function mergeAll(lab: Lab, root: string, pairs: readonly string[]): Promise<number> {
  const objects = join(lab.folder, 'merged-objects');
  await mkdir(objects);
  const env = { ...lab.env, GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(root, '.git', 'objects') };
  const ms = await timed(
    () =>
      new Promise<void>((resolve, reject) => {
        const args = ['merge-tree', '--write-tree', '--stdin', '--name-only'];
        const child = spawn('git', args, { cwd: root, env, stdio: ['pipe', 'ignore', 'inherit'] });
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git merge-tree ended with ${code}`))));
        child.stdin.end(pairs.join(''));
      }),
  );
  await rm(objects, { recursive: true });
  return ms;
}
