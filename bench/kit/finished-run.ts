import { join } from 'node:path';
import { fakeClaude, WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { type Lab, smallProject } from './lab.ts';
import { run } from './processes.ts';

export const VARIANTS: readonly string[] = ['dark', ...Array.from({ length: 19 }, (_, n) => `variant-${n + 2}`)];

const runs = new WeakMap<Lab, Promise<string>>();

/** A small repository with a finished run `ui` of 20 variants, made by copse itself; one for all rows that ask. Its root. */
export function finishedRun(lab: Lab): Promise<string> {
  const before = runs.get(lab);
  if (before !== undefined) return before;
  const making = make(lab);
  runs.set(lab, making);
  return making;
}

async function make(lab: Lab): Promise<string> {
  const root = await lab.repository('finished', [...smallProject(), ['variants.yaml', variantsFile('ui', VARIANTS)]]);
  const bin = await fakeClaude(join(lab.folder, 'finished', 'bin'), WRITES_A_FILE);
  const [program, main] = lab.copse;
  const env = { ...lab.env, PATH: `${bin}:${lab.env['PATH']}` };
  await run(program, [main, 'run', '--concurrency', '4'], { cwd: root, env });
  return root;
}

export function variantsFile(name: string, variants: readonly string[]): string {
  return `name: ${name}\nprompt: Rework the theme.\nvariants:\n${variants.map((variant) => `  ${variant}: As ${variant}.\n`).join('')}`;
}

/** Where the worktree of a variant of `finishedRun` is. */
export function worktreeOf(root: string, variant: string): string {
  return join(`${root}.worktrees`, `ui-${variant}`);
}
