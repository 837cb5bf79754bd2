import type { Measure } from '../kit/measurement.ts';
import { measureStart } from '../kit/start-up.ts';

export const measure: Measure = (lab) =>
  measureStart(lab, { what: 'copse --version', args: ['--version'], cwd: lab.folder, atMost: 1.3 });
