import { constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import { launcherOf } from '../run/launcher.ts';
import { startRun } from '../run/start-run.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { asYaml, type DrawnUp, drawUp, PLANNING_OPTIONS, planningShape } from './planning.ts';
import { requireTrust } from './require-trust.ts';
import { watchRun } from './watch-run.ts';

export const command = defineCommand({
  description:
    'Gives each variant a worktree and a branch, starts an isolated headless Claude Code in each and shows how they get on. The run goes on when the terminal closes. Your checkout is not touched.',
  examples: [
    { line: 'copse run', does: 'all variants of variants.yaml' },
    { line: 'copse run dark light', does: 'these, and what they need' },
    { line: 'copse run --prompt "Speed up the search" --count 3', does: 'without a file' },
    { line: 'copse run --prompt "Fix the flaky test" --models opus,sonnet', does: 'one variant per model' },
    { line: 'copse run --detach', does: "in the background; prints the run's id" },
  ],
  arguments: { variant: 'variants of the file; without one all' },
  options: {
    ...PLANNING_OPTIONS,
    save: { kind: 'flag', summary: 'write the variants as variants.yaml too', group: 'Without a file' },
    detach: { kind: 'flag', alias: 'd', summary: 'start it and come back at once' },
    trust: { kind: 'text', summary: 'approve what the repository wants to run, by the hash that plan shows' },
    json: { ...JSON_OPTION, summary: 'print events as JSON lines' },
  },
  schema: z.strictObject({
    ...planningShape(),
    save: z.boolean(),
    detach: z.boolean(),
    trust: z.optional(z.string()),
    json: z.boolean(),
  }),
  async run(options, context) {
    const drawn = await drawUp(options, context);
    const plan = sound(drawn.result);
    if (options.save) await save(drawn, context);
    for (const warning of plan.warnings) context.stderr.write(`${warning}\n`);
    await requireTrust(plan, options.trust, context);
    const { run } = await start(drawn, plan, context);
    if (options.detach) {
      context.stdout.write(`${run}\n`);
      return EXIT.ok;
    }
    return watchRun({ here: drawn.here, run, owner: true, json: options.json }, context);
  },
});

function start(drawn: DrawnUp, plan: Plan, context: Context): ReturnType<typeof startRun> {
  const replan = async (run: string): Promise<Plan> => {
    if (run === plan.run) return plan;
    const again = sound(await drawn.again(run));
    // What was approved, or shown, is what runs: only the names may differ.
    if (again.trust.hash === plan.trust.hash && again.base.commit === plan.base.commit) return again;
    throw new CopseError({
      code: 'plan-changed',
      exit: EXIT.precondition,
      what: 'The repository changed while the run was starting.',
      hint: 'Start again: copse run',
    });
  };
  return startRun(drawn.here, { name: plan.name, first: plan.run }, replan, launcherOf(context));
}

/** The plan where nothing is in the way; else throws all that is, with the most telling exit code. */
function sound({ plan, problems }: { readonly plan: Plan | null; readonly problems: readonly Problem[] }): Plan {
  if (plan !== null && problems.length === 0) return plan;
  throw planError(problems);
}

/** One error for all problems of a plan. A single one speaks for itself. */
export function planError(problems: readonly Problem[]): CopseError {
  const [first] = problems;
  const exits = new Set(problems.map((problem) => problem.exit ?? EXIT.usage));
  const exit: ExitCode = exits.size === 1 ? (first?.exit ?? EXIT.usage) : exits.has(EXIT.usage) ? EXIT.usage : EXIT.precondition;
  if (problems.length === 1 && first !== undefined && first.position === undefined) {
    return new CopseError({
      code: 'cannot-run',
      exit,
      what: first.what,
      ...(first.why === undefined ? {} : { why: first.why }),
      ...(first.fix === undefined ? {} : { hint: first.fix }),
    });
  }
  return new CopseError({ code: 'cannot-run', exit, what: `${problems.length} things are in the way; nothing was created.`, problems });
}

async function save({ file, here, settings }: DrawnUp, context: Context): Promise<void> {
  if (file.path !== null) return;
  const path = join(here.repository.here, settings.variantsFile.value);
  try {
    await writeFile(path, asYaml(file), { flag: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL });
  } catch (error) {
    throw new CopseError({
      code: 'not-saved',
      exit: EXIT.precondition,
      what: `${settings.variantsFile.value} cannot be written.`,
      why: error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'There is one already.' : String(error),
      hint: 'Leave --save out, or take the old file away.',
      cause: error,
    });
  }
  context.stderr.write(`Saved as ${settings.variantsFile.value}.\n`);
}
