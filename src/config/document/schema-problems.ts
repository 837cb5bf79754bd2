import type * as z from 'zod/mini';
import type { Problem } from '../../model/errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { DataDocument, KeyPath } from './document-positions.ts';

type Issue = z.core.$ZodIssue;

/** Finding a place costs a walk: a hostile file can be wrong thousands of times. */
const MAX_REPORTED = 100;

/** The problems that a schema finds in a document, each with its position. */
export function schemaProblems(document: DataDocument, schema: z.core.$ZodType, issues: readonly Issue[]): Problem[] {
  const problems = issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) => describe(document, schema, issue, path));
  return sortByPlace(problems);
}

/** In the order of the file. */
export function sortByPlace(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}

/** `variants.dark.model`; places in lists in brackets. */
export function keyPathText(path: KeyPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** A union's issues: those of the one branch that fits the kind of value that was written, else the union's own. */
function flatten(issue: Issue, above: KeyPath): { issue: Issue; path: KeyPath }[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const fitting = issue.errors.filter((branch) => !branch.some((inner) => inner.path.length === 0 && isOfKind(inner)));
  const [only] = fitting;
  return only !== undefined && fitting.length === 1 ? only.flatMap((inner) => flatten(inner, path)) : [{ issue, path }];
}

const isOfKind = (issue: Issue): boolean => issue.code === 'invalid_type' || issue.code === 'invalid_value';

function describe(document: DataDocument, schema: z.core.$ZodType, issue: Issue, path: KeyPath): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.slice(0, MAX_REPORTED).map((key) => unknownKey(document, [...path, key], key, known));
  }
  const name = keyPathText(path);
  const value = valueAt(document.value, path);
  const [message = '', fix] = issue.message.split('\n');
  const place = {
    position: document.position(path),
    ...(name === '' ? {} : { path: name }),
    ...(fix === undefined ? {} : { fix }),
  };
  if (/^[A-Z"`{]/.test(message) && message !== 'Invalid input') return [{ what: message, ...place }];
  const subject = name === '' ? 'The file' : name;
  if (value === undefined && path.length > 0) {
    const wanted = message === '' || message === 'Invalid input' ? '' : `: it needs ${message}`;
    return [{ what: `${subject} is missing${wanted}.`, ...place }];
  }
  return [
    {
      what: `${subject} needs ${message === 'Invalid input' || message === '' ? wantedOf(issue) : message}; found ${found(value)}.`,
      ...place,
    },
  ];
}

function unknownKey(document: DataDocument, path: KeyPath, key: string, known: readonly string[]): Problem {
  const place = { position: document.keyPosition(path), path: keyPathText(path) };
  const shown = JSON.stringify(key.length > 60 ? `${key.slice(0, 59)}…` : key);
  const near = nearest(key, known);
  return {
    what: `Unknown key ${shown}.`,
    fix: near === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`,
    ...place,
  };
}

function wantedOf(issue: Issue): string {
  if (issue.code !== 'invalid_type') return 'another value';
  return issue.expected === 'object' || issue.expected === 'record'
    ? 'a map of keys and values'
    : issue.expected === 'array'
      ? 'a list'
      : `a ${issue.expected}`;
}

function found(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

/** Own properties only: `constructor` is no key of a file that does not hold it. */
function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** Keys that `schema` knows in the map at `path`; those of all branches where it is a union. */
export function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [step, ...rest] = path;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return knownKeys(def.innerType, path);
    case 'union':
      return [...new Set(def.options.flatMap((option) => knownKeys(option, path)))];
    case 'object': {
      if (step === undefined) return Object.keys(def.shape);
      const next = Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
      return next === undefined ? [] : knownKeys(next, rest);
    }
    case 'record':
      return step === undefined ? [] : knownKeys(def.valueType, rest);
    case 'array':
      return step === undefined ? [] : knownKeys(def.element, rest);
    default:
      return [];
  }
}
