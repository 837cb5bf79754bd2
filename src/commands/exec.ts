import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Found, findVariant } from '../run/address.ts';
import { execIn } from '../run/exec-in.ts';
import { type Here, openHere } from '../run/here.ts';
import { hasWorktree } from '../run/require-worktree.ts';
import { latestRun } from '../run/runs.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  description:
    "Runs a command in a variant's worktree, with COPSE_RUN, COPSE_VARIANT and the variant's PORT. The exit code is the command's; with --all it is 1 if any failed.",
  examples: [
    { line: 'copse exec dark -- npm run dev', does: 'on its own port' },
    { line: 'copse exec --all -- git log --oneline -3', does: 'in each variant of the latest run' },
  ],
  arguments: { variant: 'dark, or ui-2/dark', command: 'the command and its arguments' },
  options: { all: { kind: 'flag', summary: 'in every variant of the latest run that has a worktree' } },
  schema: z.strictObject({ variant: z.optional(z.string()), command: z.array(z.string()), all: z.boolean() }),
  async run(options, context) {
    const [program, ...rest] = options.command;
    if (program === undefined) throw usage('There is no command to run.', 'copse exec dark -- npm test');
    if (options.all !== (options.variant === undefined)) {
      throw usage(
        options.all ? 'A variant and --all do not go together.' : 'There is no variant to run it in.',
        'copse exec --all -- git status',
      );
    }
    const here = await openHere(context.cwd);
    if (options.variant !== undefined) {
      const { run, variant } = await findVariant(here.store, options.variant);
      // A program's own status passes through, whatever it means there.
      return (await execIn(run.paths, variant, [program, ...rest], context.environment)) as ExitCode;
    }
    let failed = false;
    for (const { run, variant } of await withWorktrees(here)) {
      context.stderr.write(`${variant.name}\n`);
      failed = (await execIn(run.paths, variant, [program, ...rest], context.environment)) !== 0 || failed;
    }
    return failed ? EXIT.failed : EXIT.ok;
  },
});

async function withWorktrees(here: Here): Promise<readonly Found[]> {
  const run = await latestRun(here.store);
  const found: Found[] = [];
  for (const variant of run.state.variants) if (await hasWorktree(variant)) found.push({ run, variant });
  return found;
}

function usage(what: string, example: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint: `For example: ${example}` });
}
