import { describe, expect, test } from 'vitest';
import { commitMessage, workMessage } from '../../../../src/git/commit/commit-message.ts';

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

describe('the words for a variant’s work', () => {
  const words = (summary: string, template: string | null = null) =>
    workMessage({ run: 'ui', variant: 'dark', summary, task: '', template });

  test('are the first line of the summary as subject, the rest as body', () => {
    expect(words('# Dark theme\n\nWith contrast.')).toBe('Dark theme\n\nWith contrast.');
    expect(words('Dark theme.')).toBe('Dark theme.');
    expect(words('\n\nDark theme.\nMore.\n')).toBe('Dark theme.\n\nMore.');
  });

  test('keep a first line that is too long for a subject whole in the body', () => {
    const long = 'word '.repeat(30).trim();
    const message = words(`${long}\nMore.`);
    expect(message.split('\n')[0]?.length).toBeLessThanOrEqual(72);
    expect(message).toContain(`\n\n${long}\nMore.`);
  });

  test('follow the template, and there are some without a summary', () => {
    expect(words('Dark theme\n\nMore.', '{run}/{variant}: {subject}\n\n{summary}')).toBe(
      'ui/dark: Dark theme\n\nDark theme\n\nMore.',
    );
    expect(words('')).toBe('dark: work of run ui');
  });
});
