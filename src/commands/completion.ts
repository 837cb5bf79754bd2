import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { defineCommand } from './command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The scripts are in `templates/completion/`; each asks `copse __complete` at a Tab. */
export const command = defineCommand({
  description:
    'Prints a completion script for commands, options, variants and runs. It asks copse itself, so it stays valid after an update.',
  examples: [
    { line: 'eval "$(copse completion bash)"', does: 'in ~/.bashrc' },
    { line: 'eval "$(copse completion zsh)"', does: 'in ~/.zshrc, after compinit' },
    { line: 'copse completion fish > ~/.config/fish/completions/copse.fish', does: 'once' },
  ],
  arguments: { shell: SHELLS.join(', ') },
  options: {},
  schema: z.strictObject({ shell: z.enum(SHELLS) }),
  async run(options, context) {
    context.stdout.write(await readFile(join(context.packageRoot, 'templates/completion', `copse.${options.shell}`), 'utf8'));
    return EXIT.ok;
  },
});
