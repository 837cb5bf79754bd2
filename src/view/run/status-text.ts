import { resultLine } from '../../model/decision-words.ts';
import { besideSentences } from '../../model/evidence/beside-words.ts';
import { blocks } from '../../model/evidence/check.ts';
import { checkLine } from '../../model/evidence/check-words.ts';
import { isGood, runCost } from '../../model/run-state/run-facts.ts';
import { runWorkedMs } from '../../model/run-state/worked-ms.ts';
import { ago, clockTime, cost, dollars, duration } from '../../text/amounts.ts';
import { oneLine, visibleText } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { between } from '../kit/change-words.ts';
import type { Screen } from '../kit/screen.ts';
import { more, ofBudget } from '../kit/shared-messages.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapFacts, wrapWords } from '../kit/wrap.ts';
import { rowsOf, variantRows } from '../live/live-rows.ts';
import { denialLines } from './incidents.ts';
import { baseText } from './run-header.ts';
import { isInterrupted, runWord, type StatusRun } from './run-word.ts';
import * as say from './summary-messages.ts';
import { fatalHint } from './summary-messages.ts';
import { cannotRunLines } from './summary-text.ts';

function headerOf(run: StatusRun, o: Screen & { readonly now: Date }): string {
  const style = styleFor(o);
  const { state } = run;
  const { phase } = state;
  const word = wordOf(run);
  const good = word === 'finished' && state.variants.every(isGood);
  const paint = good ? style.green : word === 'running' ? style.cyan : style.yellow;
  const facts = [
    { text: say.runWords[word], paint },
    { text: duration(runWorkedMs(state, o.now)) },
    { text: ofBudget(cost(runCost(state), symbolsFor(o)), dollars(state.totalBudgetUsd)) },
    { text: baseText(state) },
    { text: state.isolation },
    ...(phase.kind === 'finished' ? [{ text: ago(between(phase.at, o.now)), paint: style.dim }] : []),
  ];
  return wrapFacts([{ text: state.id, paint: style.bold }, ...facts], { columns: o.columns, gap: 2 });
}

/** `done` only if there is a result. */
function wordOf(run: StatusRun): keyof typeof say.runWords {
  const { phase, variants } = run.state;
  if (phase.kind !== 'finished') return runWord(run);
  if (phase.ending !== 'completed') return phase.ending;
  return variants.some(isGood) ? 'finished' : 'nothing';
}

/** What the user can do about a run that does not continue by itself, or why it waits. */
function notesOf(run: StatusRun, o: Screen & { readonly now: Date }): string[] {
  const { state } = run;
  const { phase } = state;
  const id = shellWord(state.id);
  const queued = state.variants.filter((v) => v.phase.kind === 'queued').length;
  if (isInterrupted(run)) return [say.interrupted(id), ...(queued > 0 ? [say.interruptedQueued(id, queued)] : [])];
  if (phase.kind === 'paused') {
    return [say.pausedFor(oneLine(phase.reason), phase.until === null ? null : clockTime(phase.until, o), id)];
  }
  if (phase.kind === 'finished' && phase.ending !== 'completed') {
    return [oneLine(phase.reason), ...(phase.fatal === null ? [] : [fatalHint[phase.fatal]])].filter((text) => text !== '');
  }
  const removed = state.variants.filter((v) => v.removed?.purged === false);
  const operations = [...new Set(removed.flatMap((v) => v.removed?.operation ?? []))];
  if (removed.length > 0 && queued === 0)
    return [
      say.removed(
        removed.map((v) => v.name),
        operations,
      ),
    ];
  if (queued > 0 && (phase.kind === 'finished' || !state.launches) && state.supervisor !== null)
    return [say.queuedForResume(id, queued)];
  return [];
}

function decisionLines({ decision }: StatusRun, o: Screen): string[] {
  if (decision === undefined) return [];
  const line = resultLine({ ...decision, chosen: decision.chosen === null ? null : oneLine(decision.chosen) });
  return line === '' ? [] : [truncate(`  ${line}`, o.columns, symbolsFor(o).ellipsis)];
}

/** Why a variant cannot be merged, in as many words as there is room for. */
function checkLines({ state }: StatusRun, o: Screen): string[] {
  const told = state.variants.flatMap(({ name, checks, removed }) =>
    removed !== null ? [] : checks.filter(blocks).map((check) => oneLine(`${name}: ${checkLine(check)}`)),
  );
  const rest = told.length - CHECKS;
  return [...told.slice(0, CHECKS), ...(rest > 0 ? [more(rest, symbolsFor(o).ellipsis)] : [])].map((text) =>
    truncate(`  ${text}`, o.columns, symbolsFor(o).ellipsis),
  );
}

const CHECKS = 6;

/** For each variant at rest the work that its commit does not hold. */
function besideLines({ state }: StatusRun): string[] {
  return state.variants.flatMap(({ name, phase, heldBack, removed }) => {
    if (phase.kind !== 'finished' || removed !== null) return [];
    return besideSentences(heldBack.map((held) => ({ ...held, path: visibleText(held.path) }))).map((text) => `${name}: ${text}`);
  });
}

/** All given runs with their variants, in the given order; what the user has to do about one is below its header. */
export function statusText(runs: readonly StatusRun[], o: Screen & { readonly now: Date }): string {
  if (runs.length === 0) return say.noRuns;
  const style = styleFor(o);
  return runs
    .map((run) =>
      [
        headerOf(run, o),
        ...decisionLines(run, o),
        ...notesOf(run, o).flatMap((text) => wrapWords(text, o.columns - 2).map((line) => `  ${style.yellow(line)}`)),
        ...[...cannotRunLines(run.state), ...besideLines(run)].flatMap((text) =>
          wrapWords(text, o.columns - 2).map((line) => `  ${style.yellow(line)}`),
        ),
        ...variantRows(rowsOf(run.state, o), { ...o, frame: null, stale: isInterrupted(run) }),
        ...checkLines(run, o),
        ...denialLines(run.state, symbolsFor(o)).map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
}
