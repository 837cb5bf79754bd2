import type { CopseError } from '../model/errors.ts';
import { plainText } from '../text/plain-text.ts';
import type { Screen } from './kit/screen.ts';
import { styleFor, symbolsFor } from './kit/style.ts';
import { wrapWords } from './kit/wrap.ts';
import { problemText } from './plan/problem-text.ts';

const indented = (text: string): string[] =>
  plainText(text)
    .split('\n')
    .map((line) => `  ${line}`);

/** An error as people see it: what, why, all problems, what to do. Hints hold commands and are never wrapped. */
export function errorText(error: CopseError, o: Screen): string {
  const style = styleFor(o);
  const [first = '', ...rest] = plainText(error.message).split('\n');
  const why =
    error.why === undefined || error.why === ''
      ? []
      : plainText(error.why)
          .split('\n')
          .flatMap((line) => wrapWords(line, o.columns - 2));
  return [
    `${style.red(symbolsFor(o).failure)} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...why.map((line) => `  ${line}`),
    ...error.problems.flatMap((problem) =>
      problemText(problem, o)
        .split('\n')
        .map((line) => `  ${line}`),
    ),
    ...(error.hint === undefined || error.hint === '' ? [] : indented(error.hint)),
  ].join('\n');
}
