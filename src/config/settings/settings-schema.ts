import * as z from 'zod/mini';
import { NOTICE_KINDS, NOTICE_PLACES } from '../../model/notice.ts';
import { sharedShape } from '../shared-options.ts';
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
  keepingTime,
  pathWithin,
  revision,
  schemaKey,
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
          "Path of a worktree, relative to the top of the checkout. {repo}, {run} and {variant} are replaced. A file of the repository can use only the repository's parent directory.",
        ),
      ),
    ),
    branch: z.optional(
      template((value) => {
        const why = branchTemplateProblem(value, { distinct: true });
        return why === null ? null : `Branches cannot be named ${JSON.stringify(value)}. ${why}`;
      }).check(z.describe('Branch of a variant. {run} and {variant} are replaced.')),
    ),
    variantsFile: z.optional(
      pathWithin('a path within the repository').check(z.describe('The variants file to use without -f.')),
    ),
    base: z.optional(
      revision().check(z.describe('What variants start from: a branch, tag or commit. Default: the current branch.')),
    ),
    target: z.optional(
      template((value) => {
        const why = branchProblem(value);
        return why === null ? null : `${JSON.stringify(value)} ${why}.`;
      }).check(z.describe('Branch that variants are merged into. Default: the current branch.')),
    ),
    ...sharedShape(author, 'settings'),
    concurrency: z.optional(count(1, 64).check(z.describe('How many variants run at the same time.'))),
    commandTimeout: z.optional(duration().check(z.describe('Time limit of one set-up command or check.'))),
    copy: z.optional(copy().check(z.describe(COPY_HELP))),
    setup: z.optional(commands().check(z.describe('Commands to run in each worktree before the agent starts.'))),
    disposable: z.optional(
      disposable().check(
        z.describe('Ignored folders to delete instead of keeping them in the trash when a worktree is removed.'),
      ),
    ),
    keepTrash: z.optional(
      keepingTime().check(
        z.describe(
          'How long undo can restore what prune removed with all its files. A file of the repository can only lengthen it.',
        ),
      ),
    ),
    keepCommits: z.optional(
      keepingTime().check(
        z.describe(
          'How long to keep the commits of what prune removed, and the records of runs. A file of the repository can only lengthen it.',
        ),
      ),
    ),
    allowedTools: z.optional(
      allowedTools(author).check(
        z.describe('Tools the agent may use besides file edits and read-only commands, e.g. Bash(npm test *).'),
      ),
    ),
    disallowedTools: z.optional(disallowedTools().check(z.describe('Tools the agent may not use. Adds to the other lists.'))),
    env: z.optional(
      environmentList(author).check(z.describe('Environment variables to pass on from your own by name, or NAME=value.')),
    ),
    notify: z.optional(
      notifySetting(author).check(
        z.describe(
          'Tell you when a run ends: true rings the terminal bell and shows a desktop notification. In your own settings also a list of desktop, bell, {webhook: URL}, {slack: URL}, {ntfy: URL} and {command: …}, each with on: [done, asks, limited, over-budget] if not for all.',
        ),
      ),
    ),
    agentMay: z.optional(
      z.strictObject({ budgetUsd: z.optional(dollars()), variants: z.optional(count(1, 50)) }).check(
        z.refine(
          () => author === 'person',
          'A file of the repository cannot say what agents may start.\nPut agentMay into your own settings: ~/.config/copse/config.yaml',
        ),
        z.describe('The most that one run may cost, and have variants, if an AI agent starts it. Only in your own settings.'),
      ),
    ),
  });

const notifyPlace = () =>
  z
    .strictObject({
      webhook: z.optional(z.string()),
      slack: z.optional(z.string()),
      ntfy: z.optional(z.string()),
      command: z.optional(z.string()),
      on: z.optional(z.array(z.enum(NOTICE_KINDS))),
    })
    .check(
      z.refine(
        (entry) => NOTICE_PLACES.filter((place) => entry[place] !== undefined).length === 1,
        'An entry names one place: webhook, slack, ntfy or command.',
      ),
    );

/** A repository's file may be loud or quiet, but it sends nothing anywhere and runs nothing. */
const notifySetting = (author: Author) =>
  z
    .union([z.boolean(), z.array(z.union([z.enum(['desktop', 'bell']), notifyPlace()]))], 'true, false or a list')
    .check(
      z.refine(
        (value) => author === 'person' || typeof value === 'boolean',
        'A file of the repository can only say true or false.\nPut the list into your own settings: ~/.config/copse/config.yaml',
      ),
    );

const template = (problem: (value: string) => string | null) =>
  z.string('some text').check(
    z.check((context) => {
      const message = problem(context.value);
      if (message !== null) context.issues.push({ code: 'custom', input: context.value, message });
    }),
  );

export type SettingsInput = z.infer<ReturnType<typeof settingsSchema>>;
