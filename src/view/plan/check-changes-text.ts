import type { CheckChange } from '../../model/reports/check-changes.ts';
import { oneLine, visibleText } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor } from '../kit/style.ts';
import { displayWidth, padEnd } from '../kit/width.ts';

/** The commands of the variants file that differ from the run's, each line complete: the user decides on them. Ends without a line break. */
export function checkChangesText(
  o: { readonly file: string; readonly run: string; readonly changes: readonly CheckChange[] },
  screen: Screen,
): string {
  const style = styleFor(screen);
  const file = oneLine(o.file);
  if (o.changes.length === 0) return `${file} checks what run ${oneLine(o.run)} did.`;
  const width = Math.max(...o.changes.map(({ where }) => displayWidth(visibleText(where))));
  return [
    `Checks of ${file} in place of those of run ${oneLine(o.run)}:`,
    ...o.changes.map(({ kind, where, text }) => {
      const line = `${padEnd(visibleText(where), width)}  ${visibleText(text).replaceAll('\n', ' ')}`;
      return kind === 'added' ? style.green(`  + ${line}`) : style.red(`  - ${line}`);
    }),
  ].join('\n');
}
