import type { Context } from '../commands/command.ts';
import type { Verb } from '../commands/registry.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { checkOptions } from './check-options.ts';
import { readCommandLine } from './command-line.ts';
import { readOptions, readPlain } from './read-options.ts';

/** Runs what a line asks for; the words are those after `copse`, without the global flags. Throws what the command throws. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<ExitCode> {
  const asked = readCommandLine(args);
  if (asked.kind === 'version') {
    context.stdout.write(`${context.version}\n`);
    return EXIT.ok;
  }
  if (asked.kind === 'help') {
    context.stdout.write(await helpOf(asked.verb, context));
    return EXIT.ok;
  }
  const { command } = await asked.verb.load();
  const line = readPlain(asked.args, command.options) ?? (await readOptions(asked.args, command.options));
  return command.run(checkOptions(asked.verb, command, line), context);
}

async function helpOf(verb: Verb | null, context: Context): Promise<string> {
  const screen = context.screen('stdout');
  if (verb === null) {
    const { helpText } = await import('./help.ts');
    return helpText(screen);
  }
  const { verbHelpText } = await import('./verb-help.ts');
  const { command } = await verb.load();
  return verbHelpText(verb, command, screen);
}
