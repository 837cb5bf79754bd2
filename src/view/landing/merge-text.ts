import { fails } from '../../model/evidence/check.ts';
import type { MergeConflict, MergeLanded, MergeRefused, MergeReport } from '../../model/reports/merge-report.ts';
import { shortCommit } from '../../text/amounts.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import { changeWords } from '../kit/change-words.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapWords } from '../kit/wrap.ts';
import * as say from './merge-messages.ts';

type MergeScreen = Screen & {
  readonly commands?: ReadonlySet<string>;
  /** The current worktree. */
  readonly here?: string;
  /** The merged variants are pruned right after, by a separate operation. */
  readonly prunes?: boolean;
  /** After a dry run: the command that merges the same. */
  readonly again?: string;
};

/** The merged variants, also of a dry run, and the next commands, of the verbs in `commands`. Ends without a line break. */
export function mergeText(report: MergeReport, o: MergeScreen): string {
  const style = styleFor(o);
  const { dryRun, from, to, checkouts } = report;
  const target = oneLine(report.target);
  const wrapped = (text: string): string[] => wrapWords(text, o.columns - 2).map((line) => `  ${line}`);
  const lines: string[] = [];
  for (const one of report.landed) lines.push(landedLine(one, report, o), ...landedFacts(one, report).flatMap(wrapped));
  for (const { label, why } of report.already) {
    lines.push(`${style.dim(symbolsFor(o).skipped)} ${say.already(oneLine(label), target)}`, ...wrapped(oneLine(why)));
  }
  for (const note of report.notes) lines.push(...wrapWords(oneLine(note), o.columns));
  if (dryRun) lines.push(say.wouldMove(target, shortCommit(from)));
  else if (report.landed.length > 0) {
    const here = checkouts.length === 1 && checkouts[0] === o.here;
    const files = checkouts.length === 0 ? '' : ` ${here ? say.followsHere : say.follows(checkouts.map(oneLine))}`;
    lines.push(...wrapWords(`${say.moved(target, shortCommit(from), shortCommit(to))}${files}`, o.columns));
  }
  const next = nextLines(report, o);
  return [...lines, ...(next.length === 0 ? [] : ['', ...next])].join('\n');
}

function landedLine(one: MergeLanded, report: MergeReport, o: Screen): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const { files, added, removed } = changeWords(one.changes, symbols);
  const label = oneLine(one.label);
  const target = oneLine(report.target);
  const head = report.dryRun ? say.wouldLand(label, target) : say.landed(label, target, shortCommit(one.commit));
  const passed = one.checks.filter((check) => !fails(check)).length;
  const facts = [
    [files, added, removed].filter((word) => word !== '').join(' '),
    one.checks.length === 0 ? (report.noVerify ? say.noChecks : '') : say.checksPassed(passed, one.checks.length),
    one.signed ? say.signed : '',
  ].filter((fact) => fact !== '');
  return `${style.green(symbols.success)} ${style.bold(head)}${facts.map((fact) => `   ${fact}`).join('')}`;
}

function landedFacts(one: MergeLanded, report: MergeReport): string[] {
  const failing = one.checks.filter(fails).map(({ name }) => oneLine(name));
  return [
    oneLine(one.subject),
    ...(failing.length === 0 ? [] : [say.failsOnTarget(failing, oneLine(report.target))]),
    ...(one.hooks.length === 0 ? [] : [say.hooks(one.hooks)]),
    ...(report.noVerify && !report.dryRun ? [say.unverified] : []),
    ...one.notes.map(oneLine),
  ];
}

function nextLines(report: MergeReport, o: MergeScreen): string[] {
  const style = styleFor(o);
  const verbs = o.commands ?? new Set<string>();
  const line = (label: string, command: string): string => `  ${style.dim(label.padEnd(8))}  ${command}`;
  if (report.landed.length === 0) return [];
  if (report.dryRun) return o.again === undefined ? [] : [line(say.labels.land, o.again)];
  return [
    ...(verbs.has('prune') && o.prunes !== true ? [line(say.labels.clear, 'copse prune')] : []),
    ...(verbs.has('undo') && report.operation !== null
      ? [line(say.labels.back, `copse undo ${report.operation.slice(0, OF_TIME)}`)]
      : []),
  ];
}

/** Characters of an id that are its time, in milliseconds; fewer may name the prune that follows as well. */
const OF_TIME = 10;
const OUTPUT_LINES = 12;

/** Variants that were not merged: why, both sides of each conflict, the output of the failing hook or check, and the next commands. */
export function mergeRefusalsText(report: MergeReport, o: Screen): string {
  const texts = report.refused.map((one) => refusalText(one, report, o));
  // The ways out of a conflict are long, and for each variant the same but for its name.
  const first = report.refused.find(hasWays);
  const [, ...others] = report.refused.filter(hasWays).map(({ label }) => oneLine(label));
  if (first !== undefined && others.length > 0) {
    const head = say.waysOut(oneLine(first.label), others);
    texts.push([...wrapWords(head, o.columns), ...hintLines(first)].join('\n'));
  }
  return texts.join('\n\n');
}

function hasWays({ ways }: MergeRefused): boolean {
  return ways === 'conflict';
}

function hintLines({ hint }: MergeRefused): string[] {
  return plainText(hint)
    .split('\n')
    .map((line) => `  ${line}`);
}

function refusalText(one: MergeRefused, report: MergeReport, o: Screen): string {
  const style = styleFor(o);
  const output = plainText(one.output).trimEnd().split('\n').slice(-OUTPUT_LINES);
  return [
    `${style.red(symbolsFor(o).failure)} ${oneLine(one.what)}`,
    ...wrapWords(oneLine(one.why), o.columns - 2).map((line) => `  ${line}`),
    ...one.conflicts.flatMap((conflict) => conflictLines(conflict, one, report, o)),
    ...(one.output === '' ? [] : output.map((line) => style.dim(`    ${truncate(line, o.columns - 4, symbolsFor(o).ellipsis)}`))),
    ...(hasWays(one) && report.refused.filter(hasWays).length > 1 ? [] : hintLines(one)),
  ].join('\n');
}

function conflictLines(conflict: MergeConflict, one: MergeRefused, report: MergeReport, o: Screen): string[] {
  const style = styleFor(o);
  const ellipsis = symbolsFor(o).ellipsis;
  const target = oneLine(report.target);
  const label = oneLine(one.label);
  const width = Math.max(target.length, label.length);
  const side = (name: string, subjects: readonly string[]): string[] =>
    subjects.map((subject, i) =>
      truncate(`      ${(i === 0 ? name : '').padEnd(width)}  ${oneLine(subject)}`, o.columns, ellipsis),
    );
  return [`    ${style.bold(oneLine(conflict.path))}`, ...side(target, conflict.onTarget), ...side(label, conflict.ofVariant)];
}
