import { plantedHere } from '../repository/git-audit.ts';
import type { Context } from './command.ts';

/** Names what agents planted in the shared git directory, which nothing that copse does then uses. After the repository was opened. */
export function tellPlanted({ stderr }: Pick<Context, 'stderr'>): void {
  const sentence = plantedHere();
  if (sentence !== null) stderr.write(`${sentence}\n`);
}
