import { after, before, type Found, message, named, plainMessage, type Recogniser } from './recogniser.ts';

/** Reports of failed tests: the first that failed, by name, with its message. */
export const TEST_RUNNERS: readonly Recogniser[] = [
  {
    tool: 'node --test, spec',
    mark: /^\s*test at \S+:\d+:\d+$/,
    cause: ({ lines, at }) => {
      const name = /^\s*✖ (.+?)(?: \([\d.]+ms\))?(?: #.*)?$/.exec(lines[at + 1] ?? '')?.[1] ?? '';
      const said = message(lines, at + 2);
      // A file that could not run at all: its output before that has the reason.
      return /^'(?:test failed|\d+ subtests? failed)'$/.test(said) ? null : named(name, said.replace(/^'(.*)'$/, '$1'));
    },
  },
  {
    tool: 'vitest',
    mark: /^ {0,2}(?:FAIL) {1,2}(?:\|?[\w@/-]+\| ?)?(\S+\.\w+)(?: \[ .+ \]| > (.+))$/,
    cause: ({ match, lines, at }) => named(match[2] ?? match[1] ?? '', message(lines, at + 1)),
  },
  {
    tool: 'jest',
    mark: /^ {2}● (?!Console$)(.+)$/,
    cause: (found) => {
      const name = found.match[1] ?? '';
      const said = message(found.lines, found.at + 1);
      if (name === 'Test suite failed to run') return said;
      return named(name, bothSides(found, said));
    },
  },
  {
    tool: 'Playwright',
    mark: /^ {2}\d+\) (.+?) ─+$/,
    cause: (found) => named(found.match[1] ?? '', bothSides(found, message(found.lines, found.at + 1))),
  },
  {
    tool: 'deno test',
    mark: /^(.+) => \S+:\d+:\d+$/,
    cause: ({ match, lines, at }) => {
      const said = /^error: (.*)$/.exec(lines[at + 1] ?? '')?.[1];
      return said === undefined ? null : named(match[1] ?? '', plainMessage(said));
    },
  },
  { tool: 'AVA', mark: /^\s*✘ \[fail\]: (.*)$/ },
  {
    tool: 'Jasmine',
    mark: /^\d+\) (.+)$/,
    cause: ({ match, lines, at }) => (lines[at + 1] === '  Message:' ? named(match[1] ?? '', message(lines, at + 2)) : null),
  },
  {
    tool: 'mocha',
    mark: /^ {2}\d+\) (.+)$/,
    cause: ({ match, lines, at }) => {
      const titles = [match[1] ?? ''];
      let next = at + 1;
      for (; !(titles.at(-1) ?? '').endsWith(':'); next += 1) {
        const line = /^ {5,}(\S.*)$/.exec(lines[next] ?? '');
        if (line === null || next > at + 10) return null;
        titles.push(line[1] ?? '');
      }
      return named(titles.join(' > ').replace(/:$/, ''), message(lines, next));
    },
  },
  {
    tool: 'pytest',
    mark: /^E {2,}(\S.*)$/,
    cause: (found) => {
      const title = before(found, /^_{3,} (?:ERROR (?:at |collecting ))?(.+?) _{3,}$/, 500)?.[1];
      // Other programs mark lines with an E, too.
      return title === undefined ? null : named(title, plainMessage(found.match[1] ?? ''));
    },
  },
  { tool: 'pytest, nothing found', mark: /^=+ (no tests ran) in .* =+$/ },
  {
    tool: 'unittest',
    mark: /^(?:ERROR|FAIL): (\S+)(?: \(.*\))?$/,
    cause: (found) => {
      if (!/^-{60,}$/.test(found.lines[found.at + 1] ?? '') && !/^-{60,}$/.test(found.lines[found.at + 2] ?? '')) return null;
      const said = after(found, /^(?!Traceback|-{60})(\S.*)$/, 100)?.[1] ?? '';
      return named(found.match[1] ?? '', plainMessage(said));
    },
  },
  {
    tool: 'cargo test',
    mark: /^---- (.+) stdout ----$/,
    cause: (found) => {
      const panic = found.lines.findIndex((line, at) => at > found.at && /^thread '.*' (?:\(\d+\) )?panicked at /.test(line));
      if (panic === -1) return message(found.lines, found.at + 1);
      return named(found.match[1] ?? '', panicMessage(found.lines, panic));
    },
  },
  {
    tool: 'go test, a panic',
    mark: /^panic: (.+?)(?: \[recovered.*\])?$/,
    cause: (found) => {
      const test = before(found, /^\s*--- FAIL: (\S+) /, 3)?.[1];
      return test === undefined ? null : `${test}: panic: ${found.match[1] ?? ''}`;
    },
  },
  {
    tool: 'go test',
    mark: /^\s*--- FAIL: (\S+) \([\d.]+s\)$/,
    cause: ({ match, lines, at }) => {
      const said = /^\s+\S+\.go:\d+: (.*)$/.exec(lines[at + 1] ?? '');
      // A test without its own message failed because of one of its parts.
      if (said === null) return null;
      return named(match[1] ?? '', message([said[1] ?? '', ...lines.slice(at + 2)], 0));
    },
  },
  { tool: 'Maven Surefire 2', mark: /^(?:Failed tests|Tests in error): +(\S.*)$/ },
  {
    tool: 'Maven Surefire 3',
    mark: /^\[ERROR\] (?:Failures|Errors): *$/,
    cause: (found) => {
      const [, test = '', said = ''] = after(found, /^\[ERROR\] {3}(\S+?)(?::\d+)?(?:->\S+)?(?: (?:» )?(.*))?$/, 3) ?? [];
      return named(test, said);
    },
  },
  { tool: 'TAP', mark: /^\s*not ok \d+(?: -)? *(.*)$/, cause: tapCause },
];

function tapCause(found: Found): string | null {
  const { match, lines, at } = found;
  const name = match[1] ?? '';
  if (/# (?:todo|skip)/i.test(name)) return null;
  const end = lines.findIndex((line, index) => index > at && /^\s*\.\.\.$/.test(line));
  const block = /^\s*---$/.test(lines[at + 1] ?? '') && end !== -1 ? lines.slice(at + 2, end) : [];
  if (block.some((line) => /failureType: '(?:subtestsFailed|testCodeFailure)'/.test(line) && /subtests/.test(line))) return null;
  const index = block.findIndex((line) => /^\s*(?:error|message): /.test(line));
  if (index === -1) {
    const [got, expected] = ['got', 'expected'].map((side) => after(found, new RegExp(`^\\s*#\\s+${side}: (.*)$`), 6)?.[1]);
    return expected === undefined ? match[0].trim() : named(name, `expected ${expected}, got ${got ?? 'nothing'}`);
  }
  const said = (block[index] ?? '').replace(/^\s*\w+: /, '');
  if (/^[|>]/.test(said)) return named(name, message(block, index + 1));
  return named(name, said.replace(/^(['"])(.*)\1$/, '$2'));
}

/** The cause of an assertion of Jest's kind; `said` is its first line. */
function bothSides(found: Found, said: string): string {
  if (!said.startsWith('expect(')) return said;
  const [expected, received] = ['Expected', 'Received'].map(
    (side) => after(found, new RegExp(`^\\s+${side}[\\w ]*: +(.+)$`), 8)?.[1],
  );
  return expected === undefined || received === undefined ? said : `expected ${expected}, received ${received}`;
}

/** The message of a Rust panic; assertions with both sides. */
export function panicMessage(lines: readonly string[], at: number): string {
  const said = (lines[at + 1] ?? '').trim();
  const sides = lines.slice(at + 2, at + 4).flatMap((line) => /^\s*((?:left|right): .*)$/.exec(line)?.[1] ?? []);
  return [said, ...sides].join(', ');
}
