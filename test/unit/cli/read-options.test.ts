import { describe, expect, it } from 'vitest';
import { type ReadLine, readOptions, readPlain, type Specs } from '../../../src/cli/read-options.ts';

const specs: Specs = {
  json: { kind: 'flag', summary: '' },
  follow: { kind: 'flag', alias: 'f', summary: '' },
  message: { kind: 'text', alias: 'm', summary: '' },
  count: { kind: 'text', summary: '' },
  models: { kind: 'list', summary: '' },
  order: { kind: 'list', alias: 'o', summary: '', choices: ['checks', 'cost'] },
};

const read = (...args: string[]): Promise<ReadLine> => readOptions(args, specs);

describe('readOptions', () => {
  it('has all flags and lists, and only the texts that were given', async () => {
    expect((await read('dark')).options).toEqual({ json: false, follow: false, models: [], order: [] });
    expect((await read('--json', '-f', '--count', '3')).options).toEqual({
      json: true,
      follow: true,
      count: '3',
      models: [],
      order: [],
    });
  });

  it('leaves numbers as they were typed', async () => {
    expect((await read('--count', '007', '1e3')).options).toMatchObject({ count: '007' });
    expect((await read('--count', '007', '1e3')).words).toEqual(['1e3']);
  });

  it('takes the last of a repeated text and all of a list, repeated or with commas', async () => {
    expect((await read('--count', '1', '--count', '2')).options['count']).toBe('2');
    expect((await read('--models', 'opus,sonnet', '--models', 'haiku', 'dark')).options['models']).toEqual([
      'opus',
      'sonnet',
      'haiku',
    ]);
    expect((await read('--models', 'opus', 'dark')).words).toEqual(['dark']);
  });

  it('takes whatever follows a text as its value, also a list item in Markdown', async () => {
    expect((await read('-m', '- smaller header')).options['message']).toBe('- smaller header');
    expect((await read('--message=--json')).options).toMatchObject({ message: '--json', json: false });
    expect((await read('--message', '')).options['message']).toBe('');
    expect((await read('-m', '$(touch x) "q" \'s\'')).options['message']).toBe('$(touch x) "q" \'s\'');
  });

  it('tells unknown options as they were typed', async () => {
    expect((await read('--jsn', '-x', '--no-json')).unknown).toEqual(['--jsn', '-x', '--no-json']);
    expect((await read('--a.b', '--__proto__', 'x')).unknown).toContain('--a.b');
  });

  it('tells an option without its value', async () => {
    expect((await read('dark', '--message')).valueless).toEqual(['--message']);
    expect((await read('-m')).valueless).toEqual(['-m']);
  });

  it('refuses what is none of the choices, the last of a text and each of a list', async () => {
    expect((await read('--order', 'cost,checks', '-o', 'cost')).refused).toEqual([]);
    expect((await read('-o', 'cost,age', '--order', 'a\nb')).refused).toEqual([
      '--order cannot be "age", "a\\nb". It takes "checks", "cost".',
    ]);
  });

  it('ends at --', async () => {
    expect(await read('dark', '--json', '--', 'npm', '--json', '-x')).toMatchObject({
      words: ['dark'],
      afterDashes: ['npm', '--json', '-x'],
      unknown: [],
    });
    expect((await read('--json', '--')).afterDashes).toEqual([]);
    expect((await read('--json')).afterDashes).toBeNull();
  });
});

describe('readPlain', () => {
  it.each([[[]], [['dark']], [['dark', 'ui-2/light']], [['dark', '--', 'npm', '-x', '--json']], [['--']], [['a', '--']]])(
    'reads %j as yargs does',
    async (args) => {
      expect(readPlain(args, specs)).toEqual(await readOptions(args, specs));
    },
  );

  it.each([[['--json']], [['dark', '-f']], [['-']]])('leaves %j to yargs', (args) => {
    expect(readPlain(args, specs)).toBeNull();
  });
});
