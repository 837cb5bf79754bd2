import type { Command, OptionSpec } from '../../../src/commands/command.ts';
import { typedVerbs, type Verb } from '../../../src/commands/registry.ts';

/** Every verb with its arguments, options and examples, from the registry and the verbs' own files. */
export async function commandsText(): Promise<string> {
  const parts: string[] = [];
  let group: string | null = null;
  for (const verb of typedVerbs()) {
    if (verb.group !== group) parts.push(`### ${verb.group}`);
    group = verb.group;
    const { command } = await verb.load();
    parts.push(verbText(verb, command));
  }
  return parts.join('\n\n');
}

function verbText(verb: Verb, command: Command): string {
  const options = Object.entries(command.options).filter(([, spec]) => spec.hidden !== true);
  const parts = [
    `#### \`copse ${verb.name}${verb.usage === '' ? '' : ` ${verb.usage}`}\``,
    command.description ?? `${verb.summary}.`,
  ];
  const rows = [
    ...Object.entries(command.arguments ?? {}).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`),
    ...options.map(([name, spec]) => `| ${optionName(name, spec)} | ${cell(spec.summary)}${choices(spec)} |`),
  ];
  if (rows.length > 0) parts.push(['| | |', '| --- | --- |', ...rows].join('\n'));
  if (command.examples.length > 0) {
    const width = Math.max(...command.examples.map(({ line }) => line.length));
    parts.push(`\`\`\`text\n${command.examples.map(({ line, does }) => `${line.padEnd(width)}   ${does}`).join('\n')}\n\`\`\``);
  }
  return parts.join('\n\n');
}

function optionName(name: string, spec: OptionSpec): string {
  // An option that can be given without a value takes it with `=` only.
  const value = spec.alone === undefined ? { flag: '', text: ' …', list: ' …,…' }[spec.kind] : '[=…]';
  return `${spec.alias === undefined ? '' : `\`-${spec.alias}\`, `}\`--${name}${value}\``;
}

function choices(spec: OptionSpec): string {
  return spec.choices === undefined ? '' : `: ${spec.choices.map((choice) => `\`${choice}\``).join(', ')}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
