import * as z from 'zod/mini';
import { installPlugin, pluginFolder, uninstallPlugin } from '../driver/install-plugin.ts';
import { unreachable } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Context, defineCommand } from './command.ts';

const ACTIONS = ['install', 'uninstall', 'path'] as const;

export const command = defineCommand({
  description:
    'Installs the plugin of copse into your Claude Code: a skill that writes variants, shows the plan, waits in the background and reports, and the commands /copse:try, /copse:parallel and /copse:where. It approves, widens and deletes nothing.',
  examples: [
    { line: 'copse plugin install', does: 'for all your sessions' },
    { line: 'claude --plugin-dir "$(copse plugin path)"', does: 'for one session, without installing it' },
    { line: 'copse plugin uninstall', does: 'remove it again' },
  ],
  arguments: { action: ACTIONS.join(', ') },
  options: {},
  schema: z.strictObject({ action: z.enum(ACTIONS, `one of ${ACTIONS.join(', ')}`) }),
  run: ({ action }, context) => act(action, context),
});

async function act(action: (typeof ACTIONS)[number], context: Context): Promise<ExitCode> {
  const { packageRoot, environment, cwd } = context;
  switch (action) {
    case 'path':
      context.stdout.write(`${pluginFolder(packageRoot)}\n`);
      return EXIT.ok;
    case 'install':
      await installPlugin(packageRoot, environment, cwd);
      context.stderr.write('The plugin is installed. In a new session of Claude Code: /copse:try\n');
      return EXIT.ok;
    case 'uninstall':
      await uninstallPlugin(environment, cwd);
      context.stderr.write('The plugin is removed.\n');
      return EXIT.ok;
    default:
      return unreachable(action);
  }
}
