import { unreachable } from '../../model/errors.ts';
import { isGood, waitsForResume } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { clockTime, duration } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { between } from '../kit/change-words.ts';
import type { Screen } from '../kit/screen.ts';
import { more, outcomeWord } from '../kit/shared-messages.ts';
import { type Style, styleFor, symbolsFor } from '../kit/style.ts';
import { isActive, isFinished } from '../kit/variant-facts.ts';
import { truncate } from '../kit/width.ts';
import { headerLine } from '../run/run-header.ts';
import * as say from './live-messages.ts';
import { type LiveRow, variantRows } from './live-rows.ts';

export type LiveScreen = Screen & { readonly now: Date; readonly frame: number; readonly hints: readonly string[] };

/** An unusual state of the whole run; null: nothing to say. */
function noteOf(state: RunState, o: LiveScreen): string | null {
  const { phase } = state;
  switch (phase.kind) {
    case 'paused': {
      const reason = oneLine(phase.reason).replace(/[^.!?]$/, '$&.');
      if (phase.until === null) return say.pausedForPerson(reason, state.id);
      const left = duration(between(o.now.toISOString(), phase.until) + 999);
      return say.pausedUntil(reason, clockTime(phase.until, o), left);
    }
    case 'stopping':
      return say.stopping(oneLine(phase.reason));
    case 'created':
    case 'running':
    case 'finished':
      return state.variants.some((v) => waitsForResume(v, state)) ? say.bringsHome(state.id) : null;
    default:
      return unreachable(phase);
  }
}

function urgency({ variant }: LiveRow): number {
  if (isActive(variant)) return 0;
  if (isFinished(variant)) return isGood(variant) ? 3 : 1;
  return 2;
}

/** The variants that fit into `room` lines: running ones first, then failed, queued and done ones, each in the plan's order. */
function fitting(rows: readonly LiveRow[], room: number): { shown: readonly LiveRow[]; hidden: readonly LiveRow[] } {
  if (rows.length <= room) return { shown: rows, hidden: [] };
  const sorted = [...rows].sort((a, b) => urgency(a) - urgency(b));
  const shown = Math.max(0, room - 1);
  return { shown: sorted.slice(0, shown), hidden: sorted.slice(shown) };
}

function hiddenText(hidden: readonly LiveRow[], ellipsis: string, style: Style): string {
  const counts = new Map<string, number>();
  for (const { variant } of hidden) {
    const { phase } = variant;
    const word = phase.kind === 'finished' ? outcomeWord(phase.outcome) : phase.kind === 'queued' ? say.queued : say.working;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return style.dim(`${more(hidden.length, ellipsis)}: ${[...counts].map(([word, n]) => `${n} ${word}`).join(', ')}`);
}

/**
 * The live view as lines, none wider than `columns`, fewer than `rows` (the cursor is in the line below; a frame as high as
 * the screen would scroll its own top away, where it can never be cleared). The person's clock and the frame number come in.
 */
export function renderLive(state: RunState, rows: readonly LiveRow[], o: LiveScreen): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const cut = (text: string): string => truncate(text, o.columns, symbols.ellipsis);
  const height = Math.max(1, o.rows - 1);
  const note = noteOf(state, o);
  const hints = o.hints.length === 0 ? null : `  ${o.hints.join(` ${symbols.dot} `)}`;
  // On very low screens the variants matter more than note and hints.
  const withNote = note !== null && height >= 3;
  const withHints = hints !== null && height >= (withNote ? 4 : 3);
  const room = Math.max(0, height - 1 - Number(withNote) - Number(withHints));
  const { shown, hidden } = fitting(rows, room);
  const lines = [headerLine(state, o)];
  if (withNote) lines.push(style.yellow(cut(`  ${note}`)));
  lines.push(...variantRows(shown, o));
  if (hidden.length > 0 && room > 0)
    lines.push(hiddenText(hidden, `  ${symbols.ellipsis}`, { ...style, dim: (t) => style.dim(cut(t)) }));
  if (withHints) lines.push(style.dim(cut(hints)));
  return lines;
}
