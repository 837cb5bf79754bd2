import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { findClaude } from '../agent/claude/installed/find-claude.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Environment } from '../system/environment.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { shortLine } from '../text/plain-text.ts';

/** The name of our marketplace and, in it, of the plugin. */
const NAME = 'copse';

/** The folder of the plugin in the installed package. */
export function pluginFolder(packageRoot: string): string {
  return join(packageRoot, 'plugin');
}

/** Adds the package as a marketplace to the person's own Claude Code, and installs its plugin. Both survive being repeated. */
export async function installPlugin(packageRoot: string, environment: Environment, cwd: string): Promise<void> {
  const claude = await requireClaude(environment);
  await access(join(packageRoot, '.claude-plugin', 'marketplace.json'));
  // One that is known already keeps its old folder, which an update of copse may have moved.
  await run([claude, 'plugin', 'marketplace', 'add', packageRoot], environment, cwd);
  await run([claude, 'plugin', 'install', `${NAME}@${NAME}`], environment, cwd);
}

export async function uninstallPlugin(environment: Environment, cwd: string): Promise<void> {
  const claude = await requireClaude(environment);
  await run([claude, 'plugin', 'uninstall', `${NAME}@${NAME}`], environment, cwd);
  await run([claude, 'plugin', 'marketplace', 'remove', NAME], environment, cwd);
}

async function requireClaude(environment: Environment): Promise<string> {
  const claude = await findClaude(environment);
  if (claude !== null) return claude;
  throw new CopseError({
    code: 'agent-missing',
    exit: EXIT.agent,
    what: 'Claude Code is not installed, or not on PATH.',
    hint: 'Install it, then repeat the command: https://docs.claude.com/en/docs/claude-code',
  });
}

async function run([file, ...args]: readonly [string, ...string[]], environment: Environment, cwd: string): Promise<void> {
  const { exitCode, stdout, stderr, startError } = await runCommand(file, args, { cwd, env: environment });
  if (exitCode === 0) return;
  throw new CopseError({
    code: 'claude-refused',
    exit: EXIT.failed,
    what: `claude ${args.join(' ')} failed.`,
    why: shortLine(
      startError ?? ([stderr, stdout].map(String).find((text) => text.trim() !== '') || 'It printed no reason.'),
      400,
    ),
  });
}
