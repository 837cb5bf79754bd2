import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Operation } from '../model/operation.ts';
import type { UndoReport } from '../model/reports/undo-report.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { chooseOperation } from '../undo/choose-operation.ts';
import { listUndoable } from '../undo/list-undoable.ts';
import { settleFirst } from '../undo/settle-first.ts';
import { undo } from '../undo/undo.ts';
import { undoJson, undoListJson } from '../view/landing/undo-json.ts';
import { undoListText, undoText } from '../view/landing/undo-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { tellPlanted } from './tell-planted.ts';

export const command = defineCommand({
  description:
    'Takes back the last merge or prune: worktrees, branches, uncommitted and ignored files are restored, and a target moves back. Without an operation: the newest one that is not undone yet; without a terminal, name it.',
  examples: [
    { line: 'copse undo', does: 'the last merge or prune' },
    { line: 'copse undo --list', does: 'what can be undone, and its size on disk' },
    { line: 'copse undo 01k9hy4q', does: 'this one' },
  ],
  arguments: { operation: 'the first characters of its id, as undo --list shows them' },
  options: {
    list: { kind: 'flag', summary: 'only list recorded operations' },
    // It never asks; the option is accepted out of habit.
    yes: { kind: 'flag', alias: 'y', summary: 'do not ask', hidden: true },
    json: JSON_OPTION,
  },
  schema: z.strictObject({ operation: z.optional(z.string()), list: z.boolean(), yes: z.boolean(), json: z.boolean() }),
  async run(options, context) {
    const here = { ...(await openHere(context.cwd)), clock: context.clock };
    tellPlanted(context);
    if (options.list) {
      const rows = await listUndoable(here.store);
      const shown = options.json
        ? JSON.stringify(undoListJson(rows))
        : undoListText(rows, { ...context.screen('stdout'), now: context.clock.now() });
      context.stdout.write(`${shown}\n`);
      return EXIT.ok;
    }
    const settled = await settleFirst(here);
    for (const sentence of settled.sentences) context.stderr.write(`${sentence}\n`);
    const report = meant(settled.undone, options.operation) ?? (await undoNow(here, options, context));
    if (typeof report === 'number') return report;
    context.stdout.write(
      options.json ? `${JSON.stringify(undoJson(report))}\n` : `${undoText(report, context.screen('stdout'))}\n`,
    );
    return report.left.length === 0 ? EXIT.ok : EXIT.failed;
  },
});

/** The undo that a crash had interrupted and that is finished now, if it is the requested one. */
function meant(undone: UndoReport | null, asked: string | undefined): UndoReport | null {
  return undone !== null && (asked === undefined || (asked !== '' && undone.of.startsWith(asked))) ? undone : null;
}

async function undoNow(
  here: Here & { readonly clock: Context['clock'] },
  options: { readonly operation?: string | undefined; readonly json: boolean },
  context: Context,
): Promise<UndoReport | ExitCode> {
  const operation = await chooseOperation(here.store, options.operation ?? null);
  // Without a terminal the newest may be another one than whoever types this has in mind.
  if (options.operation === undefined && (!context.interactive || context.agent !== null)) throw sayWhich(operation);
  const typed = options.operation === undefined ? 'copse undo' : `copse undo ${options.operation}`;
  if (!options.json) context.stderr.write(`Undoing ${operation.command}\n`);
  // Ctrl-C in the middle would leave it halfway until the next command; it is done in a moment.
  let stopped: ExitCode | null = null;
  const release = context.onSignal((signal) => {
    stopped = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    context.stderr.write('It is being undone, and will finish in a moment.\n');
  });
  try {
    return await undo({ ...here, command: typed, operation });
  } catch (error) {
    if (stopped === null) throw error;
    // In a terminal Ctrl-C also ends the git that is at work. An operation that has begun is finished as after a crash.
    const { sentences, undone } = await settleFirst(here);
    if (undone?.of === operation.id) return undone;
    // It is still open, and the error says how to finish it.
    if (sentences.length > 0) throw error;
    context.stderr.write('Stopped. Nothing was undone.\n');
    return stopped;
  } finally {
    release();
  }
}

function sayWhich({ id, command }: Operation): CopseError {
  return new CopseError({
    code: 'which-operation',
    exit: EXIT.precondition,
    what: 'Without a terminal, undo needs the id of what it takes back.',
    why: `The last one is ${command}.`,
    hint: `If you mean that one: copse undo ${id.slice(0, OF_TIME)}`,
  });
}

/** Characters of an id that are its time, in milliseconds. */
const OF_TIME = 10;
