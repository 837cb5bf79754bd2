/** The last output of programs that then wait for files to change: jest, vitest, tsc, nodemon, mocha, node, webpack, cargo watch, Playwright. */
const WAITS: readonly RegExp[] = [
  /\bwait(?:ing|s)? for (?:file |source |any )?changes\b/i,
  /\bwatching (?:for|\S.* for)(?: file| source)? changes\b/i,
  /^\s*(?:›\s*)?Press \S+ to (?:trigger a test run|show (?:more|help)|rerun|quit|exit)\b/i,
  /^Watch Usage\b/i,
  /^\[nodemon\] (?:clean exit|app crashed) - waiting\b/i,
  /\bpress (?:ctrl[-+ ]?c|\S+) to (?:quit|stop|exit|show help)\b/i,
  /^(?:Completed|Failed) running\b.*\bwaiting\b/i,
];

/** Of what was printed last, so many lines count: an earlier one may be about something else. */
const LAST_LINES = 3;

/** The line by which a program says that it now waits for files to change, and so never ends; null: none. `printed`: its output's end. */
export function saysItWatches(printed: string): string | null {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  return (
    lines
      .slice(-LAST_LINES)
      .find((line) => WAITS.some((waits) => waits.test(line)))
      ?.trim() ?? null
  );
}
