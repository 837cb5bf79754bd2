import * as z from 'zod/mini';
import { requireClosed } from '../driver/require-closed.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { VariantName } from '../model/ids.ts';
import { isGood } from '../model/run-state/run-facts.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { findVariants } from '../repository/find-variant.ts';
import { planOf } from '../repository/plan-of.ts';
import { latestRun, type RunReport } from '../repository/read-runs.ts';
import { recoverFirst } from '../repository/recover-first.ts';
import { requireApproval } from '../run/approval.ts';
import { ask } from '../run/watch/ask-supervisor.ts';
import { startedJson } from '../view/run/started-json.ts';
import { defineCommand, JSON_OPTION } from './command.ts';
import { dollars, duration, someText, wholeNumber } from './option-values.ts';
import { refuseAgent } from './refuse-agent.ts';
import { amendmentsOf } from './run/retry-amendments.ts';
import { STOP_ON_EXIT, watchRun } from './run/watch-run.ts';
import { tellPlanted } from './tell-planted.ts';

export const command = defineCommand({
  description:
    'Continues finished variants: the session resumes with your correction, or where it stopped. Without names: all variants of the latest run that did not succeed. --fresh starts a new session; earlier work is kept under refs/copse. Tools, limits and model can be changed for this and later attempts; the change is recorded with the run.',
  examples: [
    { line: 'copse retry light -m "smaller header"', does: 'continue with a correction' },
    { line: 'copse retry', does: 'all that did not succeed' },
    { line: 'copse retry ui-2/dark --fresh', does: 'from the start, in a new session' },
    { line: 'copse retry light --allow "Bash(npm install *)" --budget-usd 4', does: 'with more than its plan allows' },
  ],
  arguments: { variant: 'variants to continue, or a run' },
  options: {
    message: { kind: 'text', alias: 'm', summary: 'message to the agent' },
    fresh: { kind: 'flag', summary: 'a new session, from where the variant started' },
    allow: { kind: 'list', summary: 'also allow these tools, e.g. "Bash(npm install *)"', group: 'Change its plan' },
    'budget-usd': { kind: 'text', summary: 'maximum cost of the variant, with what it has cost', group: 'Change its plan' },
    timeout: { kind: 'text', summary: 'time limit of one attempt', group: 'Change its plan' },
    'max-turns': { kind: 'text', summary: 'maximum turns of one attempt', group: 'Change its plan' },
    model: { kind: 'text', summary: 'another model', group: 'Change its plan' },
    detach: { kind: 'flag', summary: 'start it in the background and return' },
    'stop-on-exit': STOP_ON_EXIT,
    json: { ...JSON_OPTION, summary: 'print events as JSON lines; with --detach one line' },
  },
  schema: z.strictObject({
    variant: z.array(z.string()),
    message: z.optional(someText('a text that is not empty')),
    fresh: z.boolean(),
    allow: z.array(z.string()),
    'budget-usd': z.optional(dollars()),
    timeout: z.optional(duration()),
    'max-turns': z.optional(wholeNumber({ min: 1, max: 10_000 })),
    model: z.optional(someText('a model')),
    detach: z.boolean(),
    'stop-on-exit': z.boolean(),
    json: z.boolean(),
  }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    tellPlanted(context);
    await recoverFirst(here, context);
    const groups = options.variant.length > 0 ? await findVariants(here.store, options.variant) : [await latest(here)];
    if (groups.length > 1) throw severalRuns(groups.map(({ run }) => run.state.id));
    const [group] = groups;
    if (group === undefined) throw new Error('findVariants answers for each name');
    const { run } = group;
    const names = group.names.length > 0 ? group.names : unsuccessful(run);
    const removed = run.state.variants.filter((variant) => names.includes(variant.name) && variant.removed !== null);
    if (removed.length > 0) throw wasRemoved(removed);
    const plan = await planOf(run.paths);
    await requireApproval(plan, context.environment);
    const loose = plan.variants.some(({ name, isolation }) => names.includes(name) && isolation === 'bypass');
    if (loose && options.message !== undefined)
      refuseAgent(context, { what: 'An agent cannot tell an agent what to do that runs without isolation.' });
    const amendments = await amendmentsOf(options, { plan, run, names }, context);
    await requireClosed(run.paths, names);
    const attempt = options.fresh ? 'fresh' : options.message === undefined ? 'continue' : 'correction';
    const body = { kind: 'retry', variants: names, attempt, message: options.message ?? null, ...amendments } as const;
    const answer = await ask(here.store, run.paths, run.state.id, body, context);
    if (!options.json) context.stderr.write(`${run.state.id}: ${answer.detail}\n`);
    if (options.detach) {
      const started = startedJson(run.state.id, names, run.state.totalBudgetUsd);
      context.stdout.write(options.json ? `${JSON.stringify(started)}\n` : `${run.state.id}\n`);
      return EXIT.ok;
    }
    const watched = {
      here,
      run: run.state.id,
      owner: true,
      stopOnExit: options['stop-on-exit'],
      json: options.json,
      judged: names,
      afterSeq: run.state.lastSeq,
    };
    return watchRun(watched, context);
  },
});

async function latest(here: Here): Promise<{ readonly run: RunReport; readonly names: readonly VariantName[] }> {
  return { run: await latestRun(here.store), names: [] };
}

function unsuccessful(run: RunReport): readonly VariantName[] {
  const names = run.state.variants
    .filter((variant) => variant.phase.kind === 'finished' && !isGood(variant) && variant.removed === null)
    .map((v) => v.name);
  if (names.length > 0) return names;
  throw new CopseError({
    code: 'nothing-to-retry',
    exit: EXIT.precondition,
    what: `Run ${run.state.id} has nothing to retry.`,
    why: 'Each of its variants succeeded or is not finished.',
    hint: `To correct one that succeeded, name it: copse retry ${run.state.variants[0]?.name ?? 'dark'} -m "…"`,
  });
}

/** Its worktree and the session's files are in the trash: a retry would begin from nothing. */
function wasRemoved(removed: readonly VariantState[]): CopseError {
  const names = removed.map(({ name }) => name).join(', ');
  return new CopseError({
    code: 'removed',
    exit: EXIT.precondition,
    what: `${names} ${removed.length === 1 ? 'was' : 'were'} removed, so there is nothing to continue.`,
    why: removed.every((variant) => variant.removed?.purged === true) ? 'The files are deleted.' : 'The work is in the trash.',
    hint: `Restore it first: copse undo ${removed[0]?.removed?.operation ?? ''}`.trim(),
  });
}

function severalRuns(ids: readonly string[]): CopseError {
  return new CopseError({
    code: 'several-runs',
    exit: EXIT.usage,
    what: `These variants belong to ${ids.length} runs: ${ids.join(', ')}.`,
    why: 'One retry continues one run.',
    hint: `Retry one run at a time: copse retry ${ids[0]}/…`,
  });
}
