import type { Command, Screen } from '../commands/command.ts';
import type { Verb } from '../commands/registry.ts';
import { padEnd } from '../view/kit/width.ts';
import { wrapWords } from '../view/kit/wrap.ts';

/** Where an example's explanation begins; that of a longer line is below it, so that no line to type is broken. */
const EXAMPLE_COLUMN = 44;

/** `copse <verb> --help`: options in their groups, laid out by yargs, and examples, as wide as the terminal. */
export async function verbHelpText(verb: Verb, command: Command, screen: Screen): Promise<string> {
  const { default: yargs } = await import('yargs');
  const options = Object.entries(command.options).filter(([, spec]) => spec.hidden !== true);
  const parser = yargs([]).scriptName('copse').locale('en').help(false).version(false).exitProcess(false).wrap(screen.columns);
  for (const [name, spec] of options) {
    parser.option(name, {
      // By default yargs puts choices at the right edge, far from the summary or right behind it.
      describe: spec.choices === undefined ? spec.summary : `${spec.summary} [${spec.choices.join(', ')}]`,
      group: `${spec.group ?? 'Options'}:`,
      // Without a type yargs prints no [boolean], [string]: the summary says what is wanted.
      ...(spec.alias === undefined ? {} : { alias: spec.alias }),
    });
  }
  // yargs would strip the indentation of a usage text given to it.
  const rest = (await parser.getHelp()).trim();
  return [usageText(verb, command, screen), rest, examplesText(command, screen)]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

function examplesText({ examples }: Command, screen: Screen): string {
  if (examples.length === 0) return '';
  const most = Math.min(EXAMPLE_COLUMN, Math.max(12, screen.columns - 24)) - 4;
  const column = Math.max(0, ...examples.map(({ line }) => line.length).filter((length) => length <= most)) + 4;
  const lines = examples.flatMap(({ line, does }) => {
    const beside = line.length <= most;
    const left = ' '.repeat(beside ? column : 6);
    const [first = '', ...rest] = wrapWords(does, Math.max(16, screen.columns - left.length));
    const below = rest.map((part) => left + part);
    return beside ? [padEnd(`  ${line}`, column) + first, ...below] : [`  ${line}`, left + first, ...below];
  });
  return ['Examples:', ...lines].join('\n');
}

function usageText(verb: Verb, command: Command, screen: Screen): string {
  const shown = ['copse', verb.group === null ? '' : verb.name, verb.usage].filter((word) => word !== '').join(' ');
  const options = Object.keys(command.options).length > 0 ? ' [options]' : '';
  const [before, after] = shown.split(' -- ');
  const lines = [after === undefined ? shown + options : `${before}${options} -- ${after}`, ''];
  lines.push(...wrapWords(sentence(verb.summary), screen.columns));
  if (command.description !== undefined) {
    for (const paragraph of command.description.split('\n')) lines.push(...wrapWords(paragraph, screen.columns));
  }
  const positionals = Object.entries(command.arguments ?? {});
  if (positionals.length > 0) {
    const column = Math.max(...positionals.map(([name]) => name.length)) + 4;
    lines.push('', 'Arguments:');
    for (const [name, summary] of positionals) {
      const [first, ...rest] = wrapWords(summary, Math.max(20, screen.columns - column));
      lines.push(padEnd(`  ${name}`, column) + (first ?? ''), ...rest.map((line) => ' '.repeat(column) + line));
    }
  }
  return lines.join('\n');
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
