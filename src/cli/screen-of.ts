import type { Screen } from '../commands/command.ts';
import { isCi } from '../text/is-ci.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What can be shown on a stream now. Without a terminal: 80 columns, no colour. */
export function screenOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
  environment: Environment,
  colourWanted: boolean,
): Screen {
  const terminal = stream.isTTY === true;
  const noColour = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb' || isCi(environment);
  return {
    // Some pseudo-terminals report 0.
    columns: (terminal && stream.columns) || 80,
    rows: (terminal && stream.rows) || 24,
    colour: terminal && colourWanted && !noColour,
    unicode: speaksUnicode(environment),
    terminal,
  };
}

/** If no locale is set (containers, CI), assume UTF-8; the Linux console's font lacks our marks. */
function speaksUnicode(environment: Environment): boolean {
  if (environment['TERM'] === 'linux') return false;
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'UTF-8';
  return /utf-?8/i.test(locale);
}
