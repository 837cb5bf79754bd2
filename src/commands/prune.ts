import * as z from 'zod/mini';
import { portRegistry } from '../config/port-registry.ts';
import { readSettings } from '../config/read-configuration.ts';
import { loadSettings } from '../config/settings/load-settings.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { PruneOutcome } from '../model/reports/prune-report.ts';
import type { SourcedSettings } from '../model/settings.ts';
import { forgetExpiredRuns } from '../prune/expired-runs.ts';
import { freeScratch, takeBackHalfMade } from '../prune/leftovers/tidy.ts';
import { type LookOptions, planPrune } from '../prune/plan-prune.ts';
import { prune, stoppedAt } from '../prune/prune.ts';
import { freeExpired, freeTrash, trashNow } from '../prune/trash-now.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { lookAtRuns, type RunReport } from '../repository/read-runs.ts';
import { recoverFirst, tellOpen } from '../repository/recover-first.ts';
import { pruneJson } from '../view/landing/prune-json.ts';
import { freedText, freeQuestion, pruneOutcomeText, pruneQuestion, pruneText, trashText } from '../view/landing/prune-text.ts';
import { progressLine } from '../view/landing/prune-words.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { durationText, someText } from './option-values.ts';
import { pruneLine } from './prune/prune-line.ts';
import { missingNames, scopeOf } from './prune/read-scope.ts';
import { forReader, refuseAgent } from './refuse-agent.ts';
import { tellPlanted } from './tell-planted.ts';
import { withWaitLine } from './wait-line.ts';

const schema = z.strictObject({
  variant: z.array(z.string()),
  run: z.optional(someText('a run')),
  all: z.boolean(),
  older: z.optional(durationText()),
  others: z.boolean(),
  fetch: z.boolean(),
  purge: z.boolean(),
  'skip-teardown': z.boolean(),
  'dry-run': z.boolean(),
  yes: z.boolean(),
  json: z.boolean(),
});
type Options = z.infer<typeof schema>;

export const command = defineCommand({
  description:
    'Shows what is done, asks, then removes finished worktrees and branches: those that landed on the target (also by squash) with nothing uncommitted, and those without commits of their own. Everything else is kept unless you name it. Removed work goes to the trash; copse undo restores it, including ignored files.',
  examples: [
    { line: 'copse prune', does: 'what is done, after asking' },
    { line: 'copse prune light', does: 'this variant, landed or not' },
    { line: 'copse prune --run ui --yes', does: 'all of a run' },
    { line: 'copse prune --others --fetch', does: 'also worktrees and branches that copse did not create' },
    { line: 'copse prune --purge', does: 'empty the trash' },
  ],
  arguments: { variant: 'variants to remove, landed or not; with --others also branches and worktrees' },
  options: {
    run: { kind: 'text', summary: 'all variants of this run, landed or not' },
    all: { kind: 'flag', summary: 'all finished variants, landed or not' },
    older: { kind: 'text', summary: 'only what has not changed for this long, e.g. 30d' },
    others: { kind: 'flag', summary: 'also worktrees and branches that copse did not create' },
    fetch: { kind: 'flag', summary: 'fetch the remote first, and ask gh for merged pull requests' },
    purge: { kind: 'flag', summary: 'delete permanently: what this command removes, or (alone) the whole trash' },
    'skip-teardown': { kind: 'flag', summary: 'skip the teardown commands' },
    'dry-run': { kind: 'flag', alias: 'n', summary: 'only show what would be removed' },
    yes: { kind: 'flag', alias: 'y', summary: 'do not ask' },
    json: JSON_OPTION,
  },
  schema,
  async run(options, context) {
    const { environment } = context;
    if (!options['dry-run']) {
      if (options.purge) refuseAgent(context, { what: 'An agent cannot delete anything permanently.' });
      if (options['skip-teardown']) refuseAgent(context, { what: 'An agent cannot skip the teardown commands.' });
    }
    const here = await openHere(context.cwd);
    tellPlanted(context);
    const settings = await readSettings({ root: here.repository.here, environment });
    const began = context.clock.now();
    const stop = new AbortController();
    let stopped: ExitCode = EXIT.interrupted;
    const release = context.onSignal((signal) => {
      stopped = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
      stop.abort();
    });
    try {
      if (options['dry-run']) await tellOpen(here, context);
      else await recoverFirst(here, context);
      if (options.purge && !selects(options)) return await purgeAll(here, options, context);
      return await look(here, settings, options, stop.signal, context);
    } catch (error) {
      if (!(stop.signal.aborted && isStopped(error))) throw error;
      context.stderr.write(STOPPED[await stoppedAt(here.store, began)]);
      return stopped;
    } finally {
      release();
    }
  },
});

/** Whether an error only says that a signal stopped what it comes from: in a terminal Ctrl-C also reaches the git that is at work. */
function isStopped(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || (error instanceof CopseError && error.code === 'git-ended'));
}

const STOPPED = {
  nothing: 'Stopped. Nothing was removed.\n',
  open: 'Stopped while removing. Finish it:\n  copse doctor --fix\n',
  done: 'Too late to stop: what was removed is in the trash. See it: copse undo --list\n',
};

/** Whether anything is meant besides the trash. */
function selects(options: Options): boolean {
  return options.variant.length > 0 || options.run !== undefined || options.all || options.others;
}

async function look(
  here: Here,
  settings: SourcedSettings,
  options: Options,
  signal: AbortSignal,
  context: Context,
): Promise<ExitCode> {
  const { runs, unreadable } = await lookAtRuns(here.store);
  for (const { id, error } of unreadable) context.stderr.write(`Run ${id} cannot be read: ${error.message}\n`);
  const lookOptions: LookOptions = {
    ...here,
    runs,
    scope: await scopeOf(here, options),
    // A file of the repository says nothing about worktrees that copse did not make.
    disposable: (await loadSettings({ root: null, environment: context.environment, flags: {} })).settings.disposable.value,
    skipTeardown: options['skip-teardown'],
    fetch: options.fetch,
    now: context.clock.now(),
    environment: context.environment,
    signal,
  };
  const looked = await withWaitLine(context, 'Looking at worktrees and branches …', (say) =>
    planPrune({ ...lookOptions, tell: (progress) => say(progressLine(progress)) }),
  );
  const plan = { ...looked, rows: forReader(looked.rows, context), notes: forReader(looked.notes, context) };
  const goes = plan.rows.some(({ verdict }) => verdict.kind === 'goes');
  if (!options.json && plan.rows.length + plan.notes.length > 0) {
    context.stdout.write(`${pruneText(plan, context.screen('stdout'))}\n`);
  }
  const missing = await missingNames(here, options, plan);
  if (missing !== null) throw missing;
  if (options['dry-run'] || !goes) {
    if (options.json) context.stdout.write(`${JSON.stringify(pruneJson(plan, null))}\n`);
    else if (!goes) context.stderr.write('Nothing to remove.\n');
    if (!options['dry-run']) await tidy(here, settings, options, runs, context);
    return EXIT.ok;
  }
  const unlanded = plan.rows.find(({ verdict }) => verdict.kind === 'goes' && verdict.losing.length > 0);
  if (unlanded !== undefined)
    refuseAgent(context, {
      what: `An agent cannot remove ${unlanded.name}: it has work that is not on its target.`,
      why: 'Without names, prune removes only what is done.',
    });
  if (!options.yes && !(await confirmed(pruneQuestion(plan), options, context))) return EXIT.ok;
  const done = await prune({
    ...lookOptions,
    plan,
    clock: context.clock,
    command: pruneLine(options),
    portRegistry: portRegistry(context.environment, here.store),
    keepTrashMs: settings.keepTrashMs.value,
  });
  const tidied = await tidy(here, settings, options, runs, context);
  const outcome = { ...done.outcome, freedBytes: done.outcome.freedBytes + tidied };
  const last =
    options.purge && done.operation !== null
      ? await purged({ ...here, clock: context.clock }, outcome, done.operation.id)
      : outcome;
  if (options.json) context.stdout.write(`${JSON.stringify(pruneJson(plan, last))}\n`);
  else context.stdout.write(`${pruneOutcomeText(last, context.screen('stdout'))}\n`);
  return last.kept.length > 0 && last.removed.length === 0 ? EXIT.precondition : EXIT.ok;
}

async function purged(
  here: Here & { readonly clock: Context['clock'] },
  outcome: PruneOutcome,
  operation: string,
): Promise<PruneOutcome> {
  const freed = await freeTrash(here, [operation]);
  const notes = [...outcome.notes, ...freed.kept];
  return {
    ...outcome,
    purged: freed.kept.length === 0,
    freedBytes: outcome.freedBytes + freed.bytes,
    retainedBytes: 0,
    keptUntil: null,
    notes,
  };
}

/** Asks; without a terminal to ask on, refuses with what to type. */
async function confirmed(question: string, options: Options, context: Context): Promise<boolean> {
  if (context.interactive && context.agent === null && !options.json) {
    if (/^y(es)?$/i.test((await context.ask(question)).trim())) return true;
    context.stderr.write('Nothing was removed.\n');
    return false;
  }
  throw new CopseError({
    code: 'not-confirmed',
    exit: EXIT.precondition,
    what: 'Nothing was removed.',
    why: options.json ? '--json does not ask.' : 'There is no terminal to ask on.',
    hint: `If that is what you want: ${pruneLine(options)} --yes`,
  });
}

/** Removes what needs no question: expired trash, incomplete worktrees, unused scratch worktrees. Returns the bytes that this freed. */
async function tidy(
  here: Here,
  settings: SourcedSettings,
  options: Options,
  runs: readonly RunReport[],
  context: Context,
): Promise<number> {
  const o = { ...here, clock: context.clock, portRegistry: portRegistry(context.environment, here.store) };
  const expired = await freeExpired(o, { files: settings.keepTrashMs.value, commits: settings.keepCommitsMs.value });
  const half = await takeBackHalfMade(
    o,
    runs.map(({ state, paths, alive }) => ({ run: state.id, paths, alive })),
  );
  for (const name of half.taken) context.stderr.write(`Cleaned up the incomplete worktree of ${name}.\n`);
  const forgotten = await forgetExpiredRuns({ ...o, runs, afterMs: settings.keepCommitsMs.value });
  if (forgotten.length > 0) context.stderr.write(`Deleted the records of old runs: ${forgotten.join(', ')}.\n`);
  const needed =
    !options.all &&
    (await lookAtRuns(here.store)).runs.some(({ state }) => state.variants.some((v) => v.created !== null && v.removed === null));
  const scratch = needed ? { bytes: 0, refused: [] } : await freeScratch(o);
  for (const sentence of [...expired.kept, ...half.refused, ...scratch.refused]) context.stderr.write(`${sentence}\n`);
  return expired.bytes + scratch.bytes;
}

async function purgeAll(here: Here, options: Options, context: Context): Promise<ExitCode> {
  const trash = await trashNow(here.store);
  if (trash.operations.length === 0) {
    if (options.json) context.stdout.write(`${JSON.stringify(pruneJson({ rows: [], notes: [] }, null))}\n`);
    else context.stderr.write('The trash is empty.\n');
    return EXIT.ok;
  }
  if (!options.json) context.stdout.write(`${trashText(trash)}\n`);
  if (options['dry-run']) return EXIT.ok;
  if (!options.yes && !(await confirmed(freeQuestion(trash), options, context))) return EXIT.ok;
  const freed = await freeTrash({ ...here, clock: context.clock }, trash.operations);
  if (options.json) {
    const nothing = { operation: null, removed: [], kept: [], retainedBytes: 0, keptUntil: null, purged: true };
    context.stdout.write(
      `${JSON.stringify(pruneJson({ rows: [], notes: freed.kept }, { ...nothing, freedBytes: freed.bytes, notes: [] }))}\n`,
    );
  } else context.stdout.write(`${freedText(freed, context.screen('stdout'))}\n`);
  return EXIT.ok;
}
