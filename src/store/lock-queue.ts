/** Per lock path, the end of the line of this process's own waiters. */
const lines = new Map<string, Promise<void>>();

export interface Turn {
  /** False: patience ran out first. */
  readonly ours: boolean;
  /** Lets the next one continue. */
  done(): void;
}

/** Waits until all earlier callers of this process are done with `path`, or until `patience` resolves. */
export async function queueBehind(path: string, patience: () => Promise<void>): Promise<Turn> {
  const before = lines.get(path);
  const own = Promise.withResolvers<void>();
  const end = before === undefined ? own.promise : before.then(() => own.promise);
  lines.set(path, end);
  const done = (): void => {
    own.resolve();
    if (lines.get(path) === end) void end.then(() => lines.get(path) === end && lines.delete(path));
  };
  if (before === undefined) return { ours: true, done };
  const ours = await Promise.race([before.then(() => true), patience().then(() => false)]);
  return { ours, done };
}
