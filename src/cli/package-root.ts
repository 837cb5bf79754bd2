import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the installed package: this code lies in its `dist/` when bundled, in `src/` when run from source. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('copse has lost its package.json');
    folder = parent;
  }
  return folder;
}

/** The file that starts this very copse. */
export function mainFile(): string {
  const here = fileURLToPath(import.meta.url);
  const root = packageRoot();
  return here.startsWith(join(root, 'dist')) ? join(root, 'dist/main.js') : join(root, 'src/main.ts');
}
