import type { Context } from './command.ts';

/** A wait that no one notices. */
const PATIENCE_MS = 1_000;

/** Shows on stderr what takes long, in a terminal, and clears the line when it is done. */
export async function withWaitLine<T>(context: Pick<Context, 'stderr'>, text: string, act: () => Promise<T>): Promise<T> {
  if (!context.stderr.isTTY) return act();
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    context.stderr.write(text);
  }, PATIENCE_MS);
  try {
    return await act();
  } finally {
    clearTimeout(timer);
    if (isShown) context.stderr.write('\r\x1b[K');
  }
}
