import { gitEnvironment, spawnGit } from './spawn-git.ts';

const versions = new Map<string, Promise<string>>();

/** What `git version` prints; asked once as long as git is looked for in the same places. */
export function gitVersion(cwd: string): Promise<string> {
  const env = gitEnvironment();
  const key = env['PATH'] ?? '';
  const version = versions.get(key) ?? spawnGit(['version'], { cwd, env }).then(({ text }) => text);
  versions.set(key, version);
  version.catch(() => versions.delete(key));
  return version;
}
