import * as z from 'zod/mini';
import { portRegistry } from '../config/port-registry.ts';
import { isPlanApproved } from '../config/trust/plan-approval.ts';
import { isHalfLanded } from '../merge/land.ts';
import { merge } from '../merge/merge.ts';
import { type MergeTyped, mergeLine, YOUR_WORDS } from '../merge/merge-line.ts';
import type { ToMerge } from '../merge/merge-options.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { MergeMethod } from '../model/operation.ts';
import type { MergeReport } from '../model/reports/merge-report.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { findVariant } from '../repository/find-variant.ts';
import { planOf } from '../repository/plan-of.ts';
import { recoverFirst } from '../repository/recover-first.ts';
import { mergeJson } from '../view/landing/merge-json.ts';
import { mergeRefusalsText, mergeText } from '../view/landing/merge-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { CHECKS_OPTIONS, checkWords, currentChecks } from './compare/current-checks.ts';
import { someText } from './option-values.ts';
import { forReader, refuseAgent } from './refuse-agent.ts';
import { tellPlanted } from './tell-planted.ts';

const METHODS = ['squash', 'merge', 'rebase', 'ff'] as const satisfies readonly MergeMethod[];

const schema = z.strictObject({
  variant: z.array(z.string()),
  as: z.optional(z.enum(METHODS, `one of ${METHODS.join(', ')}`)),
  into: z.optional(someText('a branch')),
  message: z.optional(someText('a text that is not empty')),
  edit: z.boolean(),
  'include-uncommitted': z.boolean(),
  'no-verify': z.boolean(),
  checks: z.boolean(),
  file: z.optional(someText('a path')),
  trust: z.optional(z.string()),
  prune: z.boolean(),
  'dry-run': z.boolean(),
  json: z.boolean(),
});
type Options = z.infer<typeof schema>;

export const command = defineCommand({
  description:
    'Merges variants into the target branch. Each is merged in memory first; checks and hooks run on the result, and your signing applies. Then the branch moves once, and your files follow. If there is a conflict, a new check failure or a local file in the way, nothing moves.',
  examples: [
    { line: 'copse merge dark', does: 'as one commit, with the summary of its agent' },
    { line: 'copse merge adaptive docs', does: 'one after the other' },
    { line: 'copse merge dark --dry-run', does: 'what would happen' },
    { line: 'copse merge dark --as rebase --into release', does: 'its commits, on another branch' },
    { line: 'copse merge dark -m "Dark theme"', does: 'with your message' },
    { line: 'copse merge dark --checks', does: 'with the current checks of variants.yaml' },
    { line: 'copse merge dark --prune', does: 'and remove its worktree' },
  ],
  arguments: { variant: 'variants to merge, in this order' },
  options: {
    as: {
      kind: 'text',
      summary: 'squash: one commit (default); merge; rebase: each commit; ff: only if the target has not moved',
      choices: METHODS,
    },
    into: { kind: 'text', summary: 'branch to merge into (default: the target of the run)' },
    message: { kind: 'text', alias: 'm', summary: 'commit message' },
    edit: { kind: 'flag', alias: 'e', summary: 'edit the message first' },
    'include-uncommitted': { kind: 'flag', summary: 'commit uncommitted work in its worktree first' },
    'no-verify': { kind: 'flag', summary: 'skip checks and hooks; recorded in the commit' },
    ...CHECKS_OPTIONS,
    prune: { kind: 'flag', summary: 'then remove the worktree and branch; copse undo restores them' },
    'dry-run': { kind: 'flag', summary: 'rehearse with checks and hooks; move nothing' },
    json: JSON_OPTION,
  },
  schema,
  async run(options, context) {
    const as = options.as ?? 'squash';
    check(options, as, context);
    if (options['no-verify']) refuseAgent(context, { what: 'An agent cannot skip checks and hooks of a merge.' });
    const here = await openHere(context.cwd);
    tellPlanted(context);
    const found = await toMerge(here, options.variant);
    const variants = await withChecksOf(here, found, options, as, context);
    const merged = await mergeWith(here, variants, options, as, context);
    if (typeof merged === 'number') return merged;
    const report = forReader(merged, context);
    if (options.json) context.stdout.write(`${JSON.stringify(mergeJson(report))}\n`);
    else print(report, here, options, context);
    const exit = exitOf(report);
    const pruned = options.prune ? await clearAway(report, options, context) : EXIT.ok;
    return exit === EXIT.ok ? pruned : exit;
  },
});

/** As `copse prune` with their names: work that is on the target needs no question. */
async function clearAway({ landed, already }: MergeReport, options: Options, context: Context): Promise<ExitCode> {
  const kept = landed.filter(({ beside }) => beside !== undefined);
  for (const { label } of kept) context.stderr.write(`${label} is kept: some of its work is not in the commit.\n`);
  const variant = [...landed, ...already]
    .filter((one) => !kept.some((other) => other === one))
    .map((one) => `${one.run}/${one.variant}`);
  if (variant.length === 0) return EXIT.ok;
  const { command: prune } = await import('./prune.ts');
  const scope = { variant, all: false, others: false, fetch: false, purge: false, 'skip-teardown': false };
  return prune.run({ ...scope, 'dry-run': options['dry-run'], yes: true, json: options.json }, context);
}

function check(options: Options, as: MergeMethod, context: Context): void {
  const again = (changed: Partial<MergeTyped>): string => mergeLine(typedOf(options, as), options.variant, changed);
  if (options.variant.length === 0) {
    throw usage('No variant given.', 'Name one, for example the winner of the comparison:\n  copse compare');
  }
  if (options.message !== undefined && options.variant.length > 1 && as !== 'rebase' && as !== 'ff') {
    throw usage(
      '-m sets the message of one commit, but several variants are named.',
      `Edit each message instead:\n  ${again({ message: null, edit: true })}`,
    );
  }
  if ((as === 'rebase' || as === 'ff') && (options.edit || options.message !== undefined)) {
    throw usage(`--as ${as} keeps the messages of the commits.`, `Omit -m and -e:\n  ${again({})}`);
  }
  if (options.checks && options['no-verify']) {
    throw usage('--no-verify skips the checks that --checks selects.', `Omit one of them:\n  ${again({ noVerify: false })}`);
  }
  if (options.edit && !context.interactive) {
    throw usage(
      'There is no terminal to edit the message in.',
      `Give it with -m:\n  ${again({ message: YOUR_WORDS, edit: false })}`,
    );
  }
}

function usage(what: string, hint: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint });
}

/** In the order named, each once. */
async function toMerge(here: Here, named: readonly string[]): Promise<readonly ToMerge[]> {
  const found: ToMerge[] = [];
  for (const text of named) {
    const { run, variant } = await findVariant(here.store, text);
    const { state, paths, alive } = run;
    if (found.some((one) => one.state.id === state.id && one.name === variant.name)) continue;
    found.push({ state, paths, alive, plan: await planOf(paths), name: variant.name, label: text });
  }
  return found;
}

/** With the checks that were asked for: those of the run, or of the variants file as it is now. */
async function withChecksOf(
  here: Here,
  variants: readonly ToMerge[],
  options: Options,
  as: MergeMethod,
  context: Context,
): Promise<readonly ToMerge[]> {
  const runs = new Map(variants.map(({ plan }) => [plan.run, plan]));
  const checked = [...runs].map(([run, plan]) => ({
    plan,
    names: variants.flatMap((one) => (one.plan.run === run ? [one.name] : [])),
  }));
  const typed = mergeLine(typedOf(options, as), options.variant, { checks: [] });
  const current = await currentChecks(here, checked, options, typed, context);
  return variants.map((one) => ({ ...one, plan: current?.plans.get(one.plan.run) ?? one.plan }));
}

async function mergeWith(
  here: Here,
  variants: readonly ToMerge[],
  options: Options,
  as: MergeMethod,
  context: Context,
): Promise<MergeReport | ExitCode> {
  const { environment } = context;
  const stop = new AbortController();
  let stopped: ExitCode = EXIT.interrupted;
  let editing = false;
  const release = context.onSignal((signal) => {
    // Ctrl-C reaches copse as well as the editor, where it is an ordinary key.
    if (editing && signal === 'SIGINT') return;
    stopped = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    stop.abort();
  });
  try {
    return await merge({
      repository: here.repository,
      store: here.store,
      environment,
      portRegistry: portRegistry(environment, here.store),
      signal: stop.signal,
      variants,
      ...typedOf(options, as),
      dryRun: options['dry-run'],
      command: mergeLine(typedOf(options, as), options.variant),
      approved: (plan) => isPlanApproved(plan, environment),
      onEditor: (open) => {
        editing = open;
      },
      onProgress: (doing) => context.stderr.write(`Running ${doing}.\n`),
      onNote: (sentence) => context.stderr.write(`${sentence}\n`),
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    if (!(await isHalfLanded(here.store))) {
      context.stderr.write('Stopped. Nothing was merged.\n');
      return stopped;
    }
    // In a terminal Ctrl-C also ends the git at work. A checkout that follows only in part would look as if the merge was reverted.
    await recoverFirst(here, context);
    context.stderr.write(
      (await isHalfLanded(here.store))
        ? 'Stopped during the merge. Finish it:\n  copse doctor --fix\n'
        : 'Too late to stop. To undo it, see its id: copse undo --list\n',
    );
    return stopped;
  } finally {
    release();
  }
}

function typedOf(options: Options, as: MergeMethod): MergeTyped {
  return {
    as,
    into: options.into ?? null,
    message: options.message ?? null,
    edit: options.edit,
    includeUncommitted: options['include-uncommitted'],
    noVerify: options['no-verify'],
    checks: checkWords(options),
    prune: options.prune,
  };
}

function print(report: MergeReport, { repository: { here } }: Here, options: Options, context: Context): void {
  const labels = report.landed.map(({ label }) => label);
  const again = mergeLine(typedOf(options, report.as), labels);
  const text = mergeText(report, { ...context.screen('stdout'), commands: context.verbs, here, prunes: options.prune, again });
  if (text !== '') context.stdout.write(`${text}\n`);
  const refusals = mergeRefusalsText(report, context.screen('stderr'));
  if (refusals !== '') context.stderr.write(`${refusals}\n`);
}

/** A refusal for an earlier reason has its own exit code; a finding of the merge, or a part that was not merged, is a failure. */
function exitOf({ refused, landed, already }: MergeReport): ExitCode {
  const [first] = refused;
  if (first === undefined) return EXIT.ok;
  const alone = landed.length === 0 && already.length === 0 && refused.every(({ precondition }) => precondition);
  return alone ? EXIT.precondition : EXIT.failed;
}
