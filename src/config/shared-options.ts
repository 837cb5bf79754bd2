import * as z from 'zod/mini';
import { ISOLATIONS } from '../model/outcome.ts';
import type { Limits } from '../model/plan.ts';
import type { Settings } from '../model/settings.ts';
import { type Author, count, dollars, duration, isolation, word } from './variants/fields.ts';

/** An option that settings, `defaults`, a variant and a flag all have. */
export interface SharedOption {
  readonly takes: 'model' | 'effort' | 'isolation' | 'duration' | 'dollars' | 'count';
  /** Of a count. */
  readonly between?: readonly [number, number];
  /** The value if nothing else sets it; durations in ms. */
  readonly builtIn: string | number | null;
  /** For the schemas of the files and for the reference. */
  readonly means: string;
  /** The same, if settings say it differently from the variants file. */
  readonly meansInSettings?: string;
  /** For the help of the flag. */
  readonly summary: string;
  readonly choices?: readonly string[];
}

/**
 * The one list of these options, by their key in the files. Schemas, flags with their help, built-in values, precedence and the
 * reference are made from it. A new limit is a line here, one in `Limits`, and what the backend does with it.
 */
export const SHARED_OPTIONS = {
  model: {
    takes: 'model',
    builtIn: null,
    means: 'Model: an alias like sonnet, opus or haiku, or a full name.',
    meansInSettings: "Model: an alias like sonnet, opus or haiku, or a full name. Default: Claude Code's.",
    summary: 'model of all variants',
  },
  effort: {
    takes: 'effort',
    builtIn: null,
    means: 'How hard the model thinks: low, medium, high, …',
    summary: 'effort level of all variants',
  },
  isolation: {
    takes: 'isolation',
    builtIn: 'guarded',
    means: 'sandbox or guarded (the default). A file of the repository can only tighten your own setting.',
    meansInSettings:
      'sandbox, guarded or bypass. A file of the repository can only tighten it; bypass needs your own settings or a flag.',
    summary: 'what agents may do',
    choices: ISOLATIONS,
  },
  timeout: {
    takes: 'duration',
    builtIn: 45 * 60_000,
    means: 'Time limit of one attempt, e.g. 45m.',
    summary: 'time limit of one attempt, e.g. 45m',
  },
  idleTimeout: {
    takes: 'duration',
    builtIn: 10 * 60_000,
    means: 'How long an attempt may be silent while no tool is running before it counts as stalled, e.g. 10m.',
    summary: 'silence that counts as stalled, e.g. 10m',
  },
  budgetUsd: {
    takes: 'dollars',
    // So that a plan's ceiling is never unlimited.
    builtIn: 5,
    means: 'Maximum cost of one variant with all its attempts, in US dollars.',
    summary: 'maximum cost of one variant',
  },
  maxTurns: {
    takes: 'count',
    between: [1, 10_000],
    builtIn: null,
    means: 'Maximum number of turns of one attempt. Default: no limit.',
    summary: 'maximum turns of one attempt',
  },
  retries: {
    takes: 'count',
    between: [0, 20],
    builtIn: 2,
    means: 'How often to start a new attempt after a transient failure (overload, lost network).',
    summary: 'new attempts after a transient failure',
  },
} as const satisfies Readonly<Record<string, SharedOption>>;

type Table = typeof SHARED_OPTIONS;
type Key = keyof Table;

/** People write `timeout`; copse holds `timeoutMs`. */
type HeldKey<K extends Key> = Table[K]['takes'] extends 'duration' ? `${K}Ms` : K;
export type SharedKey = { [K in Key]: HeldKey<K> }[Key];

const entries = Object.entries(SHARED_OPTIONS) as [Key, SharedOption][];

const heldKey = (key: string, { takes }: SharedOption): string => (takes === 'duration' ? `${key}Ms` : key);

/** In the order of the table, as copse holds them. */
export const SHARED_KEYS = entries.map(([key, option]) => heldKey(key, option)) as readonly SharedKey[];

/** The options that limit a variant's attempts. */
export const LIMIT_KEYS = entries
  .filter(([, { takes }]) => ['duration', 'dollars', 'count'].includes(takes))
  .map(([key, option]) => heldKey(key, option)) as readonly (keyof Limits)[];

export const BUILT_IN_OPTIONS = Object.fromEntries(
  entries.map(([key, option]) => [heldKey(key, option), option.builtIn]),
) as Pick<Settings, SharedKey>;

/** Values from the command line; an absent key was not given. */
export type SharedFlags = { readonly [K in SharedKey]?: NonNullable<Settings[K]> };

type Kebab<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `-${Lowercase<Head>}`}${Kebab<Tail>}`
  : S;

/** The name of the flag: `idle-timeout`. */
export type SharedFlagName = Kebab<Key>;

export const SHARED_FLAGS = entries.map(([key, option]) => ({
  name: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) as SharedFlagName,
  holds: heldKey(key, option) as SharedKey,
  option,
}));

const FIELDS = {
  model: () => word('a model like sonnet'),
  effort: () => word('an effort like low, medium or high').check(z.meta({ examples: ['low', 'medium', 'high'] })),
  isolation,
  duration,
  dollars,
  count: (_: Author, { between: [from, to] = [0, 0] }: SharedOption) => count(from, to),
} as const;

/** Their keys in the schema of the settings, or of what a variant may say. */
export function sharedShape(author: Author, where: 'settings' | 'variants') {
  const shape = entries.map(([key, option]) => {
    const field: z.ZodMiniType = FIELDS[option.takes](author, option);
    const means = where === 'settings' ? (option.meansInSettings ?? option.means) : option.means;
    return [key, z.optional(field.check(z.describe(means)))];
  });
  return Object.fromEntries(shape) as { [K in Key]: z.ZodMiniOptional<ReturnType<(typeof FIELDS)[Table[K]['takes']]>> };
}
