import type { Problem } from '../../model/errors.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import * as say from './plan-messages.ts';

/** `variants.yaml:12:5`, which editors and terminals make a link of. */
function whereOf(problem: Problem): string {
  const { position } = problem;
  const file = position === undefined ? '' : `${oneLine(position.file)}:${position.line}:${position.column}`;
  // Most sentences about a key or a variant name it themselves.
  const named = problem.path === undefined || problem.path === '' || problem.what.startsWith(`${problem.path} `);
  const path = named ? '' : oneLine(problem.path ?? '');
  const variant = problem.variant === undefined || problem.what.includes(problem.variant) ? '' : oneLine(problem.variant);
  return [file, path === '' ? variant : path].filter((part) => part !== '').join(' ');
}

/** One problem: where, what, and indented below it why and what to do. */
export function problemText(problem: Problem, o: Screen): string {
  const style = styleFor(o);
  const where = whereOf(problem);
  const head = `${style.red(symbolsFor(o).failure)} ${where === '' ? '' : `${style.bold(where)}: `}${plainText(problem.what).split('\n').join('\n  ')}`;
  const below = [problem.why, problem.fix].flatMap((text) =>
    text === undefined || text === '' ? [] : plainText(text).split('\n'),
  );
  return [head, ...below.map((line) => `  ${line}`)].join('\n');
}

/** All problems, one below the other, none left out. */
export function problemsText(problems: readonly Problem[], o: Screen): string {
  return [
    ...problems.map((problem) => problemText(problem, o)),
    ...(problems.length > 1 ? [say.problemCount(problems.length)] : []),
  ].join('\n');
}
