import type { Operation } from '../model/operation.ts';
import { isObject, isPlainPath } from './record.ts';

/*
 * The form that a journal must have before anything acts on it: every field that the acts use, and each path, ref and id of a form that cannot
 * lead anywhere else. By hand: this runs in commands that must start at once, and the schema library takes longer to load.
 */

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const flag: Shape = (value) => typeof value === 'boolean';
const amount: Shape = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const like =
  (pattern: RegExp): Shape =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const oneOf =
  (...values: readonly string[]): Shape =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);
const orAbsent =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, shape]) => shape(value[name]));

const operationId = like(/^[0-9a-z]{26}$/);
const commit = like(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
/** The form of a ref that git accepts: no part of it begins with a dot or is empty, and nothing in it means anything to a shell of refs. */
const branch = like(/^(?![-/])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)|[/.]$))(?!\.)[^\0-\x20\x7f~^:?*[\\]+$/);
const instant: Shape = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const path: Shape = isPlainPath;
const owner = orNull(record({ run: text, variant: text }));
const checkouts = list(record({ path, gitDir: path }));

/** Only settings that describe the branch may be set again. */
const configKey = like(/^branch\.[^\0\n]+\.[A-Za-z][A-Za-z0-9-]*$/);

const worktree = record({
  path,
  trashPath: path,
  gitDir: path,
  head: like(/^(?:(?:ref: refs\/[^\s]+|[0-9a-f]{40,64})\n?)?$/),
  headCommit: orNull(commit),
  locked: orNull(text),
  pointers: record({ gitdir: text, gitFile: orNull(text) }),
  missing: flag,
  bytes: orNull(amount),
  disposed: list(record({ path: text, bytes: amount })),
});

const item = record({
  owner,
  worktree: orNull(worktree),
  branch: orNull(
    record({
      name: branch,
      commit,
      config: list((entry) => Array.isArray(entry) && entry.length === 2 && configKey(entry[0]) && text(entry[1])),
      reflog: orNull(text),
    }),
  ),
  pins: list(record({ ref: like(/^refs\/copse\/v1\/trash\/[0-9a-z]{26}\/\d+\/[\w.-]+$/), id: commit })),
  why: text,
  step: oneOf('intended', 'trashed', 'restored', 'purged', 'gone', 'kept'),
  kept: orAbsent(text),
});

const any = {
  id: operationId,
  at: instant,
  state: oneOf('open', 'done', 'rolled-back'),
  command: text,
  undoneBy: orNull(operationId),
  stuck: orAbsent(text),
};

const KINDS: Readonly<Record<Operation['kind'], Shape>> = {
  merge: record({
    ...any,
    target: branch,
    from: commit,
    to: commit,
    checkouts,
    noVerify: flag,
    landed: list(record({ run: text, variant: text, branch: text, tip: commit, as: text, commit })),
  }),
  prune: record({ ...any, items: list(item), left: orAbsent(list(text)) }),
  undo: record({
    ...any,
    of: operationId,
    merge: orNull(record({ target: branch, from: commit, to: commit, checkouts })),
    restored: list(orNull(record({ path: orNull(path), branch: orNull(branch), note: orAbsent(text) }))),
  }),
};

/** Whether this is the journal with this id. */
export function isOperation(value: Readonly<Record<string, unknown>>, id: string): value is typeof value & Operation {
  const { kind } = value;
  if (kind !== 'merge' && kind !== 'prune' && kind !== 'undo') return false;
  return value['id'] === id && KINDS[kind](value);
}
