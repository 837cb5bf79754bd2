import { blocks } from '../../model/evidence/check.ts';
import { checkLine } from '../../model/evidence/check-words.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunNow } from '../../model/run-state/run-choice.ts';
import { isGood } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Screen } from '../kit/screen.ts';
import { more } from '../kit/shared-messages.ts';
import { symbolsFor } from '../kit/style.ts';
import { isFinished } from '../kit/variant-facts.ts';
import { truncate } from '../kit/width.ts';
import { finishedRows } from './finished-rows.ts';
import { denialLines } from './incidents.ts';
import { type NextCommand, nextCommands } from './next-commands.ts';
import { isInterrupted, type StatusRun } from './run-word.ts';
import * as say from './summary-messages.ts';
import { cannotRunLines, summaryHeader } from './summary-text.ts';

/** The most lines that `wait` prints for a script or another agent. */
const LINES = 20;

export type VerdictScreen = Screen & {
  readonly now: Date;
  readonly commands?: ReadonlySet<string>;
  /** The state of the variants in git now, by run. */
  readonly git?: ReadonlyMap<RunId, RunNow>;
  /** The most it may have; absent: 20. */
  readonly lines?: number;
};

/** The one thing to know about a variant that is not good. */
function whyNot(variant: VariantState): string[] {
  if (variant.phase.kind !== 'finished' || isGood(variant)) return [];
  const reason = oneLine(variant.phase.reason);
  const check = variant.checks.find(blocks);
  if (check !== undefined) return [oneLine(checkLine(check))];
  return reason === '' ? [] : [reason];
}

/** An unfinished run has one next step: to attach to it, which also settles an abandoned one. */
function nextOf(run: StatusRun, { commands = new Set(), git }: VerdictScreen): NextCommand[] {
  const now = git?.get(run.state.id);
  if (run.state.phase.kind === 'finished')
    return nextCommands(run.state, { commands, ...(now === undefined ? {} : { git: now }) });
  const label = isInterrupted(run) ? say.labels.goOn : say.labels.watch;
  return commands.has('attach') ? [{ label, command: `copse attach ${shellWord(run.state.id)}` }] : [];
}

const COMMANDS = 4;

/** The last one, to merge, is what the run was for. */
function fewOf(commands: readonly NextCommand[], room: number): readonly NextCommand[] {
  return commands.length <= room || room < 1 ? commands.slice(0, room) : [...commands.slice(0, room - 1), ...commands.slice(-1)];
}

/** Room for what a script reads, and not for a page. */
const LONG = 300;

/** The one line that would allow what was denied. */
function allowLines(state: RunState): string[] {
  return denialLines(state, symbolsFor({ unicode: true }))
    .slice(-1)
    .filter((line) => line.startsWith(say.toAllowHead));
}

function runVerdict(run: StatusRun, room: number, o: VerdictScreen): string[] {
  const { state } = run;
  const symbols = symbolsFor(o);
  const running = state.variants.filter((v) => !isFinished(v)).length;
  const open = running === 0 ? [] : [isInterrupted(run) ? say.runWords.interrupted : say.stillRunning(running)];
  // One line, whatever its length: the number of lines is what is promised.
  const lines = [summaryHeader(state, { ...o, columns: Number.POSITIVE_INFINITY }, open)];
  if (room <= 1) return lines;
  const next = fewOf(nextOf(run, o), Math.max(0, Math.min(COMMANDS, room - 4)));
  const shown = (text: string): string => truncate(`  ${text}`, Math.max(o.columns, LONG), symbols.ellipsis);
  const left = Math.max(0, room - 1 - next.length - state.variants.length);
  const first = cannotRunLines(state).slice(0, left).map(shown);
  const last = allowLines(state)
    .slice(0, left - first.length)
    .map(shown);
  lines.push(...first);
  const space = room - 1 - next.length - first.length - last.length;
  // Failures come first when not everything fits.
  const order = [...state.variants].sort((a, b) => Number(isGood(a)) - Number(isGood(b)));
  const details = state.variants.flatMap(whyNot).length;
  const variants = state.variants.length + details <= space ? state.variants : order;
  const rows = finishedRows(variants, state, { ...o, details: false });
  const withDetails = variants.flatMap((v, i) => [
    rows[i] ?? '',
    ...whyNot(v).map((t) => truncate(`      ${t}`, o.columns, symbols.ellipsis)),
  ]);
  if (withDetails.length <= space) lines.push(...withDetails);
  else if (rows.length <= space) lines.push(...rows);
  else lines.push(...rows.slice(0, Math.max(0, space - 1)), `  ${more(rows.length - Math.max(0, space - 1), symbols.ellipsis)}`);
  return [...lines, ...last, ...next.map(({ label, command }) => `  ${label.padEnd(8)}  ${command}`)];
}

/** How the runs ended, or their state, in at most 20 lines. Ends without a line break. */
export function verdictText(runs: readonly StatusRun[], o: VerdictScreen): string {
  const symbols = symbolsFor(o);
  const most = o.lines ?? LINES;
  const shown = runs.length > most ? runs.slice(0, most - 1) : runs;
  const lines: string[] = [];
  shown.forEach((run, i) => {
    // Room is shared evenly; the unused part of one run goes to the next ones.
    const left = most - lines.length - (runs.length > shown.length ? 1 : 0);
    lines.push(...runVerdict(run, Math.max(1, Math.floor(left / (shown.length - i))), o));
  });
  if (runs.length > shown.length) lines.push(more(runs.length - shown.length, symbols.ellipsis));
  return lines.join('\n');
}
