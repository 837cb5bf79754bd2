import * as z from 'zod/mini';
import type { CopyRule } from '../../model/settings.ts';
import { DURATION_PATTERN, LONGEST_MS, parseDuration, SHORTEST_MS } from '../../text/duration.ts';
import { parseSize, SIZE_PATTERN } from '../../text/sizes.ts';
import { HIDING_CHARACTERS, isBareBash, isRefusedLiteral, TOOL_PATTERN } from './restricted.ts';

/*
 * Fields that the variants file and the settings share. A message in lower case completes "… needs …"; one with a capital
 * is a sentence of its own, with the advice after a line break. Descriptions go into the published JSON Schemas.
 */

/** The author of the file: the repository's files may only tighten. */
export type Author = 'repository' | 'person';

/** Text that people or agents read; not empty. */
export const text = (wanted = 'some text') =>
  z.string(wanted).check(
    z.refine((value) => value.trim() !== '', wanted),
    z.refine((value) => !value.includes('\0'), 'text without NUL characters'),
  );

/** One line for `sh -c`, or an argument: the text shown for approval must be what runs. */
export const command = () =>
  text('a command').check(z.refine((value) => !HIDING_CHARACTERS.test(value), 'a command without control characters'));

export const commands = () => z.array(command(), 'a list of commands');

export const duration = () =>
  z.string('a duration like 45m, 90s or 1h30m').check(
    z.refine((value) => inRange(parseDuration(value)), 'a duration like 45m, 90s or 1h30m, from 1s to 7d'),
    z.meta({ pattern: DURATION_PATTERN.source, examples: ['45m', '90s', '1h30m'] }),
  );

/** A time that is counted in days: up to ten years, no shorter than a day, so that a slip costs nothing. */
export const keepingTime = () =>
  z.string('a duration like 14d').check(
    z.refine((value) => {
      const ms = parseDuration(value);
      return ms !== null && ms >= 86_400_000 && ms <= 3650 * 86_400_000;
    }, 'a duration like 14d, from 1d to 3650d'),
    z.meta({ pattern: DURATION_PATTERN.source, examples: ['14d', '90d'] }),
  );

/** An amount of data, as people write it. */
export const size = () =>
  z.string('a size like 250MB or 1GB').check(
    z.refine((value) => (parseSize(value) ?? 0) > 0, 'a size like 250MB or 1GB'),
    z.meta({ pattern: SIZE_PATTERN.source, examples: ['250MB', '1GB'] }),
  );

const inRange = (ms: number | null): boolean => ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS;

export const dollars = () =>
  z
    .number('an amount in US dollars like 2.50')
    .check(z.positive('an amount above zero'), z.maximum(100_000, 'an amount of at most 100000'));

export const count = (from: number, to: number) => {
  const wanted = `a whole number from ${from} to ${to}`;
  return z.int(wanted).check(z.minimum(from, wanted), z.maximum(to, wanted));
};

/** A model, an effort, an agent: one word that cannot be taken for an option. */
export const word = (wanted: string) =>
  z.string(wanted).check(z.refine((value) => /^[A-Za-z0-9][\w.:/@[\]-]{0,199}$/.test(value), wanted));

/** A commit by any name git knows: nothing that git could read as an option. */
export const revision = () =>
  z
    .string('a branch, tag or commit')
    .check(
      z.refine(
        (value) => /^[^\s\p{Cc}-][^\s\p{Cc}]{0,249}$/u.test(value),
        'a branch, tag or commit, in one word that does not start with "-"',
      ),
    );

export const isolation = (author: Author) =>
  z
    .enum(['sandbox', 'guarded', 'bypass'], 'sandbox or guarded')
    .check(
      z.refine(
        (value) => author === 'person' || value !== 'bypass',
        'A file of the repository cannot choose bypass; it can only tighten isolation.\nTo run everything unguarded yourself: copse run --isolation bypass',
      ),
    );

const tool = () =>
  z
    .string('a tool like Read or Bash(npm test)')
    .check(
      z.refine(
        (value) => TOOL_PATTERN.test(value) && !HIDING_CHARACTERS.test(value) && !value.includes('\n'),
        'one tool per entry, like Read or Bash(npm test *), without further parentheses',
      ),
    );

export const allowedTools = (author: Author) =>
  z.array(
    tool().check(
      z.refine(
        (value) => author === 'person' || !isBareBash(value),
        'A file of the repository cannot allow every Bash command.\nName the commands, like Bash(npm test); all of them is isolation bypass, which only a person can choose.',
      ),
    ),
    'a list of tools like Bash(npm test)',
  );

export const disallowedTools = () => z.array(tool(), 'a list of tools like WebFetch');

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const literalProblem = (name: string): string =>
  `The variable ${name} cannot be set to a value in a file of the repository: it would redirect the agent, git or the network.\nPass your own on by naming it alone, or set it before you start copse.`;

/** `NAME` passes the person's own value on, `NAME=literal` sets one. */
export const environmentList = (author: Author) =>
  z.array(
    z.string('a name, or NAME=value').check(
      z.check((context) => {
        const name = context.value.split('=', 1)[0] ?? '';
        const message = environmentProblem(author, name, context.value.includes('='), context.value);
        if (message !== null) context.issues.push({ code: 'custom', input: context.value, message });
      }),
    ),
    'a list of names, or of NAME=value',
  );

/** `NAME: literal` sets one; `NAME:` with nothing after it passes the person's own value on. */
export const environmentMap = (author: Author) =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], 'text'), 'a map of names to values').check(
    z.check((context) => {
      for (const [name, value] of Object.entries(context.value)) {
        const message = environmentProblem(author, name, value !== null, String(value ?? ''));
        if (message !== null) context.issues.push({ code: 'custom', input: value, path: [name], message });
      }
    }),
  );

function environmentProblem(author: Author, name: string, literal: boolean, value: string): string | null {
  if (!NAME.test(name)) return 'a name of letters, digits and "_", or NAME=value';
  if (HIDING_CHARACTERS.test(value)) return 'a value without control characters';
  return literal && author === 'repository' && isRefusedLiteral(name) ? literalProblem(name) : null;
}

const inside = (value: string): boolean =>
  value !== '' &&
  !value.startsWith('/') &&
  !value.startsWith('~') &&
  !HIDING_CHARACTERS.test(value) &&
  !/[\n\\]/.test(value) &&
  !value.split('/').some((part) => part === '..' || part.toLowerCase() === '.git');

const COPIED = 'a path within the repository like .env, without ".." and .git';
const isCopied = (value: string): boolean => inside(value) && !/^[./*]*$/.test(value);

const copiedPath = () => z.string('a path within the repository').check(z.refine(isCopied, COPIED));

/** How single paths are copied. */
const copiedHow = () =>
  z
    .record(
      z.string(),
      z.enum(['follow', 'optional', 'always'], 'follow, optional or always'),
      'a map of paths to follow, optional or always',
    )
    .check(
      z.check((context) => {
        for (const path of Object.keys(context.value))
          if (!isCopied(path))
            context.issues.push({
              code: 'custom',
              input: path,
              path: [path],
              message: `The path ${JSON.stringify(path)} is not ${COPIED}.`,
            });
      }),
    );

export const COPY_HELP =
  'Ignored files and folders to copy into each worktree, e.g. .env, from the current worktree, or else from the main one. ' +
  'In a map, {".env": follow} copies the target of a symlink, and {".env.local": optional} may be missing. ' +
  'Default: the entries of .worktreeinclude.';

/** Ignored files and folders that each worktree needs. */
export const copy = () =>
  z.union(
    [
      z.array(
        z.union([copiedPath(), copiedHow()], 'a path, or a map like {".env": follow}'),
        'a list of paths within the repository',
      ),
      copiedHow(),
    ],
    'a list of paths within the repository, or a map like {".env": follow}',
  );

type CopyInput = z.infer<ReturnType<typeof copy>>;

/** A rule as people write it in a list. */
export function writtenRule(rule: CopyRule): string | Readonly<Record<string, string>> {
  return typeof rule === 'string' ? rule : { [rule.path]: rule.how };
}

/** As it was written, in one form. */
export function copyRules(input: CopyInput): CopyRule[] {
  return (Array.isArray(input) ? input : [input]).flatMap((rule) =>
    typeof rule === 'string' ? [rule] : Object.entries(rule).map(([path, how]) => (how === 'always' ? path : { path, how })),
  );
}

/** Folders that may be deleted instead of kept. */
export const disposable = () =>
  z.array(
    z
      .string('the name of a folder')
      .check(
        z.refine((value) => inside(value) && !/^[./*]*$/.test(value), 'the name of a folder like node_modules, not everything'),
      ),
    'a list of folder names',
  );

/** A path or glob within the repository. */
export const pathWithin = (wanted: string) =>
  z.string(wanted).check(z.refine((value) => inside(value), `${wanted}, without ".." and .git`));

/** A key that has to be a plain map. */
export const anyMap = (wanted: string) => z.record(z.string(), z.unknown(), wanted);

/** So that editors accept the schema's own key in JSON files. */
export const schemaKey = () =>
  z.optional(z.string('the address of a schema').check(z.describe('The JSON Schema for editors. Has no other meaning.')));
