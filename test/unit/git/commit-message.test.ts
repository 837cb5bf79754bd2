import { describe, expect, test } from 'vitest';
import { commitMessage } from '../../../src/git/commit-message.ts';

describe('a commit message', () => {
  test('is subject, body, trailers', () => {
    expect(
      commitMessage('Add a theme\n\nDark and light.\n', [
        ['Copse-Run', 'ui'],
        ['Copse-Variant', 'dark'],
      ]),
    ).toBe('Add a theme\n\nDark and light.\n\nCopse-Run: ui\nCopse-Variant: dark\n');
  });

  test('never has an empty or an endless subject, and loses no word', () => {
    expect(commitMessage(' \n', [])).toBe('Work of an agent\n');
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    const message = commitMessage(words, []);
    expect(message.split('\n')[0]?.length).toBeLessThanOrEqual(72);
    expect(
      message
        .replaceAll(/…|\n/g, ' ')
        .split(/\s+/)
        .filter((word) => word !== ''),
    ).toEqual(words.split(' '));
  });

  test('cannot steer a terminal, break git or forge a trailer’s end', () => {
    expect(commitMessage('a\0b\u001b[31mc', [['Copse-Run', 'x\nSigned-off-by: you']])).toBe(
      'abc\n\nCopse-Run: x Signed-off-by: you\n',
    );
  });
});
