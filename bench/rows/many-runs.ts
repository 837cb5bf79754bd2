import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { copyRun } from '../kit/copy-run.ts';
import { makeRun } from '../kit/finished-run.ts';
import { interleave } from '../kit/interleave.ts';
import { type Lab, smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 11;
const FEW = 10;
const MANY = 1_000;

/** A look at a repository with a thousand runs shows five, and costs little more than with ten. */
export const measure: Measure = async (lab) => {
  const few = { cwd: await withRuns(lab, FEW), env: lab.env };
  const many = { cwd: await withRuns(lab, MANY), env: lab.env };
  const [node, main] = lab.copse;
  const shown = JSON.parse(await run(node, [main, 'status', '--all', '--json'], many)) as { runs: readonly unknown[] };
  if (shown.runs.length !== MANY) throw new Error(`copse status --json shows ${shown.runs.length} runs`);
  const verbs = [
    ['copse status', ['status']],
    ['copse', []],
  ] as const;
  const measured = [];
  for (const [what, args] of verbs) {
    const taken = await interleave(ROUNDS, {
      floor: () => timeOf(node, [main, ...args], few),
      ours: () => timeOf(node, [main, ...args], many),
    });
    measured.push({
      what: `${what}, ${MANY} runs`,
      unit: 'ms',
      floor: { name: `with ${FEW} runs`, value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.5 },
      rounds: ROUNDS,
    } as const);
  }
  return measured;
};

async function withRuns(lab: Lab, count: number): Promise<string> {
  const root = await makeRun(lab, `runs-${count}`, { files: smallProject(), script: WRITES_A_FILE, variants: ['dark', 'light'] });
  for (let n = 2; n <= count; n += 1) await copyRun(root, 'ui', `ui-${n}`);
  return root;
}
