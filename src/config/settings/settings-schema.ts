import * as z from 'zod/mini';
import {
  type Author,
  allowedTools,
  COPY_HELP,
  commands,
  copy,
  count,
  disallowedTools,
  disposable,
  dollars,
  duration,
  environmentList,
  isolation,
  keepingTime,
  pathWithin,
  revision,
  schemaKey,
  word,
} from '../variants/fields.ts';
import { branchTemplateProblem, worktreeTemplateProblem } from '../variants/name-template.ts';
import { branchProblem } from '../variants/names.ts';

/** Settings as people write them. `root`: the checkout's top, under whose parent a repository's file may place worktrees. */
export const settingsSchema = (author: Author, root: string | null) =>
  z.strictObject({
    $schema: schemaKey(),
    worktree: z.optional(
      template((value) => {
        const why = worktreeTemplateProblem(value, { within: author === 'repository' ? root : null });
        return why === null ? null : `Worktrees cannot be placed at ${JSON.stringify(value)}. ${why}`;
      }).check(
        z.describe(
          "Path of a worktree, from the checkout's top; {repo}, {run} and {variant} are filled in. A file of the repository may use the repository's parent directory only.",
        ),
      ),
    ),
    branch: z.optional(
      template((value) => {
        const why = branchTemplateProblem(value, { distinct: true });
        return why === null ? null : `Branches cannot be named ${JSON.stringify(value)}. ${why}`;
      }).check(z.describe('Branch of a variant; {run} and {variant} are filled in.')),
    ),
    variantsFile: z.optional(
      pathWithin('a path within the repository').check(z.describe('The variants file that is used without -f.')),
    ),
    base: z.optional(
      revision().check(z.describe('What variants start from: a branch, tag or commit. Default: the current branch.')),
    ),
    target: z.optional(
      template((value) => {
        const why = branchProblem(value);
        return why === null ? null : `${JSON.stringify(value)} ${why}.`;
      }).check(z.describe('Branch that a winner lands on. Default: the current branch.')),
    ),
    model: z.optional(
      word('a model like sonnet').check(
        z.describe('Model: an alias like sonnet, opus or haiku, or a full name. Default: what Claude Code takes.'),
      ),
    ),
    effort: z.optional(
      word('an effort like low, medium or high').check(z.describe('How hard the model thinks: low, medium, high, …')),
    ),
    isolation: z.optional(
      isolation(author).check(
        z.describe("sandbox, guarded or bypass. A file of the repository may only tighten; bypass is the person's alone."),
      ),
    ),
    timeout: z.optional(duration().check(z.describe('Wall clock of one attempt.'))),
    idleTimeout: z.optional(
      duration().check(z.describe('Silence while no tool is running, after which an attempt counts as stalled.')),
    ),
    budgetUsd: z.optional(dollars().check(z.describe('Most that one variant may cost with all its attempts, in US dollars.'))),
    maxTurns: z.optional(count(1, 10_000).check(z.describe('Most turns of one attempt. Default: no limit.'))),
    retries: z.optional(count(0, 20).check(z.describe('How often a passing failure starts a new attempt.'))),
    concurrency: z.optional(count(1, 64).check(z.describe('How many variants work at the same time.'))),
    commandTimeout: z.optional(duration().check(z.describe('Time-out of one setup command or check.'))),
    copy: z.optional(copy().check(z.describe(COPY_HELP))),
    setup: z.optional(commands().check(z.describe('Commands before the agent, in each worktree.'))),
    disposable: z.optional(disposable().check(z.describe('Ignored folders that need no keeping when a worktree is removed.'))),
    keepTrash: z.optional(
      keepingTime().check(
        z.describe(
          'How long what prune removed can be brought back with all its files. A file of the repository may only lengthen it.',
        ),
      ),
    ),
    keepCommits: z.optional(
      keepingTime().check(
        z.describe(
          'How long the commits of what prune removed, and the records of runs, are kept. A file of the repository may only lengthen it.',
        ),
      ),
    ),
    allowedTools: z.optional(
      allowedTools(author).check(
        z.describe('What the agent may use beyond file edits and read-only commands, e.g. Bash(npm test *).'),
      ),
    ),
    disallowedTools: z.optional(
      disallowedTools().check(z.describe('What the agent may not use. Adds to what stands elsewhere.')),
    ),
    env: z.optional(environmentList(author).check(z.describe('Names to pass on from your own environment, or NAME=value.'))),
    notify: z.optional(
      z.boolean('true or false').check(z.describe('Whether the end of a run rings the bell and shows a desktop notification.')),
    ),
  });

const template = (problem: (value: string) => string | null) =>
  z.string('some text').check(
    z.check((context) => {
      const message = problem(context.value);
      if (message !== null) context.issues.push({ code: 'custom', input: context.value, message });
    }),
  );

export type SettingsInput = z.infer<ReturnType<typeof settingsSchema>>;
