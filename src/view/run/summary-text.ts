import { fails } from '../../model/evidence/check.ts';
import { checksThatCannotRun, type RunNow } from '../../model/run-state/run-choice.ts';
import { isGood, runCost } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { runWorkedMs } from '../../model/run-state/worked-ms.ts';
import { clockTime, cost, dollars, duration } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import { ofBudget, succeededOf } from '../kit/shared-messages.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { displayWidth } from '../kit/width.ts';
import { wrapFacts, wrapWords } from '../kit/wrap.ts';
import { finishedRows } from './finished-rows.ts';
import { denialLines, heldBackLines, parkedLines, refChangeLines } from './incidents.ts';
import { nextCommands } from './next-commands.ts';
import { baseText } from './run-header.ts';
import * as say from './summary-messages.ts';

/** `ui   2 of 3 succeeded   14m02s   ≈$1.37 of $8.00   base main@1a2b3c4   guarded`, and `more` at the end. */
export function summaryHeader(state: RunState, o: Screen & { readonly now?: Date }, more: readonly string[] = []): string {
  const style = styleFor(o);
  const good = state.variants.filter(isGood).length;
  const all = state.variants.length;
  const facts = [
    { text: succeededOf(good, all), paint: good === all ? style.green : style.yellow },
    { text: duration(runWorkedMs(state, o.now ?? null)) },
    { text: ofBudget(cost(runCost(state), symbolsFor(o)), dollars(state.totalBudgetUsd)) },
    { text: baseText(state) },
    { text: state.isolation },
    ...more.map((text) => ({ text, paint: style.yellow })),
  ];
  // The first gap is one narrower, as in the live view's header.
  return `${style.bold(state.id)}  ${wrapFacts(facts, { columns: o.columns - displayWidth(state.id) - 2, gap: 3 })}`;
}

/** Said first, since it makes all else uncertain: which checks could not run on the base, and what to do. */
export function cannotRunLines(state: RunState): string[] {
  const checks = checksThatCannotRun(state);
  // A run that ended for it says so itself.
  if (checks.length === 0 || (state.phase.kind === 'finished' && state.phase.fatal !== null)) return [];
  const lines = checks.map(({ name, detail }) => say.cannotRun(oneLine(name), oneLine(detail)));
  return [...lines, say.fatalHint['checks-cannot-run']];
}

function indentedLines(text: string, o: Screen): string[] {
  return wrapWords(text, o.columns - 2).map((line) => `  ${line}`);
}

function endingLines(state: RunState): string[] {
  const { phase } = state;
  if (phase.kind !== 'finished' || phase.ending === 'completed') return [];
  const word = say.runWords[phase.ending === 'fatal' ? 'fatal' : 'stopped'];
  const why = oneLine(phase.reason);
  const what = `${word.charAt(0).toUpperCase()}${word.slice(1)}${why === '' ? '.' : `: ${why}`}`;
  return [what, ...(phase.fatal === null ? [] : [say.fatalHint[phase.fatal]])];
}

function limitLines(state: RunState, o: Screen): string[] {
  const resets = state.variants
    .filter((v) => v.phase.kind === 'finished' && v.phase.outcome === 'limited')
    .flatMap((v) => v.attempts.at(-1)?.limitedUntil ?? [])
    .sort()
    .at(-1);
  return resets === undefined ? [] : [say.resetsAt(clockTime(resets, o))];
}

/**
 * The summary of a run: outcome per variant with failures and reasons, denied calls and how to allow them, files held
 * back, refs that changed meanwhile, and the next commands (of the verbs in `commands`, `look` being the command for `exec`).
 * Commands are never cut or wrapped, so that they can be pasted. Ends without a line break.
 */
export function summaryText(
  state: RunState,
  o: Screen & {
    readonly commands: ReadonlySet<string>;
    readonly look?: string;
    readonly serves?: boolean;
    readonly git?: RunNow;
    readonly fileFlag?: string;
  },
): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const blocks: string[][] = [[summaryHeader(state, o)]];
  blocks.push(cannotRunLines(state).flatMap((text) => indentedLines(text, o)));
  blocks.push(finishedRows(state.variants, state, { ...o, details: true }));
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const baseFailing = [...new Set(state.baseChecks.filter(fails).map((check) => oneLine(check.name)))];
  const prose = [
    ...endingLines(state),
    ...limitLines(state, o),
    ...(baseFailing.length === 0 ? [] : [say.baseFails(baseFailing)]),
    ...parkedLines(state),
    ...state.notes.map(oneLine),
  ];
  blocks.push(prose.flatMap((text) => indented(wrapWords(text, o.columns - 2))));
  for (const lines of [denialLines(state, symbols), heldBackLines(state, symbols), refChangeLines(state, symbols)]) {
    blocks.push(indented(lines));
  }
  const next = nextCommands(state, o);
  blocks.push(next.map(({ label, command }) => `  ${style.dim(label.padEnd(8))}  ${command}`));
  const text = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
  const touched = state.refChanges.length === 0 ? say.untouched : say.untouchedByUs;
  return `${text}\n${style.dim(touched)}`;
}
