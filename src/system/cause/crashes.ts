import { after, before, message, named, plainMessage, type Recogniser } from './recogniser.ts';
import { panicMessage } from './test-runners.ts';

const SIGNALLED = 'Killed|Terminated|Aborted|Segmentation fault|Bus error|Illegal instruction|Floating point exception';

/** Programs that ended before they could report: errors that nothing caught, programs that are not there. */
export const CRASHES: readonly Recogniser[] = [
  { tool: 'Node, out of memory', mark: /^(?:<--- .*|FATAL ERROR: )(.*heap out of memory.*)$/ },
  {
    tool: 'Node, an error that nothing caught',
    mark: /^Node\.js v\d+\./,
    last: true,
    cause: (found) => {
      const at = found.lines.findLastIndex((line, index) => index < found.at && THROWN.test(line));
      if (at === -1) return null;
      const reason = /The promise rejected with the reason "(.*)"\.?$/.exec(found.lines[at] ?? '')?.[1];
      if (reason !== undefined) return `UnhandledPromiseRejection: ${reason}`;
      const said = message(found.lines, at);
      // Its frames are Node's own; the file with the mistake is named above.
      const file = before({ ...found, at }, /^(?:file:\/\/)?(\/.*:\d+)$/, 5)?.[1];
      return file !== undefined && said.startsWith('SyntaxError: ') ? `${file}: ${said}` : said;
    },
  },
  {
    tool: 'mocha, a file that does not load',
    mark: /^\s*Exception during run: (.*)$/,
    cause: ({ match }) => plainMessage(match[1] ?? ''),
  },
  {
    tool: 'Python',
    mark: /^Traceback \(most recent call last\):$/,
    last: true,
    cause: (found) => plainMessage(after(found, /^(\w[\w.]*(?:: .*)?)$/, 200)?.[1] ?? ''),
  },
  {
    tool: 'Python, syntax',
    mark: /^(?:SyntaxError|IndentationError|TabError): .*$/,
    cause: (found) => {
      const [, file, line] = before(found, /^ {2}File "(.*)", line (\d+)$/, 4) ?? [];
      return file === undefined ? null : `${file}:${line}: ${found.match[0]}`;
    },
  },
  {
    tool: 'Java',
    mark: /^Exception in thread ".*" (.*)$/,
    cause: ({ match, lines, at }) =>
      lines
        .slice(at)
        .flatMap((line) => /^Caused by: (.*)$/.exec(line)?.[1] ?? [])
        .at(-1) ??
      match[1] ??
      null,
  },
  {
    tool: 'argparse',
    mark: /^[\w.-]+(?: \w+)*: error: (.*)$/,
    cause: (found) => (before(found, /^(?:ERROR: )?usage: /, 40) === null ? null : (found.match[1] ?? null)),
  },
  { tool: 'Perl, a missing module', mark: /^(Can't locate \S+) in @INC/ },
  { tool: 'Rust', mark: /^thread '.*' (?:\(\d+\) )?panicked at \S+:$/, cause: ({ lines, at }) => panicMessage(lines, at) },
  { tool: 'Go', mark: /^panic: .*$/, cause: (found) => (after(found, /^goroutine \d+ /, 6) === null ? null : found.match[0]) },
  {
    tool: 'shell, no such program',
    mark: /^(?:\S+: (?:line )?\d+|(?:\S*\/)?\w*sh): (\S+): (?:command )?not found$/,
    cause: ({ match }) => `${match[1]}: not found`,
  },
  {
    tool: 'env, no such program',
    mark: /^(?:\S*\/)?env: [‘'"]?([^’'"]+)[’'"]?: No such file or directory$/,
    cause: ({ match }) => `${match[1]}: not found`,
  },
  {
    tool: 'shell, cannot run, or a variable that is not set',
    mark: /^(?:\S+: (?:line )?\d+|(?:\S*\/)?\w*sh): (\S+: (?:Permission denied|parameter not set|unbound variable|(?:is |parameter )?not set|parameter null or not set))$/,
  },
  {
    tool: 'shell, ended by a signal',
    mark: new RegExp(`^(?:\\S+: (?:line )?\\d+: +)?(?:\\d+ )?(${SIGNALLED})(?: \\(core dumped\\))?(?: +(.*))?$`),
    last: true,
    cause: ({ match }) => named(match[1] ?? '', match[2] ?? ''),
  },
  {
    tool: 'JavaScript, an error with its frames',
    mark: /^\s*((?:Uncaught )?(?:\w*Error|\w*Exception)(?: \[\w+\])?: .*)$/,
    cause: (found) =>
      after(found, /^\s+at .*(?:\d+\)?|<anonymous>\)?|native\)?)$/, 6) === null ? null : message(found.lines, found.at),
  },
];

const THROWN = /^(?:Uncaught )?(?:[A-Z]\w*(?:Error|Exception)|Error|UnhandledPromiseRejection)(?: \[\w+\])?: /;
