import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { timed } from './interleave.ts';
import type { Lab } from './lab.ts';

/** One git merges all pairs (`<commit> <commit>\n` each), ms; what it writes goes to a place of its own, as new each time. */
export async function mergeAll(lab: Lab, root: string, pairs: readonly string[]): Promise<number> {
  const objects = join(lab.folder, 'merged-objects');
  await mkdir(objects);
  const env = { ...lab.env, GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(root, '.git', 'objects') };
  const ms = await timed(
    () =>
      new Promise<void>((resolve, reject) => {
        const args = ['merge-tree', '--write-tree', '--stdin', '--name-only'];
        const child = spawn('git', args, { cwd: root, env, stdio: ['pipe', 'ignore', 'inherit'] });
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git merge-tree ended with ${code}`))));
        child.stdin.end(pairs.join(''));
      }),
  );
  await rm(objects, { recursive: true });
  return ms;
}
