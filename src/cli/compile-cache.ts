import { join } from 'node:path';

/**
 * Where compiled code is kept between starts; null if there is no home. Node's own default is one folder in /tmp for
 * all users, and a second user's copse fails on it.
 */
export function compileCacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const own = environment['XDG_CACHE_HOME'];
  if (own?.startsWith('/')) return join(own, 'copse', 'compiled');
  const home = environment['HOME'];
  if (!home?.startsWith('/')) return null;
  return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'copse', 'compiled');
}
