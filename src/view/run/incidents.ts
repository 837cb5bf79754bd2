import { addCommand, allowLine } from '../../model/evidence/beside-words.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { shortCommit } from '../../text/amounts.ts';
import { oneLine, visibleText } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Symbols } from '../kit/style.ts';
import { denialsOf, isFinished } from '../kit/variant-facts.ts';
import * as say from './summary-messages.ts';

/** More than these are counted, not listed: the list is for the eye, `status --json` has all. */
const LISTED = 6;

function listed(label: string, items: readonly string[], symbols: Symbols): string[] {
  const shown = items.slice(0, LISTED);
  const lines = shown.map((item, i) => (i === 0 ? label : ' '.repeat(label.length)) + item);
  if (items.length > LISTED) lines.push(`${' '.repeat(label.length)}${symbols.ellipsis} ${items.length - LISTED} more`);
  return lines;
}

/** Denied calls, the same one once for all variants, and the one line that would allow them. */
export function denialLines(state: RunState, symbols: Symbols): string[] {
  const calls = new Map<string, { count: number; variants: string[]; allow: string | null }>();
  for (const variant of state.variants) {
    for (const denial of denialsOf(variant)) {
      const input = oneLine(denial.input);
      const call = denial.tool === 'Bash' ? input : `${oneLine(denial.tool)} ${input}`.trim();
      const known = calls.get(call) ?? { count: 0, variants: [], allow: denial.allow };
      calls.set(call, { ...known, count: known.count + denial.count, variants: [...known.variants, variant.name] });
    }
  }
  if (calls.size === 0) return [];
  const items = [...calls].map(([call, { count, variants }]) =>
    say.deniedBy(call, count > 1 ? ` ${symbols.times}${count}` : '', variants),
  );
  // A permission must be shown as it is, so that nothing invisible gets into the user's file.
  const allow = [...new Set([...calls.values()].flatMap((c) => (c.allow === null ? [] : [visibleText(c.allow)])))];
  return [...listed(say.denied, items, symbols), ...(allow.length === 0 ? [] : [say.toAllow(allow)])];
}

/** Files that the commit does not hold, and how to have them in: in later runs, and here. */
export function heldBackLines(state: RunState, symbols: Symbols): string[] {
  const all = state.variants.flatMap((v) => v.heldBack.map((held) => ({ held, variant: v.name })));
  if (all.length === 0) return [];
  const items = all.map(({ held, variant }) => say.heldBackPath({ ...held, path: visibleText(held.path) }, variant));
  const line = allowLine(all.map(({ held }) => held));
  return [
    ...listed(say.heldBack, items, symbols),
    ...(line === null ? [] : [say.heldBackAllow(line)]),
    ...keepNowLines(state.variants.filter(isFinished)),
  ];
}

/** Commands for the first of them that need no agent. */
function keepNowLines(variants: readonly VariantState[]): string[] {
  for (const { name, heldBack, removed } of variants) {
    const command = removed === null ? addCommand(name, heldBack, shellWord) : null;
    if (command !== null) return [say.heldBackNow, `  ${command}`, `  copse merge ${shellWord(name)} --include-uncommitted`];
  }
  return [];
}

/** The refs of work that could not be committed to its branch, a line for each variant. */
export function parkedLines(state: RunState): string[] {
  return state.variants.flatMap((v) =>
    v.commit === null || v.commit.parked === null ? [] : [say.parked(v.name, v.commit.parked)],
  );
}

/**
 * Refs that changed while an attempt ran, and how to look at each. Whether the agent did it is unknown, so no command that would
 * revert them is suggested: it could destroy the user's own work.
 */
export function refChangeLines(state: RunState, symbols: Symbols): string[] {
  const shown = state.refChanges.slice(0, LISTED).flatMap((change) => {
    const { before, after, variant } = change;
    const ref = visibleText(change.ref);
    if (after === null) return before === null ? [] : [say.refDeleted(ref, shortCommit(before), variant), lookAt(before)];
    const how = change.how === undefined ? '' : say.refHow(oneLine(change.how.message), visibleText(change.how.checkout ?? ''));
    if (before === null) return [say.refCreated(ref, shortCommit(after), variant, how), lookAt(after)];
    const move = `${shortCommit(before)} ${symbols.arrow} ${shortCommit(after)}`;
    // Three dots: commits that only one of them has, even if the ref moved back.
    return [say.refMoved(ref, move, variant, how), `  git log --oneline --left-right ${before}...${after}`];
  });
  const more = state.refChanges.length - LISTED;
  return more > 0 ? [...shown, `${symbols.ellipsis} ${more} more`] : shown;
}

function lookAt(commit: string): string {
  return `  git log --oneline -5 ${commit}`;
}
