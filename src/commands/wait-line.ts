import type { Context } from './command.ts';

/** So long nobody wonders. */
const PATIENCE_MS = 1_000;
const CLEAR = '\r\x1b[K';

/**
 * Says on stderr what takes long, to whoever watches a terminal, and takes the line back when it is done. `act` may say more as it
 * learns more.
 */
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
