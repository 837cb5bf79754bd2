import { after, before, named, plainMessage, type Recogniser } from './recogniser.ts';

/** Compilers, bundlers, linters: the first error, with its place. */
export const COMPILERS: readonly Recogniser[] = [
  { tool: 'tsc', mark: /^\S.*(?:\(\d+,\d+\):|:\d+:\d+ -) error TS\d+: .*$/ },
  { tool: 'deno check', mark: /^(TS\d+) \[ERROR\]: (.*)$/, cause: ({ match }) => named(match[1] ?? '', match[2] ?? '') },
  {
    tool: 'sass',
    mark: /^Error: (.*)$/,
    cause: (found) => {
      const place = after(found, /^ {2}(\S+ \d+:\d+) +\S/, 8)?.[1];
      return place === undefined ? null : named(place.replace(' ', ':'), found.match[1] ?? '');
    },
  },
  { tool: 'tsc, no place', mark: /^error (TS\d+: .*)$/ },
  {
    tool: 'gcc, clang, javac',
    mark: /^(\S+?:\d+(?::\d+)?): (?:fatal )?error: (.*)$/,
    cause: ({ match }) => named(match[1] ?? '', match[2] ?? ''),
  },
  { tool: 'linker', mark: /(undefined reference to .*|Undefined symbols for .*|cannot find -l\S+.*)$/ },
  {
    tool: 'rustc, cargo',
    mark: /^error(?:\[(E\d+)\])?: (?!could not compile|aborting due to|test failed|\d+ targets? failed|process didn't exit)(.*)$/,
    cause: (found) => {
      // Without a place below it, it is another program's error.
      const place = after(found, /^\s*--> (\S+)$/, 3)?.[1];
      return place === undefined ? null : named(place, found.match[2] ?? '');
    },
  },
  {
    tool: 'ruff',
    mark: /^([A-Z]{1,4}\d{3,4} )(?:\[\*\] )?(.*)$/,
    cause: ({ match, lines, at }) => {
      const place = /^\s*--> (\S+:\d+:\d+)$/.exec(lines[at + 1] ?? '')?.[1];
      return place === undefined ? null : named(place, `${match[1]}${match[2]}`);
    },
  },
  { tool: 'black', mark: /^would reformat .*$/ },
  {
    tool: 'prettier',
    mark: /^\[warn\] Code style issues found/,
    cause: (found) => named(before(found, /^\[warn\] (.*)$/, 1)?.[1] ?? '', 'not formatted as Prettier would'),
  },
  { tool: 'go build, go vet', mark: /^(?:vet: )?((?:\.{1,2}\/)?[\w./-]+\.go:\d+(?::\d+)?: .*)$/ },
  {
    tool: 'go, a missing package',
    mark: /^(?:[\w./-]+\.go:\d+:\d+: )?(no required module provides package .*|package \S+ is not in std.*)$/,
  },
  {
    tool: 'Maven compiler',
    mark: /^\[ERROR\] (\S+\.(?:java|kt|scala)):\[(\d+),(\d+)\] (.*)$/,
    cause: (found) => {
      const [, file = '', line = '', column = '', said = ''] = found.match;
      const symbol = after(found, /^(?:\[ERROR\])?\s+symbol: +(.*)$/, 2)?.[1];
      return `${file.replace(/^.*\/src\//, 'src/')}:${line}:${column}: ${named(said, symbol ?? '')}`;
    },
  },
  {
    tool: 'eslint, stylelint',
    mark: /^ {2}(\d+:\d+) +(?:error|✖) +(.*?)(?: {2,}(\S+))?$/,
    cause: (found) => {
      const file = before(found, /^(\S.*\.\w+)$/, 1_000)?.[1];
      const [, place = '', said = '', rule] = found.match;
      return file === undefined ? null : `${file}:${place}: ${said}${rule === undefined ? '' : ` (${rule})`}`;
    },
  },
  { tool: 'eslint, cannot run', mark: /^ESLint: [\d.]+$/, cause: (found) => after(found, /^(\S.*)$/, 3)?.[1] ?? null },
  {
    tool: 'biome',
    mark: /^(\S+) ((?:lint|parse|format|assist|suppressions|internalError)\S*)\s.*━{5,}$/,
    cause: (found) => {
      const said = after(found, /^ {2}([×✖!i]) (.*)$/, 4);
      if (said === null || !/[×✖]/.test(said[1] ?? '')) return null;
      return `${found.match[1]} ${found.match[2]}: ${(said[2] ?? '').replace(/:$/, '')}`;
    },
  },
  {
    tool: 'esbuild',
    mark: /^✘ \[ERROR\] (.*)$/,
    cause: (found) => named(after(found, /^ {4}(\S+:\d+:\d+):$/, 3)?.[1] ?? '', found.match[1] ?? ''),
  },
  {
    tool: 'vite build',
    mark: /^error during build:$/,
    cause: (found) => {
      const said = after(found, /^(?!Build failed with \d+ errors?:$)(\S.*)$/, 5)?.[1];
      return said === undefined ? null : plainMessage(said);
    },
  },
  { tool: 'webpack', mark: /^ERROR in .*$/, cause: (found) => after(found, /^(\S.*)$/, 1)?.[1] ?? found.match[0] },
  {
    tool: 'cmake',
    mark: /^CMake Error(?: at (\S+))?(?: \(\w+\))?:(.*)$/,
    cause: ({ match, lines, at }) => {
      const end = lines.findIndex((line, index) => index > at && /^\S/.test(line));
      const block = lines.slice(at + 1, end === -1 ? undefined : end).map((line) => line.trim());
      const paragraphs = [match[2] ?? '', ...block.join('\n').split(/\n{2,}/)].map((text) => text.replaceAll('\n', ' ').trim());
      const said = paragraphs.find((text) => /^Could not find/.test(text)) ?? paragraphs.find((text) => text !== '') ?? '';
      return named(match[1] ?? '', said.replace(/ with any of the following names:$/, ''));
    },
  },
];
