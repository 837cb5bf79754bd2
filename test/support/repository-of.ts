import { execFileSync } from 'node:child_process';
import { hermeticEnvironment } from './environment.ts';
import { folderOf } from './folder-of.ts';

/** A repository with these files in its one commit, and the environment of a person for whom nothing is configured. */
export async function repositoryOf(
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly root: string; readonly env: Readonly<Record<string, string>> }> {
  const root = await folderOf(files);
  const env = hermeticEnvironment();
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '--allow-empty', '-m', 'first'],
  ]) {
    execFileSync('git', args, { cwd: root, env });
  }
  return { root, env };
}
