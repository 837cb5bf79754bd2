import { oneLine } from '../text/plain-text.ts';
import type { Screen } from './kit/screen.ts';
import { styleFor, symbolsFor } from './kit/style.ts';
import { wrapWords } from './kit/wrap.ts';

/** One thing that was looked at. */
export interface DoctorLine {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly found: string;
  readonly fix: string | null;
}

/** What `doctor` found, one thing a line, with what to do below it. Ends without a line break. */
export function doctorText(checks: readonly DoctorLine[], o: Screen): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const marks = { ok: style.green(symbols.success), warning: style.yellow(symbols.warning), failed: style.red(symbols.failure) };
  return checks
    .flatMap(({ name, state, found, fix }) => {
      const [first = '', ...rest] = wrapWords(oneLine(found), Math.max(20, o.columns - width - 4));
      const indent = ' '.repeat(width + 4);
      return [
        `${marks[state]} ${name.padEnd(width)}  ${first}`,
        ...rest.map((line) => indent + line),
        // Commands are never wrapped: they are there to be copied.
        ...(fix === null ? [] : fix.split('\n').map((line) => `${indent}${oneLine(line)}`)),
      ];
    })
    .join('\n');
}
