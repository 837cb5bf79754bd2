import { plainText, shortLine } from '../../text/plain-text.ts';
import { COMPILERS } from './compilers.ts';
import { CRASHES } from './crashes.ts';
import { PACKAGE_MANAGERS } from './package-managers.ts';
import { plainMessage, recognise } from './recogniser.ts';
import { TEST_RUNNERS } from './test-runners.ts';

/** Most characters of a cause. */
const LONGEST = 160;
/** Characters of a line that are looked at: patterns must not run over megabytes of minified code. */
const LINE_CHARACTERS = 2_000;
/** Lines that are looked at, of the beginning and of the end: a log may be nothing but short lines. */
const HEAD_LINES = 3_000;
const TAIL_LINES = 5_000;

/** Most specific first: the report of a test runner may quote a compiler, a compiler runs under npm, and all of them can crash. */
const TABLE = [...TEST_RUNNERS, ...COMPILERS, ...PACKAGE_MANAGERS, ...CRASHES];

/**
 * One line that says why a command failed, from what it printed, at most 160 characters. `end`: how it ended, for an output that
 * states no error. Empty if there is neither.
 */
export function causeOf(output: string, end = ''): string {
  const all = plainText(output).split('\n');
  const most = HEAD_LINES + TAIL_LINES;
  const lines = (all.length <= most ? all : [...all.slice(0, HEAD_LINES), ...all.slice(-TAIL_LINES)]).map((line) =>
    line.slice(0, LINE_CHARACTERS).trimEnd(),
  );
  return fitted(recognise(TABLE, lines) ?? statedBy(lines, end));
}

/** Lines that end an output and say nothing of why it failed. */
const BOILERPLATE: readonly RegExp[] = [
  /^npm (?:error|ERR!|warn|notice)/,
  /^Node\.js v\d/,
  /^\s*at /,
  /^\s*(?:code|errno|syscall|actual|expected|operator|generatedMessage|address|port|requireStack|diff): /,
  /^[\s{}[\]()^~|│─━=*_.-]*$/,
  /^\w*make(?:\[\d+\])?: (?:\*\*\* )?(?:\[.*\] Error \d+|Leaving directory|Entering directory)/,
  /^error: (?:Recipe|recipe) .* failed/,
  /^error Command failed with exit code/,
  /\bELIFECYCLE\b/,
  /^error: could not compile|^error: test failed, to rerun|^error: script ".*" exited with code/,
  /\bError is not recoverable\b/,
  /\b0 (?:failed|failures|errors)\b/i,
  /^(?:\d+ )?(?:warning|WARN|DEPRECATED|info|INFO|debug|DEBUG|notice)\b/i,
  /^\[(?:INFO|WARN(?:ING)?|DEBUG)\]/,
  /^ℹ |^# (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /,
];

const ERROR =
  /^\s*(?:[\w@./-]+: )?(?:[✗✘✖×] ?)?\[?(?:fatal(?: error)?|error|panic|[A-Z]\w*(?:Error|Exception)|E)\b\]?(?: ?\[?\w+\]?)?[:!\s]|: (?:fatal )?error:|^\s*(?:[✗✘✖×]|not ok)\s/i;
const TELLING =
  /\b(?:not found|no \w.* found|no such|not set|requires|required|missing|cannot|can't|could(?: not|n't)|unable to|denied|refused|invalid|unexpected|unknown|already in use|timed? ?out|no space left|mismatch|unsupported|not something we can|conflict\w*|fail(?:ed|ing|ure|s)?|error|assert\w*|expected|panic(?:ked)?|exception)\b/i;
/** Lines further apart than this belong to different things that went wrong. */
const UNIT_LINES = 12;

/** The cause in an output of unknown kind: the first error of the last group of them, else its last line. */
function statedBy(lines: readonly string[], end: string): string {
  const said = lines.filter((line) => line.trim() !== '' && !BOILERPLATE.some((one) => one.test(line)));
  for (const states of [ERROR, TELLING]) {
    let first = said.findLastIndex((line) => states.test(line));
    if (first === -1) continue;
    for (let at = first - 1; at >= 0 && first - at <= UNIT_LINES; at -= 1) {
      if (states.test(said[at] ?? '')) first = at;
    }
    return plainMessage((said[first] ?? '').trim());
  }
  const last = said.at(-1) ?? lines.findLast((line) => line.trim() !== '') ?? '';
  if (end !== '') return last === '' ? end : `${end}; it printed last: ${last.trim()}`;
  // npm, pnpm and yarn write the command before they run it.
  const silent = /^[>$] (\S.*)$/.exec(last)?.[1];
  return silent === undefined ? last : `${silent} failed and printed nothing`;
}

/** A place far down a long path leaves no room for what happened there. */
function fitted(cause: string): string {
  const line = shortLine(cause, LINE_CHARACTERS);
  if (line.length <= LONGEST) return line;
  return shortLine(line.replace(/(?:\/[\w.@+-]+){2,}(?=\/[\w.@+-]+\/[\w.@+-]+)/g, '…'), LONGEST);
}
