import { describe, expect, it } from 'vitest';
import { assignPositionals, positionalsOf } from '../../../src/cli/positionals.ts';

const assign = (usage: string, words: string[], afterDashes: string[] | null = null) =>
  assignPositionals(positionalsOf(usage), words, afterDashes);

describe('positionals', () => {
  it('gives a required one its word and names it when it is missing', () => {
    expect(assign('<variant>', ['dark'])).toMatchObject({ raw: { variant: 'dark' }, surplus: [], missing: [] });
    expect(assign('<variant>', []).missing.map(({ name }) => name)).toEqual(['variant']);
  });

  it('leaves an optional one out and counts the rest as surplus', () => {
    expect(assign('[run]', [])).toMatchObject({ raw: {}, missing: [] });
    expect(assign('[run]', ['ui', 'ui-2']).surplus).toEqual(['ui-2']);
  });

  it('collects a repeated one, empty when there is none', () => {
    expect(assign('[variant...]', []).raw).toEqual({ variant: [] });
    expect(assign('[variant...]', ['a', 'b']).raw).toEqual({ variant: ['a', 'b'] });
  });

  it('keeps the command after -- apart from the words before', () => {
    const usage = '[variant] -- <command...>';
    expect(assign(usage, ['dark'], ['npm', 'test']).raw).toEqual({ variant: 'dark', command: ['npm', 'test'] });
    expect(assign(usage, [], ['npm']).raw).toEqual({ command: ['npm'] });
    expect(assign(usage, ['dark'], null).missing.map(({ name }) => name)).toEqual(['command']);
    expect(assign(usage, ['dark', 'light'], ['npm']).surplus).toEqual(['light']);
  });

  it('takes -- as the mere end of options where a verb has no command', () => {
    expect(assign('<variant>', [], ['-x']).raw).toEqual({ variant: '-x' });
  });

  it('refuses a usage that it cannot read', () => {
    expect(() => positionalsOf('variant')).toThrow('no positional');
  });
});
