import type { Served } from '../../model/reports/served.ts';
import { oneLine } from '../../text/plain-text.ts';
import { layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { type Paint, styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapWords } from '../kit/wrap.ts';

/** The shown facts of a server. */
export type ShownServer = Pick<Served, 'label' | 'state' | 'url' | 'detail' | 'tail'>;

const LABEL_CELLS = 32;
/** Of the log of one that failed. */
const LOG_LINES = 5;

/** One line for each server: mark, name, state, address; below it what is to say about it. `frame`: of the spinner. */
export function serveList(servers: readonly ShownServer[], o: Screen & { readonly frame: number }): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const rows = layOut(
    [
      { gap: 2, cells: servers.map((one) => markOf(one, o)) },
      {
        gap: 1,
        cells: servers.map(({ label }) => ({ text: truncate(oneLine(label), LABEL_CELLS, symbols.ellipsis), paint: style.bold })),
      },
      { gap: 2, drop: 1, cells: servers.map(({ state }) => ({ text: state })) },
      {
        gap: 2,
        min: 12,
        cells: servers.map(({ state, url }) => ({ text: state === 'failed' || state === 'stopped' ? '' : url })),
      },
    ],
    { width: o.columns, ellipsis: symbols.ellipsis },
  );
  const room = Math.max(12, o.columns - 4);
  return servers.flatMap((one, i) => [
    rows[i] ?? '',
    ...(one.detail === '' ? [] : wrapWords(oneLine(one.detail), room).map((line) => `    ${line}`)),
    ...(one.state === 'failed' ? logLines(one, room, symbols.ellipsis, style.dim) : []),
  ]);
}

/** The state of one server, on its own line: without a terminal. */
export function serveLine({ label, state, url, detail }: ShownServer): string {
  const about = state === 'ready' ? `${url}${detail === '' ? '' : `  ${oneLine(detail)}`}` : oneLine(detail);
  return `${oneLine(label)}: ${state}${about === '' ? '' : `  ${about}`}`;
}

/** The last lines that a server printed before it failed, below its line. */
export function serveLog(one: ShownServer): readonly string[] {
  return one.state === 'failed' ? one.tail.slice(-LOG_LINES).map((line) => `  | ${oneLine(line)}`) : [];
}

function logLines(one: ShownServer, room: number, ellipsis: string, dim: Paint): string[] {
  return one.tail.slice(-LOG_LINES).map((line) => dim(`    ${truncate(`| ${oneLine(line)}`, room, ellipsis)}`));
}

function markOf({ state }: ShownServer, o: Screen & { readonly frame: number }): { text: string; paint: Paint } {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  switch (state) {
    case 'ready':
      return { text: symbols.success, paint: style.green };
    case 'failed':
      return { text: symbols.failure, paint: style.red };
    case 'stopped':
      return { text: symbols.stopped, paint: style.yellow };
    case 'starting':
    case 'restarting':
      return { text: symbols.spinner[o.frame % symbols.spinner.length] ?? '', paint: style.cyan };
  }
}
