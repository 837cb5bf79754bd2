import { describe, expect, it } from 'vitest';
import { composePrompt, fillText } from '../../../src/plan/prompt-text.ts';

describe('fillText', () => {
  it('fills names, once, and tells the unknown ones', () => {
    expect(fillText('{{a}} {{ b }} {{c}} {{c}}', { a: '{{b}}', b: '$1 $&' })).toEqual({
      text: '{{b}} $1 $& {{c}} {{c}}',
      unknown: ['c'],
    });
  });

  it('leaves what is no plain name, and takes an escape away', () => {
    const text = '{{#if x}} {{}} {single} {{a b}}';
    expect(fillText(`${text} \\{{title}}`, {})).toEqual({ text: `${text} {{title}}`, unknown: [] });
  });

  it('does not find values on the prototype', () => {
    expect(fillText('{{constructor}}', {}).unknown).toEqual(['constructor']);
  });
});

describe('composePrompt', () => {
  it.each([
    [{ shared: 'Do it.\n', own: undefined, approach: ' Dark. ' }, 'Do it.\n\nDark.'],
    [{ shared: 'Do it.', own: 'Document it.', approach: undefined }, 'Document it.'],
    [{ shared: 'Do it.', own: 'Document it.', approach: 'Shortly.' }, 'Document it.\n\nShortly.'],
    [{ shared: undefined, own: undefined, approach: 'Dark.' }, 'Dark.'],
    [{ shared: '  ', own: undefined, approach: undefined }, null],
  ])('puts %j together', (parts, prompt) => {
    expect(composePrompt(parts)).toBe(prompt);
  });
});
