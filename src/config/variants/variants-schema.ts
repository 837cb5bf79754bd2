import * as z from 'zod/mini';
import { judge, metrics, protect } from './evidence-schema.ts';
import {
  COPY_HELP,
  commands,
  copy,
  count,
  disposable,
  dollars,
  duration,
  pathWithin,
  revision,
  schemaKey,
  size,
  text,
} from './fields.ts';
import { branchTemplateProblem } from './name-template.ts';
import { branchProblem, nameProblem, slugOf } from './names.ts';
import { optionShape } from './options-schema.ts';
import { serve } from './serve-schema.ts';
import { verify } from './verify-schema.ts';

/** More would be a mistake, and each costs. */
export const MOST_VARIANTS = 200;

/** How a variable is named: `{{page}}`; `.name` and the like are made by `each`. */
export const VARIABLE_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const slug = () =>
  z.string('a short name like ui').check(
    z.check((context) => {
      const why = nameProblem(context.value);
      if (why === null) return;
      const near = slugOf(context.value);
      const message = `${JSON.stringify(context.value)} ${why}.${near === null ? '' : `\nFor example: ${near}`}`;
      context.issues.push({ code: 'custom', input: context.value, message });
    }),
  );

const branchName = () =>
  z.string('a branch').check(
    z.check((context) => {
      const why = branchProblem(context.value);
      if (why !== null)
        context.issues.push({ code: 'custom', input: context.value, message: `${JSON.stringify(context.value)} ${why}.` });
    }),
  );

/** Without `{{…}}`, which `each` fills in first; then the result is checked. */
const variantBranch = () =>
  z.string('a branch').check(
    z.check((context) => {
      if (context.value.includes('{{')) return;
      const why = branchTemplateProblem(context.value, { distinct: false });
      if (why !== null)
        context.issues.push({ code: 'custom', input: context.value, message: `This branch cannot be used. ${why}` });
    }),
  );

const variant = () =>
  z.strictObject({
    approach: z.optional(text().check(z.describe('Added to the shared prompt. A variant that is only a text means this.'))),
    prompt: z.optional(text().check(z.describe('Its own prompt, instead of the shared one.'))),
    needs: z.optional(
      z
        .array(z.string('the name of a variant'), 'a list of variants')
        .check(z.describe('Variants whose result this one starts from. It waits for them.')),
    ),
    branch: z.optional(
      variantBranch().check(z.describe('Branch of this variant. {run} and {variant} are replaced. Default: {run}/{variant}.')),
    ),
    ...optionShape(),
  });

const eachSource = () =>
  z.union(
    [
      z
        .array(z.union([z.string(), z.number(), z.boolean()], 'text'), 'a list of texts')
        .check(z.minLength(1, 'at least one entry'), z.maxLength(MOST_VARIANTS, `at most ${MOST_VARIANTS} entries`)),
      z.strictObject({
        files: pathWithin('a glob within the repository like src/pages/*.tsx').check(
          z.describe(
            'A glob, from the top of the repository; gives the paths of the files, sorted, and {{x.name}}, {{x.dir}}, {{x.ext}}.',
          ),
        ),
      }),
      z.strictObject({
        table: pathWithin('a CSV or TSV file within the repository').check(
          z.describe('A CSV or TSV file, from the top of the repository, with a header row; gives {{x.column}} for each column.'),
        ),
      }),
    ],
    'a list of texts, { files: glob } or { table: file }',
  );

const each = () =>
  z.record(z.string(), eachSource(), 'a map of names to lists').check(
    z.check((context) => {
      for (const name of Object.keys(context.value)) {
        if (VARIABLE_PATTERN.test(name) && name !== 'index') continue;
        const message =
          name === 'index' ? 'a name other than index, which counts the rows' : 'a name of letters, digits, "-" and "_"';
        context.issues.push({ code: 'custom', input: name, path: [name], message });
      }
    }),
    z.describe(
      'Creates variants from rows. Each entry names a variable and the source of its values: a list of texts, the files of a glob, or the rows of a table. ' +
        'Several lists are zipped row by row and must have the same length. A variant whose key contains {{name}} is created once for each row ("page-{{page.name}}"). ' +
        'Its prompts may use the same variables, and {{index}} counts from 1. Other variants are not repeated.',
    ),
    z.meta({ examples: [{ page: { files: 'src/pages/*.tsx' } }] }),
  );

/** The variants file as people write it. */
export const variantsFileSchema = () =>
  z.strictObject({
    $schema: schemaKey(),
    name: slug().check(
      z.describe('Name of the run and of its branches: lower-case letters, digits and "-".'),
      z.meta({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
    ),
    base: z.optional(
      revision().check(
        z.describe(
          'What all variants start from: a branch, tag or commit, resolved to a commit when planned. Default: the current branch.',
        ),
      ),
    ),
    target: z.optional(branchName().check(z.describe('Branch that variants are merged into. Default: the current branch.'))),
    prompt: z.optional(text().check(z.describe('The prompt that all variants share.'))),
    preamble: z.optional(
      text().check(z.describe('Replaces the instructions that every agent gets besides the prompt. copse plan shows them.')),
    ),
    defaults: z.optional(
      z.strictObject(optionShape()).check(z.describe('Options of a variant, as the default for all variants.')),
    ),
    each: z.optional(each()),
    variants: z
      .record(
        z.string(),
        z.union([z.string(), variant(), z.null()], 'a text, or a map of what this variant overrides'),
        'a map of names to approaches',
      )
      .check(
        z.refine((value) => Object.keys(value).length > 0, 'at least one variant'),
        z.refine((value) => Object.keys(value).length <= MOST_VARIANTS, `at most ${MOST_VARIANTS} variants`),
        z.describe('The approaches by name. A text is added to the shared prompt; a map overrides defaults.'),
      ),
    concurrency: z.optional(count(1, 64).check(z.describe('How many variants run at the same time. Default 3.'))),
    totalBudgetUsd: z.optional(
      dollars().check(z.describe("Maximum cost of the whole run, in US dollars. Default: the sum of the variants' budgets.")),
    ),
    onLimit: z.optional(
      z
        .enum(['resume', 'stop'], 'resume or stop')
        .check(
          z.describe(
            'What becomes of a variant that a rate limit ends: resume continues it at the reset, within its budget; stop leaves it to copse resume. Default: resume for runs started with --detach or --unattended.',
          ),
        ),
    ),
    copy: z.optional(copy().check(z.describe(COPY_HELP))),
    setup: z.optional(commands().check(z.describe('Commands to run in each worktree, in order, before the agent starts.'))),
    verify: z.optional(verify()),
    protect: z.optional(protect()),
    metrics: z.optional(metrics()),
    judge: z.optional(judge()),
    serve: z.optional(serve()),
    teardown: z.optional(commands().check(z.describe('Commands to run before a worktree is removed.'))),
    disposable: z.optional(
      disposable().check(
        z.describe(
          'Ignored folders to delete instead of keeping them in the trash when a worktree is removed, e.g. node_modules.',
        ),
      ),
    ),
    commandTimeout: z.optional(duration().check(z.describe('Time limit of one set-up command or check. Default 30m.'))),
    commit: z.optional(
      z
        .strictObject({
          message: z.optional(text().check(z.describe("Commit message for the agent's work. Default: its own summary."))),
          allow: z.optional(
            z
              .array(pathWithin('a path or glob within the repository'))
              .check(
                z.describe('Files to commit even if git ignores them, they look like secrets or are too large: paths or globs.'),
              ),
          ),
          maxBytes: z.optional(
            size().check(
              z.describe('Larger files are not committed but listed. Sparse files count as they look. Default 100MB.'),
            ),
          ),
          maxTotalBytes: z.optional(
            size().check(z.describe('The most that one commit takes in all; the largest files are left out. Default 1GB.')),
          ),
        })
        .check(z.describe('How the work of a variant is committed.')),
    ),
  });

export type VariantsFileInput = z.infer<ReturnType<typeof variantsFileSchema>>;
export type VariantInput = z.infer<ReturnType<typeof variant>>;
export type OptionsInput = Omit<VariantInput, 'approach' | 'prompt' | 'needs' | 'branch'>;
export type EachInput = NonNullable<VariantsFileInput['each']>;
