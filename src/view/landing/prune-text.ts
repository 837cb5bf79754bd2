import type { PruneLook, PruneOutcome, PruneRow } from '../../model/reports/prune-report.ts';
import { bytes } from '../../text/amounts.ts';
import { some } from '../../text/lists.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { type Column, layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapWords } from '../kit/wrap.ts';
import { both, insideWord, landedWord, sizeWord, stateWord, unsaidWords, whatGoes } from './prune-words.ts';

const NAME_CELLS = 40;
/** Characters of an id that are its time, in milliseconds: enough to name it. */
const OF_TIME = 10;

/** The items to remove and to keep, a line each, with the reason to keep one below it. Ends without a line break. */
export function pruneText(look: PruneLook, o: Screen): string {
  const going = look.rows.filter(({ verdict }) => verdict.kind === 'goes');
  const staying = look.rows.filter(({ verdict }) => verdict.kind === 'kept');
  const style = styleFor(o);
  const parts = [
    ...(going.length === 0 ? [] : [[style.bold('Will be removed'), ...rowLines(going, o)].join('\n')]),
    ...(staying.length === 0 ? [] : [[style.bold('Kept'), ...rowLines(staying, o)].join('\n')]),
    ...look.notes.map((note) => wrapWords(oneLine(note), o.columns).join('\n')),
  ];
  const chosen = staying.find(
    ({ verdict, facts }) => verdict.kind === 'kept' && verdict.name && facts.inside?.beside === undefined,
  );
  if (chosen !== undefined && o.agent !== true) {
    const others = chosen.facts.owner === null ? '--others ' : '';
    parts.push(style.dim(`To remove one of these anyway: copse prune ${others}${shellWord(chosen.name)}`));
  }
  return parts.join('\n\n');
}

function rowLines(rows: readonly PruneRow[], o: Screen): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const mark = (row: PruneRow) =>
    row.verdict.kind === 'goes' ? { text: symbols.success, paint: style.green } : { text: symbols.dot, paint: style.dim };
  const plain = (texts: readonly string[]): Column['cells'] => texts.map((text) => ({ text }));
  const room = Math.min(NAME_CELLS, Math.max(12, Math.floor(o.columns / 3)));
  const lines = layOut(
    [
      { gap: 2, cells: rows.map(mark) },
      { gap: 1, cells: rows.map(({ name }) => ({ text: truncate(oneLine(name), room, symbols.ellipsis), paint: style.bold })) },
      { gap: 2, drop: 2, cells: plain(rows.map(({ facts }) => stateWord(facts))) },
      { gap: 2, min: 14, cells: plain(rows.map(({ facts }) => (facts.rest.kind === 'running' ? '' : landedWord(facts.landed)))) },
      { gap: 2, align: 'right', drop: 1, cells: plain(rows.map(({ facts }) => sizeWord(facts))) },
      { gap: 2, drop: 3, cells: rows.map((row) => ({ text: insideWord(row), paint: style.yellow })) },
    ],
    { width: o.columns, ellipsis: symbols.ellipsis },
  );
  return rows.flatMap((row, i) => {
    const line = lines[i] ?? '';
    const name = truncate(oneLine(row.name), room, symbols.ellipsis);
    return [line, ...reasonLines(row, line.slice(line.indexOf(name) + name.length), o)];
  });
}

/** Facts that the row does not show: the reason to keep it, or the work that only undo would restore. */
function reasonLines(row: PruneRow, shown: string, o: Screen): string[] {
  const { facts, verdict } = row;
  const style = styleFor(o);
  const indent = ' '.repeat(6);
  const wrap = (text: string): string[] => wrapWords(oneLine(text), Math.max(20, o.columns - 6)).map((line) => indent + line);
  const unsaid = unsaidWords(row, shown).join(', ');
  if (verdict.kind === 'kept') return unsaid === '' ? [] : wrap(unsaid).map(style.dim);
  const { landed, served } = facts;
  const disposable = facts.inside?.disposable ?? [];
  const elsewhere = landed.kind === 'landed' && landed.missingOn !== null ? elsewhereLine(landed.on, landed.missingOn) : '';
  const only = verdict.losing.length === 0 ? unsaid : unsaid === '' ? ONLY_UNDO : `Only undo can restore: ${unsaid}`;
  return [
    ...(served ? wrap('Served: its server is stopped first.').map(style.dim) : []),
    ...(elsewhere === '' ? [] : wrap(elsewhere).map(style.dim)),
    ...(disposable.length === 0 ? [] : wrap(`Deleted, not kept in the trash: ${some(disposable)}`).map(style.dim)),
    ...(only === '' ? [] : wrap(only).map(style.yellow)),
  ];
}

const ONLY_UNDO = 'Only undo can restore this.';

function elsewhereLine(on: string, missingOn: string): string {
  return `You merged it into ${on}, so it is done; ${missingOn} does not have it.`;
}

/** The question before anything is removed. */
export function pruneQuestion(look: PruneLook): string {
  const going = look.rows.filter(({ verdict }) => verdict.kind === 'goes');
  const total = going.reduce((sum, { facts }) => sum + (facts.inside?.bytes ?? 0), 0);
  const free = going.reduce((sum, { facts }) => sum + (facts.inside?.disposableBytes ?? 0), 0);
  const size = total === 0 ? '' : free === 0 ? ` (${bytes(total)})` : ` (${bytes(total)}, ${bytes(free)} freed at once)`;
  return `Remove ${whatGoes(look.rows)}${size}? [y/N] `;
}

/** The result, and how to undo it. Ends without a line break. */
export function pruneOutcomeText(outcome: PruneOutcome, o: Screen): string {
  const style = styleFor(o);
  const { removed } = outcome;
  const lines: string[] = [];
  if (removed.length > 0) {
    const worktrees = removed.filter(({ worktree }) => worktree !== null).length;
    const branches = removed.filter(({ branch }) => branch !== null).length;
    lines.push(`Removed ${both(worktrees, branches)}.${freed(outcome)}`, ...trashLines(outcome, o));
  }
  for (const { name, why } of outcome.kept) lines.push(...wrapWords(`${oneLine(name)} is kept. ${oneLine(why)}`, o.columns));
  for (const note of outcome.notes) lines.push(...wrapWords(oneLine(note), o.columns));
  if (outcome.operation !== null && !outcome.purged)
    lines.push(style.dim(`Restore it: copse undo ${outcome.operation.slice(0, OF_TIME)}`));
  return lines.join('\n');
}

function freed({ freedBytes }: PruneOutcome): string {
  return freedBytes === 0 ? '' : ` ${bytes(freedBytes)} freed.`;
}

function trashLines({ retainedBytes, keptUntil, purged }: PruneOutcome, o: Screen): string[] {
  if (purged || retainedBytes === 0) return [];
  const until = keptUntil === null ? '' : ` until ${keptUntil.slice(0, 10)}`;
  const now = o.agent === true ? '' : ' Delete it now: copse prune --purge';
  return [`${bytes(retainedBytes)} in the trash${until}.${now}`];
}

/** The contents of the trash, before the question. */
export function trashText({ worktrees }: { readonly worktrees: number }): string {
  return `${both(worktrees, 0)} in the trash. See ${worktrees === 1 ? 'it' : 'them'}: copse undo --list`;
}

/** The question before the trash is deleted. */
export function freeQuestion(trash: { readonly bytes: number; readonly worktrees: number }): string {
  return `Permanently delete the files of ${both(trash.worktrees, 0)} (${bytes(trash.bytes)})? [y/N] `;
}

/** The freed space. Ends without a line break. */
export function freedText(freed: { readonly bytes: number; readonly kept: readonly string[] }, o: Screen): string {
  const kept = freed.kept.flatMap((why) => wrapWords(oneLine(why), o.columns));
  return [`${bytes(freed.bytes)} freed. Commits can still be restored: copse undo --list`, ...kept].join('\n');
}
