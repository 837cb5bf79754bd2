/** A line of a screen without what differs from run to run: times, sums, commits, and the width of columns. */
export function likeLine(line: string): string {
  return line
    .replace(/@[0-9a-f]{7,}/g, '@commit')
    .replace(/\b(as|from|to|at) [0-9a-f]{7}\b/g, '$1 commit')
    .replace(/(^ +\S+ +)[0-9a-f]{7}(?= )/, '$1commit')
    .replace(/localhost:\d+/g, 'localhost:port')
    .replace(/\?t=\S+/g, '?t=token')
    .replace(/\b01[0-9a-z]{6,24}\b/g, 'operation')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, 'date')
    .replace(/(\/[\w.-]+)+(?=\/(app|old)\b)/g, '…')
    .replace(/\b\d+(\.\d+)*\b(?=\s*$)/, '#')
    .replace(/\b(\d+h)?(\d+m)?\d+s\b/g, 'time')
    .replace(/≈?\$\d+\.\d+/g, 'money')
    .replace(/\d+(\.\d+)?(k|M)?(?= tok)/g, '#')
    .replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋')
    .trimEnd()
    .replace(/\s+/g, ' ');
}

/** A path is beside a name or, if the temporary folder's path leaves no room, below it. */
const linesOf = (text: string): string[] =>
  text
    .replace(/\n +(?=\/)/g, ' ')
    .split('\n')
    .map(likeLine);

/** The lines of `shown` that are not in `printed`, in the same order; empty lines are free. */
export function fits(shown: string, printed: string): readonly string[] {
  const there = linesOf(printed);
  let at = 0;
  const missing: string[] = [];
  for (const line of linesOf(shown)) {
    if (line.trim() === '') continue;
    const found = there.findIndex((candidate, i) => i >= at && candidate.startsWith(line));
    if (found < 0) missing.push(line);
    else at = found + 1;
  }
  return missing;
}
