import { readTextIfExists } from '../../system/files.ts';
import { parseConfigRecords, splitKey } from './git-config.ts';
import { shadowPaths } from './shadow-directory.ts';
import { gitEnvironment, spawnGit } from './spawn-git.ts';

/**
 * Keys of the repository's configuration that name a program and were not there, or not so, when the run began. copse's own
 * git did not run them; the person's would. Returns none if the configuration was not recorded then.
 */
export async function plantedPrograms(commonDir: string, gitDir: string): Promise<string[]> {
  const before = shadowPaths(commonDir, gitDir).config;
  if ((await readTextIfExists(before)) === null) return [];
  const [was, is] = await Promise.all([programs(before), programs(`${commonDir}/config`)]);
  return [...is].filter(([key, values]) => was.get(key) !== values).map(([key]) => key);
}

async function programs(file: string): Promise<Map<string, string>> {
  const { stdout, exitCode } = await spawnGit(['config', '--file', file, '--no-includes', '--list', '-z'], {
    cwd: '/',
    env: gitEnvironment(),
    ok: [0, 1, 128],
  });
  const found = new Map<string, string>();
  if (exitCode !== 0) return found;
  for (const [key, value] of parseConfigRecords(stdout)) {
    if (namesProgram(key)) found.set(key, `${found.get(key) ?? ''}\n${value ?? ''}`);
  }
  return found;
}

/** Only keys that the shadow's copy keeps as well can be compared; the others were never ours to know. */
function namesProgram(key: string): boolean {
  const { section, name } = splitKey(key);
  if (section === 'filter') return ['clean', 'smudge', 'process'].includes(name);
  if (section === 'diff') return ['command', 'textconv', 'external'].includes(name);
  if (section === 'merge') return name === 'driver';
  return section === 'credential' && name === 'helper';
}
