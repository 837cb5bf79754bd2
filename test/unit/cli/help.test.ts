import { describe, expect, it } from 'vitest';
import { helpText } from '../../../src/cli/help.ts';
import { verbHelpText } from '../../../src/cli/verb-help.ts';
import { type Command, defineCommand, JSON_OPTION, type Screen } from '../../../src/commands/command.ts';
import { typedVerbs, type Verb } from '../../../src/commands/registry.ts';

const screen = (columns: number): Screen => ({ columns, rows: 24, colour: false, unicode: true });
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('copse --help', () => {
  it.each([[40], [60], [80], [120]])('fits %d columns and names each verb with its summary', (columns) => {
    const text = helpText(screen(columns));
    expect(widest(text)).toBeLessThanOrEqual(columns < 60 ? 60 : columns);
    for (const verb of typedVerbs()) {
      expect(text).toContain(`  ${verb.name}`);
      expect(text.replace(/\s+/g, ' ')).toContain(verb.summary);
    }
    expect(text).not.toContain('__');
  });

  it('looks like this', () => {
    expect(helpText(screen(80))).toMatchSnapshot();
  });
});

describe('copse <verb> --help', () => {
  const command = defineCommand({
    description: 'More about it.',
    examples: [{ line: 'copse try dark', does: 'tries it' }],
    arguments: { variant: 'which one' },
    options: {
      json: JSON_OPTION,
      timeout: { kind: 'text', alias: 't', summary: 'how long, like 45m', group: 'Limits' },
      shell: { kind: 'text', summary: 'which shell', choices: ['bash', 'zsh'] },
      secret: { kind: 'flag', summary: 'not for people', hidden: true },
    },
    schema: {} as never,
    run: () => Promise.resolve(0),
  }) as Command;
  const verb: Verb = {
    name: 'try',
    usage: '<variant> -- <command...>',
    summary: 'try it',
    group: 'Use',
    completes: [],
    load: () => Promise.resolve({ command }),
  };

  it('looks like this, at 80 and 50 columns', async () => {
    expect(await verbHelpText(verb, command, screen(80))).toMatchSnapshot();
    const narrow = await verbHelpText(verb, command, screen(50));
    expect(narrow).toMatchSnapshot();
    expect(widest(narrow)).toBeLessThanOrEqual(50);
    expect(narrow).not.toContain('secret');
  });

  it('breaks no line that is there to be typed', async () => {
    const line = 'copse try --prompt "Speed up the search of this app" --count 3';
    const long = { ...command, examples: [...command.examples, { line, does: 'without a file' }] };
    expect(await verbHelpText(verb, long, screen(60))).toContain(`  copse try dark  tries it\n  ${line}\n      without a file\n`);
  });
});
