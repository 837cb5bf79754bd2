import { describe, expect, test } from 'vitest';
import { oneLine, plainText, shortLine, visibleText } from '../../../src/text/plain-text.ts';

const ESC = '\u001b';

describe('plainText', () => {
  test.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['cursor and screen', `${ESC}[2J${ESC}[10;3Hx${ESC}[?25l`, 'x'],
    ['a window title', `${ESC}]0;evil\u0007x`, 'x'],
    ['a hyperlink', `${ESC}]8;;http://evil${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    ['a clipboard write', `${ESC}]52;c;ZXZpbA==\u0007x`, 'x'],
    ['a device string', `${ESC}P1$r0m${ESC}\\x`, 'x'],
    ['the beginning of a title without an end, and no text', `${ESC}]0;evil\nnext`, '0;evil\nnext'],
    ['8-bit sequences', '\u009b31mred\u009d0;t\u009cx', 'redx'],
    ['a charset switch', `${ESC}(0x`, 'x'],
    ['a reset', `${ESC}cx`, 'x'],
    ['a lone escape', `x${ESC}`, 'x'],
    ['an escape hidden in another', `${ESC}${ESC}[31m[31mx`, '[31mx'],
    ['bell, backspace, NUL, DEL', 'a\u0007b\u0008c\u0000d\u007f', 'abcd'],
    ['bidirectional overrides', 'a\u202eb\u2066c\u2069', 'abc'],
    ['marks that turn the direction of writing', 'a\u061cb\u200ec\u200fd', 'abcd'],
    ['separators that look like none', 'a\u2028b\u2029c\ufeffd', 'abcd'],
    ['carriage returns', '10 %\r20 %\r\nend', '10 %\n20 %\nend'],
  ])('%s', (_, text, clean) => {
    expect(plainText(text)).toBe(clean);
  });

  test('leaves text of all languages, line breaks and tabs as they are', () => {
    const text = 'Größe\t漢字\n👩‍👩‍👧 é עברית';
    expect(plainText(text)).toBe(text);
  });

  test('reads a hostile megabyte of introducers once', () => {
    expect(plainText('\u009d'.repeat(2_000_000))).toBe('');
    expect(plainText(`${ESC}]`.repeat(1_000_000))).toBe('');
  });

  test('leaves nothing that begins a sequence, whatever came in', () => {
    const parts = [ESC, '[', ']', '3', ';', 'm', '\u0007', '\\', '\u009b', '\n', 'P', 'x'];
    let seed = 7;
    const next = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 12 }, () => parts[next() % parts.length]).join('');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for control characters
      expect(plainText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('a short line', () => {
  test('folds white space and cuts by characters', () => {
    expect(shortLine('  a\n\t b  ')).toBe('a b');
    expect(shortLine('abcdef', 4)).toBe('abc…');
    expect(shortLine('👍👍👍👍', 4)).toBe('👍👍👍👍');
    expect(shortLine('👍👍👍👍', 3)).toBe('👍👍…');
    expect(shortLine('x'.repeat(10_000_000), 10)).toHaveLength(10);
  });
});

test('makes one line', () => {
  expect(oneLine('  a\n\n b\tc\u001b[0m ')).toBe('a b c');
});

test('writes out what would not be seen, for what is approved', () => {
  expect(visibleText('npm test\u202e # \u200bx\t\u001b[8m\n2')).toBe('npm test\\u{202e} # \\u{200b}x\\t\\u{1b}[8m\n2');
});
