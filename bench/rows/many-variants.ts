import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openHere } from '../../src/repository/current-repository.ts';
import { sketchRun } from '../../test/support/landing/sketch-run.ts';
import { interleave } from '../kit/interleave.ts';
import { type Lab, smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 3;
const FEW = 50;
const MANY = 200;

/** Cold: four times the variants are sixteen times the pairs, most of which have no file in common. */
export const measure: Measure = async (lab) => {
  const few = { cwd: await withVariants(lab, FEW), env: lab.env };
  const many = { cwd: await withVariants(lab, MANY), env: lab.env };
  const [node, main] = lab.copse;
  const shown = JSON.parse(await run(node, [main, 'compare', '--json'], many)) as { variants: readonly unknown[] };
  if (shown.variants.length !== MANY) throw new Error(`copse compare shows ${shown.variants.length} variants`);
  const cold = async (place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Promise<number> => {
    await rm(join(place.cwd, '.git', 'copse', 'v1', 'cache'), { recursive: true, force: true });
    return timeOf(node, [main, 'compare'], place);
  };
  const taken = await interleave(ROUNDS, { floor: () => cold(few), ours: () => cold(many) });
  return [
    {
      what: `copse compare of ${MANY} variants, nothing known`,
      unit: 'ms',
      floor: { name: `of ${FEW}`, value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 6 },
      rounds: ROUNDS,
    },
  ];
};

/** Each variant has a file of its own, shares one with nine others, and every tenth does what its neighbour does. */
async function withVariants(lab: Lab, count: number): Promise<string> {
  const root = await lab.repository(`variants-${count}`, smallProject());
  const made = await sketchRun(await openHere(root), {
    name: 'ui',
    variants: Array.from({ length: count }, (_, n) => `v${n + 1}`),
    target: 'main',
    portRegistry: join(lab.folder, 'ports'),
  });
  for (const [n, { path, name }] of made.entries()) {
    const like = n % 10 === 9 ? n - 1 : n;
    await writeFile(join(path, `src/own-${like}.ts`), `export const own = ${like};\n`);
    await writeFile(join(path, `src/shared-${Math.floor(n / 10)}.ts`), `export const by = ${like};\n`);
    await lab.git(path, 'add', '-A');
    await lab.git(path, 'commit', '-q', '-m', `Work of ${name}`);
  }
  return root;
}
