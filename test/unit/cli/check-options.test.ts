import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { checkOptions } from '../../../src/cli/check-options.ts';
import { readOptions } from '../../../src/cli/read-options.ts';
import { type Command, defineCommand } from '../../../src/commands/command.ts';
import { dollars, duration, someText, wholeNumber } from '../../../src/commands/option-values.ts';
import type { Verb } from '../../../src/commands/registry.ts';
import type { CopseError } from '../../../src/model/errors.ts';

const command = defineCommand({
  examples: [],
  options: {
    count: { kind: 'text', summary: '' },
    budget: { kind: 'text', summary: '' },
    timeout: { kind: 'text', summary: '' },
    prompt: { kind: 'text', summary: '' },
    template: { kind: 'text', summary: '', choices: ['ab', 'demo'] },
    'dry-run': { kind: 'flag', summary: '' },
  },
  schema: z.strictObject({
    variant: z.string(),
    count: z.optional(wholeNumber({ min: 1, max: 50 })),
    budget: z.optional(dollars()),
    timeout: z.optional(duration()),
    prompt: z.optional(someText('a text')),
    template: z.optional(z.enum(['ab', 'demo'])),
    'dry-run': z.boolean(),
  }),
  run: () => Promise.resolve(0),
});
const verb: Verb = {
  name: 'try',
  usage: '<variant>',
  summary: '',
  group: 'Use',
  completes: [],
  load: () => Promise.resolve({ command: command as Command }),
};

async function check(...args: string[]): Promise<unknown> {
  return checkOptions(verb, command as Command, await readOptions(args, command.options));
}

async function refusal(...args: string[]): Promise<readonly string[]> {
  const error = await check(...args).then(
    () => null,
    (reason: CopseError) => reason,
  );
  expect(error).toMatchObject({ code: 'usage', exit: 2, hint: 'See how it is used: copse try --help' });
  const problems = error?.problems.map((problem) => [problem.what, problem.fix].filter(Boolean).join(' ')) ?? [];
  return problems.length > 0 ? problems : [[error?.message, error?.why].filter(Boolean).join(' ')];
}

describe('checkOptions', () => {
  it('gives the command what its schema makes of the line', async () => {
    expect(await check('dark', '--count', '3', '--budget', '$2.50', '--timeout', '1.5h', '--dry-run')).toEqual({
      variant: 'dark',
      count: 3,
      budget: 2.5,
      timeout: 5_400_000,
      'dry-run': true,
    });
  });

  it.each([
    [['--count', 'abc'], '--count needs a whole number from 1 to 50, not "abc".'],
    [['--count', '0'], '--count needs a whole number from 1 to 50, not "0".'],
    [['--count', '3.5'], '--count needs a whole number from 1 to 50, not "3.5".'],
    [['--count', 'NaN'], '--count needs a whole number from 1 to 50, not "NaN".'],
    [['--count', '-1'], '--count needs a whole number from 1 to 50, not "-1".'],
    [['--count', ''], '--count needs a whole number from 1 to 50, not "".'],
    [['--budget', '0'], '--budget needs an amount like 2.50, not "0".'],
    [['--budget', 'Infinity'], '--budget needs an amount like 2.50, not "Infinity".'],
    [['--timeout', '45'], '--timeout needs a duration like 90s, 45m, 2h or 30d, not "45".'],
    [['--timeout', '-1m'], '--timeout needs a duration like 90s, 45m, 2h or 30d, not "-1m".'],
    [['--prompt', ' '], '--prompt needs a text, not " ".'],
    [['--template', 'abc'], '--template cannot be "abc". It takes "ab", "demo".'],
    [['--dryrun'], 'There is no option --dryrun. Did you mean --dry-run?'],
    [['--no-count'], 'There is no option --no-count. Did you mean --count?'],
    [['-z'], 'There is no option -z.'],
    [['--count'], '--count needs a value.'],
    [['--template'], '--template needs one of ab, demo.'],
    [['light'], 'There is no place for "light".'],
  ])('says of %j: %s', async (args, sentence) => {
    expect(await refusal('dark', ...args)).toEqual([sentence]);
  });

  it('says what is missing', async () => {
    expect(await refusal()).toEqual(['<variant> is missing.']);
  });

  it('says where a command has to stand', async () => {
    const exec = { ...verb, name: 'exec', usage: '[variant] -- <command...>' };
    const given = await readOptions(['dark', 'npm', 'run test'], command.options);
    expect(() => checkOptions(exec, command as Command, given)).toThrow(
      expect.objectContaining({
        message: 'The command has to stand after --.',
        why: 'Did you mean: copse exec dark -- npm "run test"',
      }),
    );
  });

  it('says where paths have to stand that may be left out', async () => {
    const diff = { ...verb, name: 'diff', usage: '<a> [b] -- [path...]' };
    const given = await readOptions(['dark', 'light', 'src'], command.options);
    expect(() => checkOptions(diff, command as Command, given)).toThrow(
      expect.objectContaining({ why: 'Did you mean: copse diff dark light -- src' }),
    );
  });

  it('says everything at once', async () => {
    expect(await refusal('--count', 'x', '--timeout', 'y')).toEqual([
      '<variant> is missing.',
      '--count needs a whole number from 1 to 50, not "x".',
      '--timeout needs a duration like 90s, 45m, 2h or 30d, not "y".',
    ]);
  });

  it('says only the unknown option where that may have eaten a word', async () => {
    expect(await refusal('--cuont', 'dark')).toEqual(['There is no option --cuont. Did you mean --count?']);
  });
});
