import { join } from 'node:path';
import { loadVariantsFile } from '../../src/config/variants/load-variants-file.ts';
import type { Problem } from '../../src/model/errors.ts';
import type { VariantsFile } from '../../src/model/variants-file.ts';
import { folderOf } from './folder-of.ts';

/** The problems of a variants file of this text; fails if it loads. */
export async function variantsProblems(
  text: string | Uint8Array,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly Problem[]> {
  const root = await folderOf({ 'variants.yaml': text, ...others });
  const loaded = await loadVariantsFile(join(root, 'variants.yaml'), { root });
  if (loaded.ok) throw new Error(`expected problems, got ${JSON.stringify(loaded.file)}`);
  return loaded.problems;
}

/** The variants file of this text; fails with its problems if it does not load. */
export async function variantsFile(text: string, others: Readonly<Record<string, string>> = {}): Promise<VariantsFile> {
  const root = await folderOf({ 'variants.yaml': text, ...others });
  const loaded = await loadVariantsFile(join(root, 'variants.yaml'), { root });
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => `${problem.path}: ${problem.what}`).join('\n'));
  return loaded.file;
}

/** `4:12 defaults.modle`: where each problem is. */
export function places(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ position, path }) => `${position?.line}:${position?.column} ${path ?? ''}`.trim());
}

/** All sentences of the problems as one text. */
export function sentences(problems: readonly Problem[]): string {
  return problems.map(({ what, fix }) => `${what} ${fix ?? ''}`.trim()).join('\n');
}
