import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { type Found, findVariant } from '../repository/find-variant.ts';
import { latestRun } from '../repository/read-runs.ts';
import { hasWorktree } from '../repository/require-worktree.ts';
import { execIn } from '../run/watch/exec-in.ts';
import { errorText } from '../view/error-text.ts';
import { defineCommand } from './command.ts';

type Attached = Parameters<typeof execIn>[4];

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
    if (program === undefined) throw usage('No command given.', 'copse exec dark -- npm test');
    if (options.all !== (options.variant === undefined)) {
      throw usage(
        options.all ? 'A variant cannot be combined with --all.' : 'No variant given.',
        'copse exec --all -- git status',
      );
    }
    const here = await openHere(context.cwd);
    let interrupted = false;
    const attached: Attached = {
      onNote: (note) => context.stderr.write(`${note}\n`),
      onRefused: (status) => context.stderr.write(`${errorText(refused(program, status), context.screen('stderr'))}\n`),
      // The terminal sends Ctrl-C to the command as well, which may have to clean up, or to live on: `python3`, `less`.
      signals: (forward) =>
        context.onSignal((signal) => {
          interrupted = true;
          if (signal !== 'SIGINT' || !context.interactive) forward(signal);
        }),
    };
    if (options.variant !== undefined) {
      const { run, variant } = await findVariant(here.store, options.variant);
      // A program's own status passes through, whatever it means there.
      return (await execIn(run.paths, variant, [program, ...rest], context.environment, attached)) as ExitCode;
    }
    let failed = false;
    for (const { run, variant } of await withWorktrees(here)) {
      // Part of the answer: in a file, what belongs to whom would be lost.
      context.stdout.write(`${variant.name}\n`);
      const status = await execIn(run.paths, variant, [program, ...rest], context.environment, attached);
      if (interrupted) return status === 0 ? EXIT.interrupted : (status as ExitCode);
      failed = status !== 0 || failed;
    }
    return failed ? EXIT.failed : EXIT.ok;
  },
});

/** Shown, not thrown: the exit code is the one that shells give. */
function refused(program: string, status: 126 | 127): CopseError {
  const found = status === 126;
  return new CopseError({
    code: 'not-a-program',
    exit: EXIT.failed,
    what: found ? `${program} cannot be run.` : `${program} was not found.`,
    why: found ? 'It is not a program, or not executable.' : 'The first word after -- names a program.',
    hint: 'For a line of shell: copse exec dark -- sh -c "npm test && npm run size"',
  });
}

async function withWorktrees(here: Here): Promise<readonly Found[]> {
  const run = await latestRun(here.store);
  const found: Found[] = [];
  for (const variant of run.state.variants) if (await hasWorktree(variant)) found.push({ run, variant });
  return found;
}

function usage(what: string, example: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint: `For example: ${example}` });
}
