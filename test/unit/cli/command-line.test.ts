import { describe, expect, it } from 'vitest';
import { readCommandLine, takeGlobalFlags } from '../../../src/cli/command-line.ts';
import { CopseError } from '../../../src/model/errors.ts';

const verbOf = (...args: string[]): string => {
  const line = readCommandLine(args);
  return line.kind === 'version' ? 'version' : `${line.kind} ${line.verb?.name ?? '-'}`;
};

describe('readCommandLine', () => {
  it.each([
    [[], 'run bare'],
    [['--json'], 'run bare'],
    [['status'], 'run status'],
    [['--json', 'status'], 'run status'],
    [['--help'], 'help -'],
    [['help'], 'help -'],
    [['help', 'run'], 'help run'],
    [['run', '-h'], 'help run'],
    [['run', '--', '--help'], 'run run'],
    [['--version', '--no-color'], 'version'],
    [['logs', '--version'], 'run logs'],
  ])('reads %j as %s', (args, expected) => {
    expect(verbOf(...args)).toBe(expected);
  });

  it('gives the verb the other words, in order', () => {
    expect(readCommandLine(['--json', 'logs', 'dark', '-f'])).toMatchObject({ args: ['--json', 'dark', '-f'] });
  });

  it.each([
    ['stauts', 'Try: copse status'],
    ['bare', 'See all commands: copse --help'],
    ['xyzzy', 'See all commands: copse --help'],
    ['__proto__', 'See all commands: copse --help'],
  ])('refuses %s', (name, hint) => {
    expect(() => readCommandLine([name])).toThrow(CopseError);
    try {
      readCommandLine([name]);
    } catch (error) {
      expect(error).toMatchObject({ code: 'unknown-command', exit: 2, hint });
    }
  });
});

describe('takeGlobalFlags', () => {
  it('takes --no-color out and sees --json, but not after --', () => {
    expect(takeGlobalFlags(['exec', 'dark', '--no-color', '--', 'x', '--json', '--no-color'])).toEqual({
      flags: { colour: false, json: false },
      rest: ['exec', 'dark', '--', 'x', '--json', '--no-color'],
    });
    expect(takeGlobalFlags(['status', '--json']).flags).toEqual({ colour: true, json: true });
  });
});
