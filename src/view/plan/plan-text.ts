import type { Problem } from '../../model/errors.ts';
import type { Plan, PlannedVariant } from '../../model/plan.ts';
import { bytes, dollars, limit } from '../../text/amounts.ts';
import { oneLine, plainText, visibleText } from '../../text/plain-text.ts';
import { type Cell, layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { isolationPromise, variantCount } from '../kit/shared-messages.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapFacts, wrapLines, wrapWords } from '../kit/wrap.ts';
import { baseText } from '../run/run-header.ts';
import * as say from './plan-messages.ts';
import { problemsText } from './problem-text.ts';
import { trustText } from './trust-text.ts';

export interface PlanScreen extends Screen {
  /** The command that would execute this plan, e.g. `copse run`; absent: not shown. */
  readonly startCommand?: string;
}

/** Path relative to the checkout if that is shorter: the template starts with `../`. */
function shortPath(path: string, root: string): string {
  const parent = root.slice(0, root.lastIndexOf('/') + 1);
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  return parent.length > 1 && path.startsWith(parent) ? `../${path.slice(parent.length)}` : path;
}

function runnerText(variant: PlannedVariant): string {
  const { runner } = variant;
  if (runner.kind === 'command') return say.command(oneLine(runner.command.join(' ')));
  return [runner.model ?? say.ownModel, runner.effort, runner.agent]
    .filter((part) => part !== null)
    .map(oneLine)
    .join(' ');
}

/** Prompts differ at their end: the shared part comes first. */
function told(prompt: string, columns: number, ellipsis: string): string {
  const lines = plainText(prompt).trim().split('\n');
  const last = oneLine(lines.at(-1) ?? '');
  return truncate(lines.length > 1 ? `${ellipsis} ${last}` : last, Math.max(8, columns), ellipsis);
}

function variantLines(plan: Plan, o: PlanScreen): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const { variants } = plan;
  const cells = (text: (v: PlannedVariant) => string): Cell[] => variants.map((v) => ({ text: text(v) }));
  const mixed = variants.some((v) => v.isolation !== plan.isolation);
  const rows = layOut(
    [
      { gap: 2, cells: variants.map((v) => ({ text: v.name, paint: style.bold })) },
      { gap: 2, min: 12, cells: cells((v) => v.branch) },
      { gap: 2, drop: 1, cells: cells((v) => shortPath(v.worktree, plan.repository.root)) },
      { gap: 2, min: 8, cells: cells(runnerText) },
      { gap: 2, drop: 2, cells: cells((v) => say.eachAtMost(limit(v.limits.timeoutMs), dollars(v.limits.budgetUsd))) },
      { gap: 2, cells: cells((v) => (mixed ? v.isolation : '')) },
      { gap: 2, cells: cells((v) => say.needs(v.needs)) },
    ],
    { width: o.columns, ellipsis: symbols.ellipsis },
  );
  return variants.flatMap((v, i) => [rows[i] ?? '', `    ${style.dim(told(v.prompt, o.columns - 4, symbols.ellipsis))}`]);
}

/** Same value for all variants: once; else each with the names it is for. */
function byVariants(plan: Plan, value: (v: PlannedVariant) => string): { names: string[]; text: string }[] {
  const groups = new Map<string, string[]>();
  for (const v of plan.variants) groups.set(value(v), [...(groups.get(value(v)) ?? []), v.name]);
  return [...groups]
    .filter(([text]) => text !== '')
    .map(([text, names]) => ({ text, names: names.length === plan.variants.length ? [] : names }));
}

const forNames = (group: { names: readonly string[]; text: string }): string =>
  group.names.length === 0 ? group.text : `${group.names.join(', ')}: ${group.text}`;

/** The copied files, a line for each source; then optional ones that are missing. */
function copyLines({ copy, repository }: Plan): string[] {
  const places = new Map<string, string[]>();
  for (const entry of copy.entries) {
    const place = copy.from?.[entry] ?? repository.root;
    const name = copy.follow?.includes(entry) === true ? `${entry} (the targets of its links)` : entry;
    places.set(place, [...(places.get(place) ?? []), name]);
  }
  const missing = copy.missing ?? [];
  const size = bytes(copy.bytes);
  const lines = [...places].map(([place, names]) =>
    place === repository.root ? names.join(', ') : `${names.join(', ')} from ${shortPath(place, repository.root)}`,
  );
  const last = lines.length - 1;
  return [
    ...lines.map((line, i) => (i === last ? `${line} (${size} each)` : line)),
    ...(missing.length === 0 ? [] : [`optional, missing: ${missing.join(', ')}`]),
  ];
}

function facts(plan: Plan, o: PlanScreen): [string, string[]][] {
  const symbols = symbolsFor(o);
  const each = plan.copy.bytes + plan.disk.trackedBytes;
  const { reflinks, setupBytes } = plan.disk;
  const own = (reflinks === true ? plan.disk.trackedBytes : each) + (setupBytes ?? 0);
  const fits = own * plan.variants.length < plan.disk.freeBytes;
  const disk = say.disk({
    each: bytes(each),
    times: symbols.times,
    n: plan.variants.length,
    reflinks: reflinks ?? null,
    setUp: setupBytes === undefined ? null : bytes(setupBytes),
    free: bytes(plan.disk.freeBytes),
  });
  const shown = (texts: readonly string[]): string[] => texts.map((text) => visibleText(text).replaceAll('\n', ' '));
  return [
    [say.labels.copies, shown(copyLines(plan))],
    [say.labels.setup, shown(plan.setup)],
    [say.labels.checks, plan.verify.length === 0 ? [say.noChecks] : shown(plan.verify.map(say.check))],
    [say.labels.protect, plan.protect.length === 0 ? [] : [shown(plan.protect).join(', ')]],
    [say.labels.serve, shown(plan.serve === null ? [] : [plan.serve.run])],
    [say.labels.teardown, shown(plan.teardown)],
    [say.labels.grants, shown(byVariants(plan, (v) => v.allowedTools.join(', ')).map(forNames))],
    [say.labels.servers, shown(byVariants(plan, (v) => Object.keys(v.mcp ?? {}).join(', ')).map(forNames))],
    [say.labels.passes, shown(byVariants(plan, (v) => v.env.pass.join(', ')).map(forNames))],
    [
      say.labels.sets,
      shown(
        byVariants(plan, (v) =>
          Object.entries(v.env.set)
            .map(([k, text]) => `${k}=${text}`)
            .join(' '),
        ).map(forNames),
      ),
    ],
    [
      say.labels.limits,
      byVariants(plan, (v) => say.limits(limit(v.limits.timeoutMs), limit(v.limits.idleTimeoutMs), v.limits.retries)).map(
        forNames,
      ),
    ],
    [say.labels.isolation, byVariants(plan, (v) => `${v.isolation}: ${isolationPromise(v.isolation)}`).map(forNames)],
    [say.labels.disk, fits ? [disk] : [disk, say.diskShort]],
    [say.labels.cost, [say.cost(dollars(plan.totalBudgetUsd))]],
  ];
}

function factLines(plan: Plan, o: PlanScreen): string[] {
  const style = styleFor(o);
  return facts(plan, o).flatMap(([label, texts]) =>
    texts
      .flatMap((text) => wrapWords(text, Math.max(20, o.columns - 13)))
      .map((line, i) => `  ${style.dim((i === 0 ? label : '').padEnd(9))}  ${line}`),
  );
}

function preambleLines(plan: Plan, o: PlanScreen): string[] {
  const style = styleFor(o);
  return byVariants(plan, (v) => v.preamble.trim()).flatMap(({ names, text }) => [
    names.length === 0 ? say.preamble : say.preambleOf(names),
    ...wrapLines(visibleText(text), Math.max(20, o.columns - 2)).map((line) => style.dim(`  ${line}`).trimEnd()),
  ]);
}

/**
 * What `run` would create, run and may cost. A plan that could not be made (null) leaves the problems, all of them.
 * Ends without a line break.
 */
export function planText(plan: Plan | null, problems: readonly Problem[], o: PlanScreen): string {
  const style = styleFor(o);
  if (plan === null) return problemsText(problems, o);
  const header = wrapFacts(
    [
      { text: plan.run, paint: style.bold },
      { text: variantCount(plan.variants.length) },
      { text: say.atATime(Math.min(plan.concurrency, plan.variants.length)) },
      { text: baseText(plan) },
      { text: say.lands(plan.target) },
      { text: plan.isolation, paint: plan.isolation === 'bypass' ? style.yellow : style.plain },
    ],
    { columns: o.columns, gap: 2 },
  );
  const warnings = plan.warnings.flatMap((text) =>
    wrapWords(oneLine(text), o.columns - 2).map((line, i) => `${i === 0 ? style.yellow(symbolsFor(o).warning) : ' '} ${line}`),
  );
  const end =
    problems.length > 0
      ? problemsText(problems, o)
      : [say.nothingCreated, ...(o.startCommand === undefined ? [] : [say.startWith(o.startCommand)])].join(' ');
  const blocks = [
    [header],
    variantLines(plan, o),
    factLines(plan, o),
    plan.notUsed.length === 0 ? [] : wrapWords(say.notUsed(plan.notUsed.map(oneLine)), o.columns),
    trustText(plan.trust, o).split('\n'),
    preambleLines(plan, o),
    warnings,
    [end],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}
