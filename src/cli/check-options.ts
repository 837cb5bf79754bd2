import { type $ZodIssue, safeParse } from 'zod/v4/core';
import type { Command } from '../commands/command.ts';
import type { Verb } from '../commands/registry.ts';
import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { nearest } from '../text/nearest.ts';
import { shellWord } from '../text/shell-word.ts';
import { assignPositionals, positionalsOf } from './positionals.ts';
import type { ReadLine } from './read-options.ts';

/** The line as the command's schema parses it. Throws one CopseError (exit 2) with everything that is wrong. */
export function checkOptions(verb: Verb, command: Command, line: ReadLine): unknown {
  const known = Object.keys(command.options).map((name) => `--${name}`);
  const problems: Problem[] = [
    ...line.unknown.map((option) => unknownOption(option, known)),
    ...line.valueless.map((option) => ({ what: `${option} needs ${wantedValue(command, option)}.` })),
    ...line.refused.map((what) => ({ what })),
  ];
  // An unknown option may have eaten a word, so what else seems missing would only mislead.
  if (problems.length > 0) throw usageError(verb, problems);

  const positionals = positionalsOf(verb.usage);
  const { raw, surplus, missing } = assignPositionals(positionals, line.words, line.afterDashes);
  const forgot = positionals.find(({ afterDashes }) => afterDashes);
  if (forgot !== undefined && surplus.length > 0 && line.afterDashes === null) {
    const words = line.words.slice(0, line.words.length - surplus.length);
    const meant = ['copse', verb.name, ...words.map(shellWord), '--', ...surplus.map(shellWord)].join(' ');
    throw usageError(verb, [{ what: `The ${forgot.name} has to stand after --.`, fix: `Did you mean: ${meant}` }]);
  }
  for (const { name, afterDashes } of missing) {
    problems.push({ what: afterDashes ? `A ${name} is missing after --.` : `<${name}> is missing.` });
  }
  for (const word of surplus) problems.push({ what: `There is no place for "${word}".` });
  const checked = safeParse(command.schema, { ...line.options, ...raw });
  if (!checked.success) {
    const unasked = new Set(missing.map(({ name }) => name));
    const words = new Set(positionals.map(({ name }) => name));
    for (const issue of checked.error.issues) {
      const name = String(issue.path[0] ?? '');
      if (!unasked.has(name)) problems.push(problemOf(issue, name, words, { ...line.options, ...raw }));
    }
  }
  if (problems.length > 0) throw usageError(verb, problems);
  return checked.data;
}

function wantedValue(command: Command, option: string): string {
  const choices = command.options[option.replace(/^--/, '')]?.choices;
  return choices === undefined ? 'a value' : `one of ${choices.join(', ')}`;
}

function unknownOption(option: string, known: readonly string[]): Problem {
  const near = option.startsWith('--') ? nearest(option, known) : null;
  return { what: `There is no option ${option}.`, ...(near === null ? {} : { fix: `Did you mean ${near}?` }) };
}

/** A schema's message completes "--count needs …"; zod's own ones are turned into that form. */
function problemOf(
  issue: $ZodIssue,
  name: string,
  positionals: ReadonlySet<string>,
  given: Readonly<Record<string, unknown>>,
): Problem {
  // A message about the options together, not about one.
  if (issue.path.length === 0) return { what: issue.message };
  const shown = positionals.has(name) ? `<${name}>` : `--${name}`;
  if (!(name in given)) return { what: `${shown} is missing.` };
  const value = given[name];
  const part = typeof issue.path[1] === 'number' && Array.isArray(value) ? value[issue.path[1]] : value;
  return { what: `${shown} needs ${wanted(issue)}, not ${JSON.stringify(part)}.` };
}

function wanted(issue: $ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  // zod/mini without a locale says only this.
  return issue.message === 'Invalid input' ? 'another value' : issue.message;
}

function usageError(verb: Verb, problems: readonly Problem[]): CopseError {
  const shown = verb.group === null ? 'copse' : `copse ${verb.name}`;
  const [only] = problems;
  const hint = `See how it is used: ${shown} --help`;
  if (problems.length === 1 && only !== undefined) {
    const why = only.fix === undefined ? {} : { why: only.fix };
    return new CopseError({ code: 'usage', exit: EXIT.usage, what: only.what, ...why, hint });
  }
  return new CopseError({
    code: 'usage',
    exit: EXIT.usage,
    what: `${shown}: ${problems.length} things are wrong with this line.`,
    hint,
    problems,
  });
}
