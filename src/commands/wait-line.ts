import type { Context } from './command.ts';

/** A wait that no one notices. */
const PATIENCE_MS = 1_000;
const CLEAR = '\r\x1b[K';

/** Shows on stderr what takes long, in a terminal, and clears the line when it is done. `act` may replace it as it learns more. */
export async function withWaitLine<T>(
  context: Pick<Context, 'stderr'>,
  text: string,
  act: (say: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (!context.stderr.isTTY) return act(() => undefined);
  let isShown = false;
  let line = text;
  const timer = setTimeout(() => {
    isShown = true;
    context.stderr.write(line);
  }, PATIENCE_MS);
  const say = (next: string): void => {
    if (isShown && next !== line) context.stderr.write(`${CLEAR}${next}`);
    line = next;
  };
  try {
    return await act(say);
  } finally {
    clearTimeout(timer);
    if (isShown) context.stderr.write(CLEAR);
  }
}
