import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { askJudge } from '../compare/ask-judge.ts';
import { checkCompared } from '../compare/check-compared.ts';
import type { CompareTarget } from '../compare/compare-target.ts';
import { gatherEvidence } from '../compare/gather-evidence.ts';
import { patchesOf } from '../compare/patches.ts';
import { outputsOf, pairPatches } from '../compare/report-parts.ts';
import { screenshotsOf } from '../compare/screenshots.ts';
import { writeReport } from '../compare/write-report.ts';
import { isPlanApproved } from '../config/trust/plan-approval.ts';
import { CopseError } from '../model/errors.ts';
import { type Criterion, RANK_ORDER } from '../model/evidence/rank.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { PlannedJudge } from '../model/plan.ts';
import type { ChecksFrom } from '../model/reports/check-changes.ts';
import type { Evidence } from '../model/reports/evidence.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { shellWord } from '../text/shell-word.ts';
import { compareJson } from '../view/compare/compare-json.ts';
import { compareMarkdown } from '../view/compare/compare-markdown.ts';
import { compareText } from '../view/compare/compare-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { compareTargets } from './compare/compare-targets.ts';
import { CHECKS_OPTIONS, type CurrentChecks, currentChecks } from './compare/current-checks.ts';
import { dollars, someText } from './option-values.ts';
import { forReader, refuseAgent } from './refuse-agent.ts';
import { tellPlanted } from './tell-planted.ts';

const DEFAULT_JUDGE_USD = 1;
const JUDGE_OPTIONS = ['judge', 'judge-model', 'judge-budget-usd'] as const;

const schema = z.strictObject({
  variant: z.array(z.string()),
  fresh: z.boolean(),
  checks: z.boolean(),
  file: z.optional(someText('a path')),
  trust: z.optional(z.string()),
  judge: z.optional(z.enum(['1', '2'], '1 or 2 rounds')),
  'judge-model': z.optional(someText('a model')),
  'judge-budget-usd': z.optional(dollars()),
  order: z.array(z.enum(RANK_ORDER, `words of ${RANK_ORDER.join(', ')}`)),
  md: z.boolean(),
  html: z.optional(someText('a file')),
  json: z.boolean(),
});
type Options = z.infer<typeof schema>;

export const command = defineCommand({
  description:
    'Compares variants: does each one work, what did it change and cost, does it merge, where do variants agree, overlap or conflict. Runs missing checks; changes nothing else.',
  examples: [
    { line: 'copse compare', does: 'the latest run' },
    { line: 'copse compare dark light', does: 'these two' },
    { line: 'copse compare ui/dark ui-2/dark', does: 'across runs' },
    { line: 'copse compare --checks', does: 'with the current checks of variants.yaml' },
    { line: 'copse compare --html report.html', does: 'a report to send to others' },
    { line: 'copse compare --judge=2', does: 'ask an anonymous judge, twice' },
  ],
  arguments: { variant: 'runs or variants (default: the latest run)' },
  options: {
    fresh: { kind: 'flag', summary: 'rerun all checks, metrics and trial merges' },
    ...CHECKS_OPTIONS,
    judge: {
      kind: 'text',
      alone: '1',
      summary: 'ask Claude to judge, without names; =2: again in reversed order',
      choices: ['1', '2'],
    },
    'judge-model': { kind: 'text', summary: 'model of the judge' },
    'judge-budget-usd': { kind: 'text', summary: 'maximum cost of the judge (default 1)' },
    order: { kind: 'list', summary: 'criteria to rank by, most important first', choices: RANK_ORDER },
    md: { kind: 'flag', summary: 'print Markdown, e.g. for a pull request' },
    html: { kind: 'text', summary: 'write a single-file HTML report', file: true },
    json: JSON_OPTION,
  },
  schema,
  async run(options, context) {
    const here = await openHere(context.cwd);
    tellPlanted(context);
    const found = await compareTargets(here, options.variant);
    const typed = ['copse compare', ...options.variant.map(shellWord)].join(' ');
    if (JUDGE_OPTIONS.some((name) => options[name] !== undefined))
      refuseAgent(context, {
        what: 'An agent cannot have a judge asked: it spends money that nobody approved.',
        line: `${typed} --judge`,
      });
    const current = await currentChecks(here, found, options, typed, context);
    const targets = current === null ? found : found.map((target) => withCurrent(target, current));
    const stop = new AbortController();
    let exit: ExitCode = EXIT.ok;
    const release = context.onSignal((signal) => {
      exit = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
      stop.abort();
      // The next one ends us at once.
      release();
    });
    try {
      const gathered = await gather(here, targets, options, context, {
        signal: stop.signal,
        ...(current === null ? {} : { checksFrom: current.from }),
      });
      if (options.html !== undefined && !stop.signal.aborted) await report(here, gathered, options.html, context, stop.signal);
      show(gathered.evidence, options, context);
      return exit;
    } catch (error) {
      if (!isOfStop(error, stop.signal)) throw error;
      context.stderr.write('Stopped. Nothing is known yet.\n');
      return stop.signal.aborted ? exit : EXIT.interrupted;
    } finally {
      release();
    }
  },
});

/** Whether an error only comes from a stop: in a terminal Ctrl-C reaches the git at work as well, and may end it before copse notices. */
function isOfStop(error: unknown, { aborted }: AbortSignal): boolean {
  if (aborted) return error instanceof CopseError || (error instanceof Error && error.name === 'AbortError');
  return error instanceof CopseError && error.code === 'git-ended' && error.why === 'It was ended by SIGINT.';
}

function show(evidence: Evidence, options: Options, context: Context): void {
  if (options.json) context.stdout.write(`${JSON.stringify(forReader(compareJson(evidence), context))}\n`);
  else if (options.md) context.stdout.write(`${compareMarkdown(evidence)}\n`);
  else {
    const screen = { ...context.screen('stdout'), commands: context.verbs, hasPage: options.html !== undefined };
    context.stdout.write(`${compareText(forReader(evidence, context), screen)}\n`);
  }
}

/** Results of the run's own checks are not shown beside those of others. */
function withCurrent(target: CompareTarget, { plans }: CurrentChecks): CompareTarget {
  const { state, plan } = target;
  const variants = state.variants.map((variant) => ({ ...variant, checks: [] }));
  return { ...target, plan: plans.get(plan.run) ?? plan, state: { ...state, variants } };
}

export type GatherChoices = Pick<Options, 'fresh' | 'judge' | 'judge-model' | 'judge-budget-usd' | 'order'>;

export interface Gathered {
  readonly evidence: Evidence;
  /** Outputs of the checks, for the report. */
  outputs(): ReturnType<typeof outputsOf>;
}

/** The evidence of the targets, with what the options ask for. What `signal` keeps from being finished is not run. */
export async function gather(
  here: Here,
  targets: readonly CompareTarget[],
  options: GatherChoices,
  context: Context,
  { signal, checksFrom }: { readonly signal: AbortSignal; readonly checksFrom?: ChecksFrom },
): Promise<Gathered> {
  const { repository, store } = here;
  const { environment } = context;
  const narrate = (doing: string): void => {
    context.stderr.write(`Running ${doing}.\n`);
  };
  let checked: Awaited<ReturnType<typeof checkCompared>> = [];
  const first = targets[0]?.plan;
  const planned = first !== undefined && (await isPlanApproved(first, environment)) ? first.judge : null;
  const judge = judgeChoice(options, planned);
  const evidence = await gatherEvidence({
    repository,
    store,
    targets,
    now: context.clock.now(),
    signal,
    fresh: options.fresh,
    ...(checksFrom === undefined ? {} : { checksFrom }),
    ...(options.order.length === 0 ? {} : { order: options.order as readonly Criterion[] }),
    checked: async (compared, tips, files) => {
      checked = await checkCompared(
        { repository, store, environment, fresh: options.fresh, signal, onProgress: narrate },
        compared,
        tips,
        files,
      );
      return checked;
    },
    ...(judge === null
      ? {}
      : { judge: (variants, task) => askJudge({ repository, task, variants, ...judge, environment, signal }) }),
  });
  return {
    evidence,
    outputs: () =>
      outputsOf(
        evidence.variants.map(({ label }) => label),
        checked,
      ),
  };
}

/** By the options, else by the variants file with a person's approval; null: no judge was requested. */
function judgeChoice(options: GatherChoices, planned: PlannedJudge | null) {
  if (options.judge === undefined && planned === null) return null;
  return {
    rounds: (options.judge ?? String(planned?.rounds ?? 1)) === '2' ? (2 as const) : (1 as const),
    criteria: planned?.criteria ?? null,
    model: options['judge-model'] ?? planned?.model ?? null,
    budgetUsd: options['judge-budget-usd'] ?? planned?.budgetUsd ?? DEFAULT_JUDGE_USD,
  };
}

/** Writes the report and says where. */
export async function report(here: Here, gathered: Gathered, file: string, context: Context, signal: AbortSignal): Promise<void> {
  const { repository, store } = here;
  const { evidence } = gathered;
  const [{ reportParts }, { pairsToShow }] = await Promise.all([
    import('../view/html/report/report-html.ts'),
    import('../view/html/report/report-pairs.ts'),
  ]);
  const [diffs, pairs, outputs, { pictures, note }] = await Promise.all([
    patchesOf(repository, evidence.variants),
    pairPatches(repository, evidence.variants, pairsToShow(evidence)),
    gathered.outputs(),
    screenshotsOf({ store, variants: evidence.variants, environment: context.environment, signal }),
  ]);
  const path = resolve(context.cwd, file);
  await writeReport(
    path,
    reportParts(evidence, { diffs, pairs, outputs, pictures, pictureNote: note, version: context.version }),
  );
  context.stderr.write(`Report: ${path}\n`);
}
