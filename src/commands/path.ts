import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { readableStore } from '../repository/current-repository.ts';
import { findVariant } from '../repository/find-variant.ts';
import { requireWorktree } from '../repository/require-worktree.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  description: 'Prints the path of the worktree of a variant, and nothing else.',
  examples: [
    { line: 'cd "$(copse path dark)"', does: 'go there' },
    { line: 'code "$(copse path ui-2/dark)"', does: 'open it in an editor' },
  ],
  arguments: { variant: 'dark, or ui-2/dark' },
  options: {},
  schema: z.strictObject({ variant: z.string() }),
  async run(options, context) {
    const { variant } = await findVariant(await readableStore(context.cwd), options.variant);
    context.stdout.write(`${await requireWorktree(variant)}\n`);
    return EXIT.ok;
  },
});
