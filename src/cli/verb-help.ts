import type { Command, Screen } from '../commands/command.ts';
import type { Verb } from '../commands/registry.ts';
import { padEnd } from '../view/width.ts';
import { wrapWords } from '../view/wrap.ts';

/** `copse <verb> --help`, laid out by yargs: options in their groups, examples, as wide as the terminal. */
export async function verbHelpText(verb: Verb, command: Command, screen: Screen): Promise<string> {
  const { default: yargs } = await import('yargs');
  const options = Object.entries(command.options).filter(([, spec]) => spec.hidden !== true);
  const parser = yargs([]).scriptName('copse').locale('en').help(false).version(false).exitProcess(false).wrap(screen.columns);
  for (const [name, spec] of options) {
    parser.option(name, {
      describe: spec.summary,
      group: `${spec.group ?? 'Options'}:`,
      // Without a type yargs prints no [boolean], [string]: the summary says what is wanted.
      ...(spec.alias === undefined ? {} : { alias: spec.alias }),
      ...(spec.choices === undefined ? {} : { choices: [...spec.choices] }),
    });
  }
  if (command.examples.length > 0) parser.example(command.examples.map(({ line, does }): [string, string] => [line, does]));
  // yargs would strip the indentation of a usage text given to it.
  const rest = (await parser.getHelp()).trim();
  return `${usageText(verb, command, screen)}\n${rest === '' ? '' : `\n${rest}\n`}`;
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
