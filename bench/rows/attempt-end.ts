import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvents } from '../../src/store/events/event-log.ts';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { makeRun } from '../kit/finished-run.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';

const VARIANTS = Array.from({ length: 8 }, (_, n) => `variant-${n + 1}`);

/** How soon the supervisor knows that an agent ended which left nothing running: the last of eight that end at once. */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'ends', { files: smallProject(), script: WRITES_A_FILE, variants: VARIANTS });
  const paths = runPaths(storeAt(join(root, '.git')), 'ui');
  const events = await readEvents(paths.events);
  const waits: number[] = [];
  for (const event of events) {
    if (event.type !== 'attempt.finished') continue;
    const { mtimeMs } = await stat(join(paths.dir, event.variant, `${event.attempt}.exit`));
    waits.push(Date.parse(event.at) - mtimeMs);
  }
  if (waits.length !== VARIANTS.length) throw new Error(`${waits.length} of ${VARIANTS.length} attempts ended`);
  return [
    {
      what: `from an agent’s end to its attempt’s, the slowest of ${VARIANTS.length}`,
      unit: 'ms',
      floor: null,
      ours: Math.max(...waits),
      target: { kind: 'at-most', value: 100 },
      rounds: 1,
    },
  ];
};
