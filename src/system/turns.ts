/**
 * Long work without blocking the event loop: requests, clocks and keys wait for it.
 *
 *   free ─▶ a slice of work, for any caller ─▶ over: callers wait ─▶ the loop turns ─▶ a slice for the first who waits …
 *
 * One for the whole process: twenty streams that each yield after their own slice would still block it for twenty.
 */
const SLICE_MS = 10;

let ends: number | null = null;
const waiting: (() => void)[] = [];

/** Whether to await `nextTurn` before the next piece of work. Cheap; ask before each piece. */
export function isTurnOver(): boolean {
  ends ??= begin();
  return performance.now() >= ends;
}

/** Resolves when the event loop has turned and it is our turn, in the order of asking. */
export function nextTurn(): Promise<void> {
  ends ??= begin();
  return new Promise((resolve) => waiting.push(resolve));
}

function begin(): number {
  setImmediate(turn);
  return performance.now() + SLICE_MS;
}

function turn(): void {
  const next = waiting.shift();
  if (next === undefined) {
    ends = null;
    return;
  }
  ends = begin();
  next();
}
