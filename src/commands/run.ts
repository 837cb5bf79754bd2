import { constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { recoverFirst } from '../repository/recover-first.ts';
import { startedJson } from '../view/run/started-json.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { beyondAgent } from './run/agent-room.ts';
import { asYaml, type DrawnUp, drawUp, PLANNING_OPTIONS, planningShape, soundPlan } from './run/planning.ts';
import { requireTrust } from './run/require-trust.ts';
import { startCommand } from './run/start-command.ts';
import { start } from './run/start-planned.ts';
import { STOP_ON_EXIT, watchRun } from './run/watch-run.ts';
import { tellPlanted } from './tell-planted.ts';

export const command = defineCommand({
  description:
    'Gives each variant its own worktree and branch, starts an isolated headless Claude Code in each and shows their progress. The run continues when the terminal closes. Your checkout is not touched.',
  examples: [
    { line: 'copse run', does: 'all variants of variants.yaml' },
    { line: 'copse run dark light', does: 'these, and what they need' },
    { line: 'copse run --prompt "Speed up the search" --count 3', does: 'without a file' },
    { line: 'copse run --prompt "Fix the flaky test" --models opus,sonnet', does: 'one variant per model' },
    { line: 'copse run --detach', does: "in the background; prints the run's id" },
  ],
  arguments: { variant: 'variants of the file (default: all)' },
  options: {
    ...PLANNING_OPTIONS,
    save: { kind: 'flag', summary: 'also write the variants to variants.yaml', group: 'Without a file' },
    detach: { kind: 'flag', alias: 'd', summary: 'start it in the background and return' },
    unattended: { kind: 'flag', summary: 'nobody watches: continue at the reset what a rate limit ends, as with --detach' },
    trust: { kind: 'text', summary: 'approve what the repository runs, by the hash that plan shows' },
    'stop-on-exit': STOP_ON_EXIT,
    json: { ...JSON_OPTION, summary: 'print events as JSON lines; with --detach one line' },
  },
  schema: z.strictObject({
    ...planningShape(),
    save: z.boolean(),
    detach: z.boolean(),
    unattended: z.boolean(),
    'stop-on-exit': z.boolean(),
    trust: z.optional(z.string()),
    json: z.boolean(),
  }),
  async run(options, context) {
    const first = await drawUp(options, context);
    tellPlanted(context);
    // An interrupted merge leaves a checkout that is behind its branch: facts gathered from it do not count.
    const drawn = (await recoverFirst(first.here, context)) ? await drawUp(options, context) : first;
    const line = startCommand(options);
    const beyond = drawn.result.plan === null ? null : await beyondAgent(drawn, drawn.result.plan, options, line, context);
    if (beyond !== null) throw beyond;
    const plan = soundPlan(drawn.result);
    if (options.save) await save(drawn, context);
    for (const warning of plan.warnings) context.stderr.write(`${warning}\n`);
    await requireTrust(plan, options.trust, line, context);
    const { run } = await start(drawn, plan, line, context);
    if (options.detach) {
      const started = startedJson(
        run,
        plan.variants.map(({ name }) => name),
        plan.totalBudgetUsd,
      );
      context.stdout.write(options.json ? `${JSON.stringify(started)}\n` : `${run}\n`);
      return EXIT.ok;
    }
    return watchRun({ here: drawn.here, run, owner: true, stopOnExit: options['stop-on-exit'], json: options.json }, context);
  },
});

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
      why: error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'The file already exists.' : String(error),
      hint: 'Omit --save, or remove the old file.',
      cause: error,
    });
  }
  context.stderr.write(`Saved as ${settings.variantsFile.value}.\n`);
}
