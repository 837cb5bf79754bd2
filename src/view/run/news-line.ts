import { blocks } from '../../model/evidence/check.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunNow } from '../../model/run-state/run-choice.ts';
import { isGood, runCost } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { cost } from '../../text/amounts.ts';
import { oneLine, shortLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { outcomeWord } from '../kit/shared-messages.ts';
import { symbolsFor } from '../kit/style.ts';
import { isFinished } from '../kit/variant-facts.ts';
import { plainLine } from '../live/plain-line.ts';
import { nextCommands } from './next-commands.ts';
import { isInterrupted, type StatusRun } from './run-word.ts';
import * as say from './summary-messages.ts';

/** What a model reads as one event: longer ones cost more than they tell. */
const CHARACTERS = 400;

/** Denied calls of one variant after these are counted in the line of its end. */
export const DENIALS_TOLD = 3;

/**
 * One line for what somebody who waits wants to be woken for: a variant ended, a call was denied, a person has to act. null: nothing of that
 * kind. `isNewDenial`: the call was not reported before. `state`: after the event.
 */
export function newsLine(event: RunEvent, state: RunState, isNewDenial: boolean): string | null {
  const text = newsText(event, state, isNewDenial);
  return text === null ? null : shortLine(text, CHARACTERS);
}

function newsText(event: RunEvent, state: RunState, isNewDenial: boolean): string | null {
  switch (event.type) {
    case 'variant.finished': {
      const line = plainLine(event, state);
      return line === null ? null : `${state.id}/${line}`;
    }
    case 'attempt.denied':
      return isNewDenial ? deniedText(event, state) : null;
    case 'run.paused':
      return event.until === null
        ? `${state.id}: needs a person: ${say.pausedFor(oneLine(event.reason), null, state.id)}`
        : `${state.id}: ${say.pausedFor(oneLine(event.reason), event.until, state.id)}`;
    case 'run.adopted':
    case 'run.stopping':
      return plainLine(event, state);
    default:
      return null;
  }
}

function deniedText({ variant, denial }: Extract<RunEvent, { type: 'attempt.denied' }>, state: RunState): string {
  const call = denial.tool === 'Bash' ? oneLine(denial.input) : `${oneLine(denial.tool)} ${oneLine(denial.input)}`.trim();
  const allow = denial.allow === null ? '' : ` A person can allow it: ${JSON.stringify(denial.allow)}`;
  return `${state.id}/${variant}: denied: ${shortLine(call, 200)}.${allow}`;
}

/** How runs ended, or how far they are, and the next command: the last line, for whoever reads no more than that. */
export function lastLine(
  runs: readonly StatusRun[],
  o: { readonly commands: ReadonlySet<string>; readonly git?: ReadonlyMap<string, RunNow> },
): string {
  return runs.map((run) => shortLine(lastText(run, o), CHARACTERS)).join(' | ');
}

function lastText(
  run: StatusRun,
  { commands, git }: { readonly commands: ReadonlySet<string>; readonly git?: ReadonlyMap<string, RunNow> },
): string {
  const { state } = run;
  const all = state.variants;
  if (state.phase.kind !== 'finished') {
    const done = `${all.filter(isFinished).length} of ${all.length} finished`;
    const how = isInterrupted(run) ? 'was interrupted' : 'is still running';
    return `${state.id} ${how}, ${done}. Next: copse wait ${shellWord(state.id)}`;
  }
  const good = all.filter(isGood).map(({ name }) => name);
  const bad = all.filter((variant) => !isGood(variant)).map((variant) => `${variant.name}: ${whyBad(variant)}`);
  const now = git?.get(state.id);
  const [next] = nextCommands(state, { commands, ...(now === undefined ? {} : { git: now }) });
  const facts = [
    `${good.length} of ${all.length} succeeded${good.length === 0 ? '' : ` (${good.join(', ')})`}`,
    ...bad,
    cost(runCost(state), symbolsFor({ unicode: true })),
  ];
  return `${state.id} ended: ${facts.join('; ')}.${next === undefined ? '' : ` Next: ${next.command}`}`;
}

function whyBad({ phase, checks }: VariantState): string {
  const against = checks.filter(blocks).map(({ name }) => oneLine(name));
  if (phase.kind !== 'finished') return phase.kind;
  return against.length > 0 ? `check ${against.join(', ')} fails` : outcomeWord(phase.outcome);
}
