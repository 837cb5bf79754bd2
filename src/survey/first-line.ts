import { plainText, shortLine } from '../text/plain-text.ts';

/** The first line that says something, fit to be shown. */
export function firstLine(text: string): string {
  return shortLine(
    plainText(text)
      .split('\n')
      .find((line) => line.trim() !== '') ?? '',
    200,
  );
}
