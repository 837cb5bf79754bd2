import { finishedRun, worktreeOf } from '../kit/finished-run.ts';
import type { Measure } from '../kit/measurement.ts';
import { run } from '../kit/processes.ts';
import { measureStart } from '../kit/start-up.ts';

export const measure: Measure = async (lab) => {
  const cwd = await finishedRun(lab);
  const [node, main] = lab.copse;
  const printed = await run(node, [main, 'path', 'dark'], { cwd, env: lab.env });
  if (printed !== `${worktreeOf(cwd, 'dark')}\n`) throw new Error(`copse path prints ${printed}`);
  return measureStart(lab, { what: 'copse path dark', args: ['path', 'dark'], cwd, atMost: 2 });
};
