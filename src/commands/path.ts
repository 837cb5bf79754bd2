import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { readableStore } from '../repository/current-repository.ts';
import { findVariant } from '../repository/find-variant.ts';
import { requireSafeWorktree } from '../repository/safe-worktree.ts';
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
    const { run, variant } = await findVariant(await readableStore(context.cwd), options.variant);
    const { path, notes } = await requireSafeWorktree(run.paths.commonDir, variant);
    for (const note of notes) context.stderr.write(`${note}\n`);
    context.stdout.write(`${path}\n`);
    return EXIT.ok;
  },
});
