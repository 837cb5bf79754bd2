import * as z from 'zod/mini';
import { type NextJson, nextJson } from '../view/next-json.ts';

/** A tool: one line of copse, with what of its answer matters to a model. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema for the client; `parse` is what holds. */
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly readOnly: boolean;
  /** The words after `copse`. Throws what zod throws. */
  words(input: unknown): readonly string[];
  /** What of the JSON answer is handed on; absent: all of it. Of a tool that answers in text it gets `{ text }`. */
  pick?(answer: Answer): unknown;
  readonly answersInText?: true;
  /** What to do next where the answer does not say. */
  next?(answer: Answer): readonly NextJson[];
}

export type Answer = Readonly<Record<string, unknown>>;

// A name can be no option; a message and a path are always attached to theirs.
const name = () => z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'a name'));
const path = () => z.string().check(z.regex(/^[^\0\n]{1,1000}$/, 'a path'));

const NAME = { type: 'string' } as const;
const RUN = { type: 'string', description: 'id of a run; default: the latest' } as const;
const VARIANTS = { type: 'array', items: NAME, description: 'names of variants, e.g. dark or ui-2/dark' } as const;
const FILE = { type: 'string', description: 'the variants file; default: variants.yaml' } as const;

/** Options as one word each: what follows `=` is never taken for an option. */
const given = (option: string, value: string | undefined): string[] => (value === undefined ? [] : [`--${option}=${value}`]);

const planned = z.strictObject({ file: z.optional(path()), variants: z.optional(z.array(name())) });
const ofRun = z.strictObject({ run: z.optional(name()) });

const isObject = (value: unknown): value is Answer => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Answer[] => (Array.isArray(value) ? value.filter(isObject) : []);
const only = (value: Answer, ...keys: readonly string[]): Answer =>
  Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, value[key]]));

export const TOOLS: readonly Tool[] = [
  {
    name: 'plan',
    description:
      'What a run of variants.yaml would create and cost at most, and every problem. Changes nothing. Show it to the person before run.',
    properties: { file: FILE, variants: VARIANTS },
    required: [],
    readOnly: true,
    words: (input) => {
      const { file, variants = [] } = planned.parse(input);
      return ['plan', '--json', ...given('file', file), ...variants];
    },
    pick: (answer) => ({
      ...only(answer, 'run', 'base', 'target', 'isolation', 'totalBudgetUsd', 'problems', 'warnings', 'setup', 'verify'),
      trust: isObject(answer['trust']) ? only(answer['trust'], 'needed', 'approved') : null,
      variants: list(answer['variants']).map((variant) => only(variant, 'name', 'branch', 'model', 'needs')),
    }),
    next: (answer) =>
      list(answer['problems']).length > 0
        ? [nextJson('copse plan', 'Fix the problems in the file first.')]
        : [nextJson('copse run --detach', 'Only after the person has seen the plan and its cost, and said yes.')],
  },
  {
    name: 'run',
    description:
      'Starts the variants of variants.yaml in the background. It spends money: only after the person has seen the plan and said yes. Then call wait.',
    properties: { file: FILE, variants: VARIANTS },
    required: [],
    readOnly: false,
    words: (input) => {
      const { file, variants = [] } = planned.parse(input);
      return ['run', '--detach', '--json', ...given('file', file), ...variants];
    },
  },
  {
    name: 'status',
    description: 'How far a run is, or how it ended.',
    properties: { run: { type: 'string', description: 'id of a run; without it the latest runs are listed' } },
    required: [],
    readOnly: true,
    words: (input) => {
      const { run } = ofRun.parse(input);
      return ['status', ...(run === undefined ? [] : [run]), '--json'];
    },
    pick: (answer) =>
      'next' in answer
        ? answer
        : {
            runs: list(answer['runs']).map((run) => ({
              ...only(run, 'id', 'state', 'ending', 'costUsd'),
              variants: list(run['variants']).map((one) => one['name']),
            })),
          },
  },
  {
    name: 'wait',
    description:
      'Blocks until a run ends, then says how. May take hours: the client can move it to the background; the result holds the verdict.',
    properties: { run: RUN, minutes: { type: 'number', description: 'give up after so many minutes; the run goes on' } },
    required: [],
    readOnly: true,
    words: (input) => {
      const { run, minutes } = z
        .strictObject({ run: z.optional(name()), minutes: z.optional(z.number().check(z.positive())) })
        .parse(input);
      return [
        'wait',
        ...(run === undefined ? [] : [run]),
        '--json',
        ...given('timeout', minutes === undefined ? undefined : `${Math.ceil(minutes * 60)}s`),
      ];
    },
  },
  {
    name: 'compare',
    description: 'Compares variants: checks, changes, cost, conflicts, and a ranking with reasons. Runs missing checks.',
    properties: { variants: { ...VARIANTS, description: 'runs or variants; default: the latest run' } },
    required: [],
    readOnly: true,
    words: (input) => {
      const { variants = [] } = z.strictObject({ variants: z.optional(z.array(name())) }).parse(input);
      return ['compare', '--json', ...variants];
    },
    pick: (answer) => ({
      ...only(answer, 'target', 'ranking', 'notes'),
      variants: list(answer['variants']).map((variant) => ({
        ...only(variant, 'name', 'outcome', 'reason', 'changes', 'merges', 'costUsd', 'evidence', 'summary'),
        checks: list(variant['checks']).map((check) => only(check, 'name', 'standing', 'detail')),
      })),
    }),
    next: (answer) => {
      const best = list(answer['ranking'])[0]?.['name'];
      return typeof best === 'string'
        ? [nextJson(`copse diff ${best}`, 'See what it changed.'), nextJson(`copse merge ${best}`, 'If the person chooses it.')]
        : [];
    },
  },
  {
    name: 'diff',
    description: 'What a variant changed, or how two differ.',
    properties: {
      variant: NAME,
      other: NAME,
      path: { type: 'string', description: 'only this file or folder' },
      stat: { type: 'boolean', description: 'files and counts only' },
    },
    required: ['variant'],
    readOnly: true,
    answersInText: true,
    words: (input) => {
      const o = z
        .strictObject({ variant: name(), other: z.optional(name()), path: z.optional(path()), stat: z.optional(z.boolean()) })
        .parse(input);
      return [
        'diff',
        ...(o.stat === true ? ['--stat'] : []),
        o.variant,
        ...(o.other === undefined ? [] : [o.other]),
        ...(o.path === undefined ? [] : ['--', o.path]),
      ];
    },
  },
  {
    name: 'log',
    description: "The agent's final message, or the output of a check or of set-up.",
    properties: { variant: NAME, check: { type: 'string', description: 'name of a check' }, setup: { type: 'boolean' } },
    required: ['variant'],
    readOnly: true,
    answersInText: true,
    words: (input) => {
      const o = z.strictObject({ variant: name(), check: z.optional(z.string()), setup: z.optional(z.boolean()) }).parse(input);
      const what = o.setup === true ? ['--setup'] : o.check === undefined ? ['--answer'] : given('check', o.check);
      return ['logs', o.variant, ...what];
    },
  },
  {
    name: 'merge',
    description:
      'Rehearses merging variants into the target, with checks; merges only with dryRun: false, and only when the person has chosen.',
    properties: { variants: VARIANTS, dryRun: { type: 'boolean', description: 'default: true' } },
    required: ['variants'],
    readOnly: false,
    words: (input) => {
      const { variants, dryRun = true } = z
        .strictObject({ variants: z.array(name()).check(z.minLength(1)), dryRun: z.optional(z.boolean()) })
        .parse(input);
      return ['merge', ...variants, '--json', ...(dryRun ? ['--dry-run'] : [])];
    },
    pick: (answer) => ({
      ...only(answer, 'target', 'dryRun', 'operation', 'already', 'notes', 'error'),
      landed: list(answer['landed']).map((one) => only(one, 'name', 'commit', 'subject', 'changes')),
      refused: list(answer['refused']).map((one) => only(one, 'name', 'what', 'why', 'hint', 'conflicts')),
    }),
    next: ({ dryRun, operation }) =>
      dryRun === false && typeof operation === 'string' ? [nextJson(`copse undo ${operation}`, 'Takes the merge back.')] : [],
  },
  {
    name: 'prune',
    description:
      'Lists finished worktrees and branches whose work is merged; with dryRun: false moves them to a trash. Never touches work that is not merged.',
    properties: { dryRun: { type: 'boolean', description: 'default: true' } },
    required: [],
    readOnly: false,
    words: (input) => {
      const { dryRun = true } = z.strictObject({ dryRun: z.optional(z.boolean()) }).parse(input);
      return ['prune', '--json', dryRun ? '--dry-run' : '--yes'];
    },
    pick: (answer) => ({
      ...only(answer, 'operation', 'removed', 'kept', 'notes', 'freedBytes'),
      items: list(answer['items']).map((one) => only(one, 'name', 'landed', 'on', 'outcome')),
    }),
    next: ({ operation }) => (typeof operation === 'string' ? [nextJson(`copse undo ${operation}`, 'Brings them back.')] : []),
  },
  {
    name: 'undo',
    description: 'Takes back one merge or prune, by the id of its operation.',
    properties: { operation: { type: 'string', description: 'id of the operation, as merge and prune answer it' } },
    required: ['operation'],
    readOnly: false,
    words: (input) => ['undo', z.strictObject({ operation: name() }).parse(input).operation, '--yes', '--json'],
  },
  {
    name: 'retry',
    description:
      'Continues finished variants with a correction, in the same conversation and within their plan. It spends money: say so first. Then call wait.',
    properties: { variants: VARIANTS, message: { type: 'string', description: 'what to change' } },
    required: ['variants'],
    readOnly: false,
    words: (input) => {
      const { variants, message } = z
        .strictObject({ variants: z.array(name()).check(z.minLength(1)), message: z.optional(z.string().check(z.minLength(1))) })
        .parse(input);
      return ['retry', ...variants, ...given('message', message), '--detach', '--json'];
    },
  },
  {
    name: 'resume',
    description: 'Starts what a run still has queued, and what a rate limit ended. It spends money. Then call wait.',
    properties: { run: RUN },
    required: [],
    readOnly: false,
    words: (input) => {
      const { run } = ofRun.parse(input);
      return ['resume', ...(run === undefined ? [] : [run]), '--detach', '--json'];
    },
  },
];

/** When to use it: sent whole with every session, so it is short. */
export const INSTRUCTIONS =
  'copse runs several approaches to one task, or several independent tasks, side by side: each in a git worktree of its own, with a headless agent and the same checks. ' +
  'Write variants.yaml, call plan, show the person the variants, checks and maximum cost, and stop for their yes. Then run, wait, compare; merge what the person chooses. ' +
  'Only a person approves what a repository runs (copse trust, in their own terminal), widens what agents may do or spend, or removes work that is not merged.';
