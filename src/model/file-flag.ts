import { join } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import type { Plan } from './plan.ts';

/** Looked for in this order if no variants file is named. */
export const USUAL_NAMES = ['variants.yaml', 'variants.yml', 'variants.json'] as const;

/** ` -f other.yaml` for a command that has to read the same variants file again; '' if it finds that file by itself. */
export function fileFlag({ file, repository }: Pick<Plan, 'file' | 'repository'>): string {
  if (file === null || USUAL_NAMES.some((name) => join(repository.root, name) === file)) return '';
  return ` -f ${shellWord(file)}`;
}
