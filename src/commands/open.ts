import * as z from 'zod/mini';
import { type OpenWith, openVariant } from '../driver/open-variant.ts';
import { workLeft } from '../merge/work-left.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { findVariant } from '../repository/find-variant.ts';
import { planOf } from '../repository/plan-of.ts';
import { recoverFirst } from '../repository/recover-first.ts';
import { requireApproval } from '../run/approval.ts';
import { some } from '../text/lists.ts';
import { shellWord } from '../text/shell-word.ts';
import { type Context, defineCommand } from './command.ts';

type Options = { readonly claude: boolean; readonly editor: boolean; readonly shell: boolean };

export const command = defineCommand({
  description:
    'Takes a finished variant over by hand: its conversation in Claude Code, with the isolation of the run, or your editor, or a shell, in its worktree, with its PORT and COPSE_*. No agent starts there meanwhile. Afterwards copse shows what is not committed, and commits it if you say so.',
  examples: [
    { line: 'copse open dark', does: 'continue its conversation yourself' },
    { line: 'copse open dark --shell', does: 'a shell in its worktree' },
    { line: 'copse open ui-2/dark --editor', does: '$VISUAL or $EDITOR' },
  ],
  arguments: { variant: 'dark, or ui-2/dark' },
  options: {
    claude: { kind: 'flag', summary: 'its conversation in Claude Code (default)' },
    editor: { kind: 'flag', summary: 'its folder in $VISUAL or $EDITOR' },
    shell: { kind: 'flag', summary: 'a shell in its folder' },
  },
  schema: z.strictObject({ variant: z.string(), claude: z.boolean(), editor: z.boolean(), shell: z.boolean() }),
  async run(options, context) {
    const kind = kindOf(options);
    if (!context.interactive) throw noTerminal();
    const here = await openHere(context.cwd);
    await recoverFirst(here, context);
    const { run, variant } = await findVariant(here.store, options.variant);
    const { paths, state, alive } = run;
    const plan = await planOf(paths);
    await requireApproval(plan, context.environment);
    if (kind === 'claude') context.stderr.write(TRUST_DIALOG);
    const status = await openVariant({ plan, paths, state, variant }, kind, context.environment, {
      onNote: (note) => context.stderr.write(`${note}\n`),
      // The terminal sends Ctrl-C to the program as well, which knows what it means.
      signals: (forward) =>
        context.onSignal((signal) => {
          if (signal !== 'SIGINT') forward(signal);
        }),
    });
    if (status === 126 || status === 127) context.stderr.write(`The program could not be started (exit ${status}).\n`);
    const { repository } = here;
    const { clock, environment } = context;
    const one = { state, plan, paths, alive, name: variant.name, label: options.variant };
    return await settle(await workLeft({ repository, clock, environment }, one), options.variant, status as ExitCode, context);
  },
});

const TRUST_DIALOG =
  'Claude Code may ask whether you trust this folder. The answer that is selected first exits: choose Yes to continue. What an agent wrote is in it.\n';

/** Shows what the person left, and commits it if they want. */
async function settle(
  { paths, commit }: Awaited<ReturnType<typeof workLeft>>,
  label: string,
  status: ExitCode,
  context: Context,
): Promise<ExitCode> {
  if (paths.length === 0) {
    context.stderr.write(`Everything in ${label} is committed. See it: copse diff ${shellWord(label)}\n`);
    return status;
  }
  context.stderr.write(`Not committed in ${label}: ${some(paths)}.\n`);
  const answer = await context.ask('Commit this on its branch? [y/N] ');
  if (!/^y(es)?$/i.test(answer.trim())) {
    context.stderr.write(`It stays in the worktree. To merge with it: copse merge ${shellWord(label)} --include-uncommitted\n`);
    return status;
  }
  const notes = await commit();
  context.stderr.write([...notes, `See it: copse diff ${shellWord(label)}`].map((line) => `${line}\n`).join(''));
  return status;
}

function kindOf({ claude, editor, shell }: Options): OpenWith {
  if ([claude, editor, shell].filter(Boolean).length > 1) {
    throw new CopseError({
      code: 'usage',
      exit: EXIT.usage,
      what: 'Only one of --claude, --editor and --shell can be given.',
      hint: 'See the options: copse open --help',
    });
  }
  return editor ? 'editor' : shell ? 'shell' : 'claude';
}

function noTerminal(): CopseError {
  return new CopseError({
    code: 'no-terminal',
    exit: EXIT.precondition,
    what: 'copse open needs a terminal.',
    why: 'It hands a variant over to a person.',
    hint: 'Without one: copse exec dark -- git status',
  });
}
