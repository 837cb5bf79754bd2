import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../system/files.ts';

/** Renames the file to a name that is free; that name, or null if there is no file. */
export async function keepOldFile(root: string, path: string): Promise<string | null> {
  for (let n = 1; ; n += 1) {
    const aside = `${path}.old${n === 1 ? '' : `-${n}`}`;
    if (await exists(join(root, aside))) continue;
    if (!(await exists(join(root, path)))) return null;
    await rename(join(root, path), join(root, aside));
    return aside;
  }
}
