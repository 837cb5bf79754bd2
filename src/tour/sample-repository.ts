import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { ambientEnvironment, baseEnvironment, type Environment } from '../system/environment.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { SAMPLE_FILES } from './sample-files.ts';

export interface SampleRepository {
  readonly root: string;
  readonly variantsFile: string;
}

/** Makes the tour's repository in `dir` (made if missing): one commit on `main`, nothing of the person's git configuration in it. */
export async function createSampleRepository(dir: string): Promise<SampleRepository> {
  for (const { path, text } of SAMPLE_FILES) {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const env: Environment = {
    ...baseEnvironment(ambientEnvironment()),
    // A template or hook of the person's would run in the sample.
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Tide Table',
    GIT_AUTHOR_EMAIL: 'tide@example.com',
    GIT_COMMITTER_NAME: 'Tide Table',
    GIT_COMMITTER_EMAIL: 'tide@example.com',
  };
  await git(dir, env, ['init', '-q', '-b', 'main']);
  await git(dir, env, ['add', '-A']);
  await git(dir, env, ['commit', '-q', '-m', 'Show the tides of the next days']);
  return { root: dir, variantsFile: join(dir, 'variants.yaml') };
}

async function git(cwd: string, env: Environment, args: readonly string[]): Promise<void> {
  const { exitCode, startError, stderr } = await runCommand('git', args, { cwd, env });
  if (exitCode === 0) return;
  throw new CopseError({
    code: 'sample-repository',
    what: 'The sample repository could not be created.',
    why: startError ?? stderr.toString('utf8').trim(),
    hint: 'See what is missing: copse doctor',
  });
}
