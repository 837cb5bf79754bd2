import { describe, expect, test } from 'vitest';
import { oneLine, redactSecrets, stripControl } from '../../../src/text/sanitize.ts';

const ESC = '\u001b';

describe('stripControl', () => {
  test.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['cursor and screen', `${ESC}[2J${ESC}[10;3Hx${ESC}[?25l`, 'x'],
    ['a window title', `${ESC}]0;evil\u0007x`, 'x'],
    ['a hyperlink', `${ESC}]8;;http://evil${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    ['a clipboard write', `${ESC}]52;c;ZXZpbA==\u0007x`, 'x'],
    ['a device string', `${ESC}P1$r0m${ESC}\\x`, 'x'],
    ['an unterminated title, up to its line', `${ESC}]0;evil\nnext`, '\nnext'],
    ['8-bit sequences', '\u009b31mred\u009d0;t\u009cx', 'redx'],
    ['a charset switch', `${ESC}(0x`, 'x'],
    ['a reset', `${ESC}cx`, 'x'],
    ['a lone escape', `x${ESC}`, 'x'],
    ['an escape hidden in another', `${ESC}${ESC}[31m[31mx`, '31mx'],
    ['bell, backspace, NUL, DEL', 'a\u0007b\u0008c\u0000d\u007f', 'abcd'],
    ['bidirectional overrides', 'a\u202eb\u2066c\u2069', 'abc'],
    ['carriage returns', '10 %\r20 %\r\nend', '10 %\n20 %\nend'],
  ])('%s', (_, text, clean) => {
    expect(stripControl(text)).toBe(clean);
  });

  test('leaves text of all languages, line breaks and tabs as they are', () => {
    const text = 'Größe\t漢字\n👩‍👩‍👧 é עברית';
    expect(stripControl(text)).toBe(text);
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
      expect(stripControl(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('oneLine', () => {
  test('folds white space and cuts by characters', () => {
    expect(oneLine('  a\n\t b  ')).toBe('a b');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('👍👍👍👍', 4)).toBe('👍👍👍👍');
    expect(oneLine('👍👍👍👍', 3)).toBe('👍👍…');
    expect(oneLine('x'.repeat(10_000_000), 10)).toHaveLength(10);
  });
});

describe('redactSecrets', () => {
  test.each([
    'sk-ant-REDACTED',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'github_pat_11ABCDEFG0abcdefghijklmnop',
    'AKIAIOSFODNN7EXAMPLE',
    'xoxb-123456789012-abcdefghijkl',
    'glpat-abcdefghijklmnopqrst',
    'npm_abcdefghijklmnopqrstuvwxyz0123456789',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
  ])('%s', (secret) => {
    expect(redactSecrets(`before ${secret} after`)).toBe('before [redacted] after');
  });

  test('a bearer token, its scheme left', () => {
    expect(redactSecrets('Authorization: Bearer abc.def-ghi_jkl~mno+pqr==')).toBe('Authorization: Bearer [redacted]');
  });

  test('given values, longest first, but none that are ordinary words', () => {
    const values = ['hunter22', 'hunter22-and-more', 'dev'];
    expect(redactSecrets('dev: hunter22-and-more, hunter22', values)).toBe('dev: [redacted], [redacted]');
  });

  test('leaves ordinary text alone', () => {
    const text = 'The bearer of sk-8 pays; see src/task-list.ts, commit 1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d.';
    expect(redactSecrets(text)).toBe(text);
  });
});
