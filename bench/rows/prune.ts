import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { planPrune } from '../../src/prune/plan-prune.ts';
import { prune } from '../../src/prune/prune.ts';
import { openHere } from '../../src/repository/current-repository.ts';
import { lookAtRuns } from '../../src/repository/read-runs.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { branchOf, makeRun, VARIANTS, worktreeOf } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { type Lab, project } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 7;
const FILES = 10_000;
const FILE_BYTES = 400;
const AT_ONCE = 4;

/**
 * Twice: from the person's yes until the prompt is back, and the whole command, which first looks at everything: what landed, a status
 * of each worktree, who works in them, how much room they take.
 */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'prune', { files: project(FILES, FILE_BYTES), script: WRITES_A_FILE });
  const [program, main] = lab.copse;
  const place = { cwd: root, env: lab.env };
  for (const variant of VARIANTS) {
    await lab.git(root, 'merge', '-q', '--squash', branchOf(variant));
    await lab.git(root, 'commit', '-q', '-m', variant);
    // As anybody's git does there: an index that was written within the second of its files has git read them all, each time.
    await lab.git(worktreeOf(root, variant), 'status', '--short');
  }
  const tips = await Promise.all(VARIANTS.map((variant) => lab.git(root, 'rev-parse', branchOf(variant))));
  const away = join(`${root}.worktrees`, 'away');
  await mkdir(away);

  const moveAll = () =>
    timed(async () => {
      for (const variant of VARIANTS) await timeOf('git', ['worktree', 'move', worktreeOf(root, variant), away], place);
      await updateRefs(lab, root, tips.map((tip, n) => `create refs/away/${n} ${tip}\n`).join(''));
    });
  const moveBack = async (): Promise<void> => {
    for (const variant of VARIANTS)
      await lab.git(root, 'worktree', 'move', join(away, `ui-${variant}`), worktreeOf(root, variant));
    await updateRefs(lab, root, tips.map((_, n) => `delete refs/away/${n}\n`).join(''));
  };
  const bringBack = async (): Promise<void> => {
    const left = await lab.git(root, 'branch', '--list', 'ui/*');
    if (left !== '') throw new Error(`copse prune left ${left}`);
    await run(program, [main, 'undo', '--yes'], place);
  };

  const taken = await interleave(ROUNDS, {
    floor: async () => {
      const ms = await moveAll();
      await moveBack();
      return ms;
    },
    ours: async () => {
      const act = await lookedAt(lab, root);
      const ms = await timed(act);
      await bringBack();
      return ms;
    },
    wholeFloor: async () => {
      const looked = await timed(async () => {
        await timeOf(program, ['-e', '0'], place);
        await lookAtAll(lab, root);
      });
      const ms = await moveAll();
      await moveBack();
      return looked + ms;
    },
    whole: async () => {
      const ms = await timeOf(program, [main, 'prune', '--yes'], place);
      await bringBack();
      return ms;
    },
  });
  const moves = '20 × git worktree move + one ref transaction';
  return [
    {
      what: 'prune of 20 landed worktrees (10,000 files each), from yes until the prompt is back',
      unit: 'ms',
      floor: { name: moves, value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 2 },
      rounds: ROUNDS,
    },
    {
      what: 'copse prune --yes of them, with the look',
      unit: 'ms',
      floor: { name: `node -e 0 + 20 git status, ${AT_ONCE} at a time + ${moves}`, value: taken.wholeFloor },
      ours: taken.whole,
      target: { kind: 'times-floor', atMost: 1.5 },
      rounds: ROUNDS,
    },
  ];
};

/** What is done once the person said yes. */
async function lookedAt(lab: Lab, root: string): Promise<() => Promise<unknown>> {
  const here = await openHere(root);
  const { runs } = await lookAtRuns(here.store);
  const o = {
    ...here,
    runs,
    scope: { named: [], namedOthers: [], run: null, all: false, others: false, olderMs: null },
    disposable: [],
    skipTeardown: false,
    fetch: false,
    now: new Date(),
    environment: lab.env,
    signal: new AbortController().signal,
  };
  const plan = await planPrune(o);
  const portRegistry = join(lab.folder, 'home', '.local', 'state', 'copse', 'ports');
  return () => prune({ ...o, plan, clock: systemClock, command: 'copse prune', portRegistry, keepTrashMs: 1_000_000 });
}

async function lookAtAll(lab: Lab, root: string): Promise<void> {
  const left = [...VARIANTS];
  const look = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await timeOf('git', ['status', '--porcelain=v2', '--branch'], { cwd: worktreeOf(root, next), env: lab.env });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
}

/** One transaction. */
function updateRefs(lab: Lab, cwd: string, commands: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['update-ref', '--stdin'], { cwd, env: lab.env, stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`git update-ref ended with ${code}`))));
    child.stdin.end(commands);
  });
}
