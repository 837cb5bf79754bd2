import { basename, dirname } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';

/** Name for `{repo}`: the checkout's folder; of a bare repository `app.git` it is `app`, of one hidden in `app/.bare` too. */
export function repositoryName({ root, bare }: Pick<Repository, 'root' | 'bare'>): string {
  const folder = basename(root);
  if (!bare) return folder;
  const name = folder.startsWith('.') ? basename(dirname(root)) : folder.replace(/\.git$/, '');
  return name === '' ? folder : name;
}
