import { join } from 'node:path';
import { branchOf, makeRun } from '../kit/finished-run.ts';
import { interleave } from '../kit/interleave.ts';
import { project } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 9;

/** Changes ten files, adds one, renames one. */
const SCRIPT = `
init();
const file = (n) => 'src/part' + Math.floor(n / 100) + '/file' + n + '.ts';
for (let n = 0; n < 10; n += 1) fs.appendFileSync(file(n * 37), '// ' + variant + '\\n');
fs.renameSync(file(400), 'src/part4/renamed.ts');
fs.writeFileSync('src/' + variant + '.ts', 'export const name = 1;\\n');
call('Edit', { file_path: file(0) }); done();
`;

/** The floor is what a person types to try a merge beside the checkout; ours also lets the checkout follow and records it. */
export const measure: Measure = async (lab) => {
  const cwd = await makeRun(lab, 'merged', { files: project(10_000, 300), script: SCRIPT, variants: ['dark'] });
  const [node, main] = lab.copse;
  const place = { cwd, env: lab.env };
  const from = (await run('git', ['rev-parse', 'main'], place)).trim();
  const before = async (): Promise<void> => {
    await run('git', ['reset', '--quiet', '--hard', from], place);
  };
  const tried = join(lab.folder, 'tried');
  const beside = { cwd: tried, env: lab.env };
  const taken = await interleave(ROUNDS, {
    floor: async () => {
      await before();
      const added = await timeOf('git', ['worktree', 'add', '--quiet', '--detach', tried, 'main'], place);
      const merged = await timeOf('git', ['merge', '--quiet', '--squash', branchOf('dark')], beside);
      const committed = await timeOf('git', ['commit', '--quiet', '-m', 'Dark'], beside);
      await run('git', ['worktree', 'remove', '--force', tried], place);
      return added + merged + committed;
    },
    ours: async () => {
      await before();
      return timeOf(node, [main, 'merge', 'dark'], place);
    },
  });
  const landed = await run('git', ['log', '--format=%s', `${from}..main`], place);
  if (landed.trim().split('\n').length !== 1) throw new Error(`copse merge did not land one commit: ${landed}`);
  return [
    {
      what: 'copse merge with rehearsal, no checks, 10,000 files',
      unit: 'ms',
      floor: { name: 'git worktree add, merge --squash, commit', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.3 },
      rounds: ROUNDS,
    },
  ];
};
