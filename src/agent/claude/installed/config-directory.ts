import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../../system/environment.ts';

/** Where the person's Claude Code keeps settings, credentials and memory: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function claudeConfigDirectory(environment: Environment): string {
  const named = environment['CLAUDE_CONFIG_DIR'];
  if (named !== undefined && isAbsolute(named)) return named;
  return join(homeOf(environment), '.claude');
}

/** Claude Code's state file; a console login leaves its key there. */
export function claudeStateFile(environment: Environment): string {
  const named = environment['CLAUDE_CONFIG_DIR'];
  return join(named !== undefined && isAbsolute(named) ? named : homeOf(environment), '.claude.json');
}

export function homeOf(environment: Environment): string {
  const home = environment['HOME'];
  return home !== undefined && isAbsolute(home) ? home : homedir();
}
