import { basename } from 'node:path';
import type { OperationRow, RestoredThing, TakenThing, UndoReport } from '../../model/reports/undo-report.ts';
import { ago, bytes, count, shortCommit } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { type Column, layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { displayWidth, truncate } from '../kit/width.ts';
import { wrapWords } from '../kit/wrap.ts';

/** The restored items and their paths. Ends without a line break. */
export function undoText(report: UndoReport, o: Screen): string {
  const style = styleFor(o);
  const { merge, restored, left } = report;
  const lines: string[] = [];
  if (merge !== null) {
    const target = oneLine(merge.target);
    lines.push(
      `${style.green(symbolsFor(o).success)} ${style.bold(`${target} is back at ${shortCommit(merge.to)}`)}   it was at ${shortCommit(merge.from)}`,
      ...merge.checkouts.flatMap((path) => wrapWords(`${oneLine(path)} follows.`, o.columns - 2).map((line) => `  ${line}`)),
      ...pushedLines(merge.target, merge.pushed, o),
    );
  }
  lines.push(...restoredLines(restored, o));
  for (const sentence of left) lines.push(...wrapWords(oneLine(sentence), o.columns).map(style.yellow));
  return lines.join('\n');
}

/** Effects outside of this machine remain. */
function pushedLines(target: string, pushed: NonNullable<UndoReport['merge']>['pushed'], o: Screen): string[] {
  if (pushed === null) return [];
  const [branches, verb] = [pushed.branches.map(oneLine).join(', '), pushed.branches.length === 1 ? 'has' : 'have'];
  const said = `${branches} still ${verb} it: undo changes nothing there, and a pull would bring it back. To revert it there, on ${oneLine(target)}:`;
  return [
    ...wrapWords(said, o.columns - 2).map((line) => `  ${styleFor(o).yellow(line)}`),
    ...pushed.commands.map((line) => `    ${oneLine(line)}`),
  ];
}

/** A line each with its path, if there is room for all of them; else the paths below. */
function restoredLines(restored: readonly RestoredThing[], o: Screen): string[] {
  const style = styleFor(o);
  const { success, ellipsis } = symbolsFor(o);
  // Its path is beside it.
  const names = restored.map((thing) =>
    thing.owner === null && thing.branch === null ? basename(nameOf(thing)) : nameOf(thing),
  );
  const branches = restored.map(({ branch, path }, i) =>
    branch !== null && (branch !== names[i] || path === null) ? `branch ${oneLine(branch)}` : '',
  );
  const places = restored.map(({ path }) => oneLine(path ?? ''));
  const columns: Column[] = [
    { gap: 0, cells: restored.map(() => ({ text: success, paint: style.green })) },
    { gap: 1, cells: names.map((text) => ({ text, paint: style.bold })) },
    { gap: 3, cells: branches.map((text) => ({ text })) },
  ];
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));
  // An empty column is left out, with its gap.
  const middle = widest(branches) === 0 ? 0 : 3 + widest(branches);
  const fits = 1 + 1 + widest(names) + middle + 3 + widest(places) <= o.columns;
  const heads = layOut(fits ? [...columns, { gap: 3, cells: places.map((text) => ({ text })) }] : columns, {
    width: o.columns,
    ellipsis,
  });
  return restored.flatMap(({ path, movedFrom, renamedFrom, notes }, i) => {
    const sentences = [
      ...(path === null || fits ? [] : [places[i] ?? '']),
      ...(movedFrom === null ? [] : [`Not at ${oneLine(movedFrom)}: something else is there now.`]),
      ...(renamedFrom === null ? [] : [`Not on ${oneLine(renamedFrom)}: another branch has that name now.`]),
      ...notes.map(oneLine),
    ];
    return [heads[i] ?? '', ...sentences.flatMap((sentence) => wrapWords(sentence, o.columns - 2)).map((line) => `  ${line}`)];
  });
}

function nameOf({ owner, branch, path }: Pick<TakenThing, 'owner' | 'branch' | 'path'>): string {
  if (owner !== null) return oneLine(`${owner.run}/${owner.variant}`);
  return oneLine(branch ?? path ?? '');
}

/** The recorded operations, newest first: id, time, command, what can still be restored, size on disk. */
export function undoListText(rows: readonly OperationRow[], o: Screen & { readonly now: Date }): string {
  const style = styleFor(o);
  const { ellipsis } = symbolsFor(o);
  if (rows.length === 0) return 'No merge and no prune is on record here.';
  const plain = (texts: readonly string[]) => texts.map((text) => ({ text }));
  const lines = layOut(
    [
      { gap: 0, cells: rows.map((row) => ({ text: row.short, paint: row.restorable === 'none' ? style.dim : style.bold })) },
      { gap: 2, cells: plain(rows.map(({ at }) => ago(o.now.getTime() - Date.parse(at)))) },
      { gap: 2, min: 12, cells: plain(rows.map(({ command }) => oneLine(command))) },
      { gap: 2, cells: rows.map((row) => ({ text: standing(row), paint: row.restorable === 'none' ? style.dim : style.green })) },
      { gap: 2, align: 'right', drop: 1, cells: plain(rows.map((row) => (row.bytes === 0 ? '' : bytes(row.bytes)))) },
    ],
    { width: o.columns, ellipsis },
  );
  const room = Math.max(20, o.columns - 4);
  const blocks = rows.flatMap((row, i) => [
    lines[i] ?? '',
    ...details(row).map((line) => style.dim(`    ${truncate(line, room, ellipsis)}`)),
  ]);
  return blocks.join('\n');
}

function standing({ restorable, state, undoneBy, kind }: OperationRow): string {
  if (state === 'open') return 'interrupted';
  if (state === 'rolled-back') return 'changed nothing';
  if (undoneBy !== null) return 'undone';
  if (kind === 'undo') return '';
  const words = { all: 'can be undone', some: 'some can be restored', commits: 'branches can be restored', none: 'deleted' };
  return words[restorable];
}

const SHOWN = 3;

function details({ merge, taken, restorable, undid }: OperationRow): string[] {
  if (undid !== null) return [`undid ${undid.short}: ${oneLine(undid.command)}`];
  if (merge !== null) {
    return [
      `${merge.landed.map(oneLine).join(', ')} on ${oneLine(merge.target)}, ${shortCommit(merge.from)} to ${shortCommit(merge.to)}`,
    ];
  }
  if (restorable === 'none' || taken.length === 0) return [];
  const names = taken.slice(0, SHOWN).map((thing) => `${nameOf(thing)} (${oneLine(thing.why)})`);
  return [taken.length > SHOWN ? `${names.join(', ')} and ${count(taken.length - SHOWN, 'other')}` : names.join(', ')];
}
