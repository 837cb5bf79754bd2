import { expect, test } from 'vitest';
import { oneLine, plainText, visibleText } from '../../../src/text/plain-text.ts';

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['window title, ended by BEL', 'a\u001b]0;pwned\u0007b', 'ab'],
  ['clipboard write, ended by ST', 'a\u001b]52;c;cm0gLXJm\u001b\\b', 'ab'],
  ['hyperlink', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['eight-bit introducers', 'a\u009b2Jb\u009d0;t\u009cc', 'abc'],
  ['cursor movement and full reset', 'a\u001b[2Ab\u001bcc', 'abc'],
  ['an escape sequence without an end', 'a\u001b]0;text goes on', 'a0;text goes on'],
  ['carriage return that would overwrite the line', 'safe\rrm -rf', 'saferm -rf'],
  ['backspaces, bell, NUL, DEL', 'a\b\u0007\0\u007fb', 'ab'],
  ['bidirectional override', 'a\u202egnp\u202c.exe', 'agnp.exe'],
  ['byte order mark', '\ufeffa', 'a'],
])('strips %s', (_, text, expected) => {
  expect(plainText(text)).toBe(expected);
});

test('keeps newlines, tabs and every letter', () => {
  expect(plainText('a\r\nb\tc 日本 👍 é')).toBe('a\nb\tc 日本 👍 é');
});

test('makes one line', () => {
  expect(oneLine('  a\n\n b\tc\u001b[0m ')).toBe('a b c');
});

test('writes out what would not be seen, for what is approved', () => {
  expect(visibleText('npm test\u202e # \u200bx\t\u001b[8m\n2')).toBe('npm test\\u{202e} # \\u{200b}x\\t\\u{1b}[8m\n2');
});
