import { oneLine, stripControl } from '../text/sanitize.ts';

/** The first line that says something, fit to be shown. */
export function firstLine(text: string): string {
  return oneLine(
    stripControl(text)
      .split('\n')
      .find((line) => line.trim() !== '') ?? '',
    200,
  );
}
