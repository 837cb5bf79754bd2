import { isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';

/** A base directory as the XDG specification has it: a relative value is ignored. null without a home. */
function baseDirectory(environment: Environment, name: string, fallback: readonly string[]): string | null {
  const chosen = environment[name];
  if (chosen !== undefined && isAbsolute(chosen)) return chosen;
  const home = environment['HOME'];
  return home !== undefined && isAbsolute(home) ? join(home, ...fallback) : null;
}

/** `$XDG_CONFIG_HOME/copse/config.yaml`: the person's settings. */
export function personConfigFile(environment: Environment): string | null {
  const directory = baseDirectory(environment, 'XDG_CONFIG_HOME', ['.config']);
  return directory === null ? null : join(directory, 'copse', 'config.yaml');
}

/** `$XDG_STATE_HOME/copse`: what copse remembers for the person, outside every repository. */
export function personStateDirectory(environment: Environment): string | null {
  const directory = baseDirectory(environment, 'XDG_STATE_HOME', ['.local', 'state']);
  return directory === null ? null : join(directory, 'copse');
}

/** `$XDG_CACHE_HOME/copse`: data that can be computed again. */
export function personCacheDirectory(environment: Environment): string | null {
  const directory = baseDirectory(environment, 'XDG_CACHE_HOME', ['.cache']);
  return directory === null ? null : join(directory, 'copse');
}
