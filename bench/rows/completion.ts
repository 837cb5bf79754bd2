import { finishedRun, VARIANTS } from '../kit/finished-run.ts';
import type { Measure } from '../kit/measurement.ts';
import { run } from '../kit/processes.ts';
import { measureStart } from '../kit/start-up.ts';

/** A Tab behind `copse path`: the names of 20 variants. */
export const measure: Measure = async (lab) => {
  const cwd = await finishedRun(lab);
  const args = ['__complete', 'path', ''];
  const [node, main] = lab.copse;
  const offered = (await run(node, [main, ...args], { cwd, env: lab.env })).split('\n').filter((line) => line !== '');
  if (offered.length !== VARIANTS.length) throw new Error(`completion offers ${offered.length} of ${VARIANTS.length} variants`);
  return measureStart(lab, { what: 'completion of a variant', args, cwd, atMost: 1.3 });
};
