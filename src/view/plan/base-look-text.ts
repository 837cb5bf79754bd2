import type { Plan } from '../../model/plan.ts';
import { type BaseLook, isStuck, isToBeWritten, type LookedCheck } from '../../model/reports/base-look.ts';
import { duration, limit } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { type Cell, layOut } from '../kit/columns.ts';
import { type Style, type Symbols, styleFor, symbolsFor } from '../kit/style.ts';
import { wrapFacts, wrapWords } from '../kit/wrap.ts';
import { baseText } from '../run/run-header.ts';
import * as say from './base-look-messages.ts';
import type { PlanScreen } from './plan-text.ts';

/** How set-up and each check ended on the base, and what to do about it. Ends without a line break. */
export function baseLookText(plan: Plan, look: BaseLook, o: PlanScreen): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const { checks, failure } = look;
  const header = wrapFacts([{ text: plan.run, paint: style.bold }, { text: say.checksOn(baseText(plan)) }], {
    columns: o.columns,
    gap: 2,
  });
  const cells = (cell: (check: LookedCheck) => Cell): Cell[] => checks.map(cell);
  const rows = layOut(
    [
      { gap: 0, cells: cells((check) => markOf(check, style, symbols)) },
      { gap: 1, cells: cells(({ planned }) => ({ text: oneLine(planned.name), paint: style.bold })) },
      { gap: 2, cells: cells(({ result }) => ({ text: say.ended[result.status] })) },
      { gap: 2, align: 'right', cells: cells((check) => ({ text: timeOf(check) })) },
      { gap: 2, cells: cells(({ known }) => ({ text: known ? say.known : '', paint: style.dim })) },
    ],
    { width: o.columns - 2, ellipsis: symbols.ellipsis },
  );
  const below = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => wrapWords(oneLine(text), Math.max(20, o.columns - 6))).map((line) => `      ${line}`);
  const lines = [
    ...(failure === '' ? [] : [`  ${style.red(symbols.failure)} ${style.bold(say.setup)}`, ...below([failure, say.setupFix])]),
    ...(failure === '' && checks.length === 0 && plan.setup.length > 0
      ? [`  ${style.green(symbols.success)} ${style.bold(say.setup)}`]
      : []),
    ...rows.flatMap((row, i) => {
      const check = checks[i];
      if (check === undefined) return [];
      const log = failure === '' && check.result.status !== 'passed' ? [`      ${style.dim(say.output(check.log))}`] : [];
      return [`  ${row}`, ...below(failure === '' ? adviceOn(check, plan) : []), ...log];
    }),
  ];
  const end = isStuck(look) ? say.stuck : [say.nothingSpent, ...startOf(o)].join(' ');
  const blocks = [[header], lines.length === 0 ? wrapWords(say.nothingToCheck, o.columns) : lines, wrapWords(end, o.columns)];
  return blocks.map((block) => block.join('\n')).join('\n\n');
}

function startOf({ startCommand }: PlanScreen): string[] {
  return startCommand === undefined ? [] : [say.startWith(startCommand)];
}

function markOf({ result }: LookedCheck, style: Style, symbols: Symbols): Cell {
  switch (result.status) {
    case 'passed':
      return { text: symbols.success, paint: style.green };
    case 'failed':
      return { text: symbols.failure, paint: style.red };
    default:
      return { text: symbols.warning, paint: style.yellow };
  }
}

function timeOf({ result }: LookedCheck): string {
  return result.durationMs === 0 ? '' : duration(result.durationMs);
}

function adviceOn(check: LookedCheck, plan: Plan): string[] {
  const { result, missing } = check;
  const cause = result.detail === '' ? [] : [result.detail];
  switch (result.status) {
    case 'failed':
      return [...cause, say.failsOnBase];
    case 'timed-out':
      return [...cause, say.timedOut(limit(plan.commandTimeoutMs))];
    case 'could-not-run':
      if (isToBeWritten(check)) return [...cause, say.toBeWritten];
      if (check.watches) return cause;
      return [...cause, missing === null ? say.killed : say.install(missing)];
    default:
      return cause;
  }
}
