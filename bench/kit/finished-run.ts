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
  const making = makeRun(lab, 'finished', { files: smallProject(), script: WRITES_A_FILE });
  runs.set(lab, making);
  return making;
}

/** A repository in `<lab>/<folder>` with a finished run `ui` of these variants, each doing what `script` says. Its root. */
export async function makeRun(
  lab: Lab,
  folder: string,
  o: {
    readonly files: Iterable<readonly [path: string, text: string]>;
    /** For `fakeClaude`. */
    readonly script: string;
    /** Default: {@link VARIANTS}. */
    readonly variants?: readonly string[];
    /** More of the variants file, lines with their ends. */
    readonly settings?: string;
  },
): Promise<string> {
  const variants = `${variantsFile('ui', o.variants ?? VARIANTS)}${o.settings ?? ''}`;
  const root = await lab.repository(folder, [...o.files, ['variants.yaml', variants]]);
  const bin = await fakeClaude(join(lab.folder, folder, 'bin'), o.script);
  const place = { cwd: root, env: { ...lab.env, PATH: `${bin}:${lab.env['PATH']}` } };
  const [program, main] = lab.copse;
  const { trust } = JSON.parse(await run(program, [main, 'plan', '--json'], place)) as { trust: { hash: string } };
  await run(program, [main, 'run', '--concurrency', '4', '--trust', trust.hash], place);
  return root;
}

export function variantsFile(name: string, variants: readonly string[]): string {
  return `name: ${name}\nprompt: Rework the theme.\nvariants:\n${variants.map((variant) => `  ${variant}: As ${variant}.\n`).join('')}`;
}

/** Where the worktree of a variant of `finishedRun` is. */
export function worktreeOf(root: string, variant: string): string {
  return join(`${root}.worktrees`, `ui-${variant}`);
}

/** The branch that a variant of `finishedRun` works on. */
export function branchOf(variant: string): string {
  return `ui/${variant}`;
}
