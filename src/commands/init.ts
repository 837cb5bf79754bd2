import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';
import { type InitFacts, initFacts } from '../config/init/init-facts.ts';
import { type InitFile, initFiles, TEMPLATES } from '../config/init/init-files.ts';
import { keepOldFile } from '../config/init/keep-old-file.ts';
import { missingIn } from '../config/init/missing.ts';
import { invalid, variantsFilePath } from '../config/read-configuration.ts';
import { WORKTREERC_PLACES } from '../config/settings/find-worktreerc.ts';
import { loadSettings } from '../config/settings/load-settings.ts';
import { loadVariantsFile } from '../config/variants/load-variants-file.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { type NextJson, nextJson } from '../view/next-json.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';

export const command = defineCommand({
  description:
    'Writes variants.yaml from a template, and .worktreerc, based on the lock file, scripts and .gitignore of this repository. Overwrites nothing; --force keeps the old variants.yaml beside the new one.',
  examples: [
    { line: 'copse init', does: 'one task, several approaches' },
    { line: 'copse init --template demo', does: 'several designs, to show side by side' },
    { line: 'copse init --update', does: 'what this repository has by now and the files do not say' },
    { line: 'copse init --template features', does: 'independent tasks at the same time' },
  ],
  options: {
    template: { kind: 'text', alias: 't', summary: 'template (default: ab)', choices: TEMPLATES },
    force: { kind: 'flag', summary: 'replace an existing variants.yaml, and keep the old one' },
    json: JSON_OPTION,
    update: { kind: 'flag', summary: 'show what the existing files lack; change nothing' },
  },
  schema: z.strictObject({
    template: z.optional(z.enum(TEMPLATES, `one of ${TEMPLATES.join(', ')}`)),
    force: z.boolean(),
    json: z.boolean(),
    update: z.boolean(),
  }),
  async run(options, context) {
    const { repository } = await openHere(context.cwd);
    if (repository.bare) throw bare();
    const root = repository.here;
    const here = relative(root, await realpath(context.cwd));
    const facts = await initFacts(root, here);
    if (options.update) return update(root, facts, context);
    const template = await readFile(join(context.packageRoot, 'templates', `${options.template ?? 'ab'}.yaml`), 'utf8');
    const [variants, settings] = initFiles({ template, facts });
    // Settings hold for every variants file: a new one is no reason to replace them.
    const hasSettings = (await loadSettings({ root, environment: {}, flags: {} })).files.length > 0;
    const kept = options.force ? await keepOldFile(root, variants.path) : null;
    const written = [await write(root, variants), ...(hasSettings ? [] : [await write(root, settings)])];
    if (options.json) {
      const next = [nextJson('copse plan', `Describe the task in ${variants.path} first.`)];
      const answer = { schema: 1, written, kept, read: facts.found, keptSettings: hasSettings, next } as const satisfies InitJson;
      context.stdout.write(`${JSON.stringify(answer)}\n`);
      return EXIT.ok;
    }
    context.stdout.write(`${written.join('\n')}\n`);
    tell(context, [
      ...recognised(facts),
      ...(kept === null ? [] : [`Kept the old ${variants.path} as ${kept}.`]),
      ...(hasSettings ? ['Kept the existing settings.'] : []),
      '',
      'Describe the task  edit variants.yaml',
      'Review             copse plan',
      'Start              copse run',
    ]);
    return EXIT.ok;
  },
});

/** The answer of `init --json`. */
interface InitJson {
  readonly schema: 1;
  /** Paths of the files that it wrote. */
  readonly written: readonly string[];
  /** What the former variants file is called now; null: there was none. */
  readonly kept: string | null;
  /** Files that the proposals come from. */
  readonly read: readonly string[];
  /** There were settings already: they are as they were. */
  readonly keptSettings: boolean;
  readonly next: readonly NextJson[];
}

/** What was recognised; and, where that is nothing, what to write. */
function recognised(facts: InitFacts): readonly string[] {
  const { found, passedOver, verify } = facts;
  const read = found.length === 0 ? ['Recognised no project here.'] : [`Read ${found.join(', ')}.`];
  const more = passedOver.length === 0 ? [] : [`Not looked into, too many projects: ${passedOver.join(', ')}.`];
  if (verify.length > 0) return [...read, ...more];
  const setUp = facts.setup.length > 0 ? [] : ['  .worktreerc     setup: [make deps]'];
  return [
    ...read,
    ...more,
    `Found no ${facts.setup.length > 0 ? 'check' : 'set-up and no check'}. Without a check nothing tells whether a variant works. Add your commands, for example:`,
    ...setUp,
    '  variants.yaml   verify: { test: make test }',
  ];
}

/** Prints what could be added, and writes nothing: what people left out they may have left out on purpose. */
async function update(root: string, facts: InitFacts, context: Context): Promise<ExitCode> {
  const { settings } = await loadSettings({ root, environment: {}, flags: {} });
  const path = await variantsFilePath(root, root, null, settings);
  const loaded = path === null ? null : await loadVariantsFile(path, { root });
  if (loaded !== null && !loaded.ok) throw invalid(loaded.problems);
  const proposals = missingIn(facts, settings, loaded?.file ?? null);
  tell(context, recognised(facts));
  if (proposals.length === 0) {
    tell(context, ['Nothing is missing from the files.']);
    return EXIT.ok;
  }
  const files = [...new Set(proposals.map(({ file }) => file))];
  const texts = files.map((file) => `# ${file}\n${proposals.flatMap((one) => (one.file === file ? [one.text] : [])).join('')}`);
  context.stdout.write(texts.join('\n'));
  tell(context, ['', `Nothing was changed. Add what you want to ${files.join(' and ')}.`]);
  return EXIT.ok;
}

function tell(context: Context, lines: readonly string[]): void {
  context.stderr.write(`${lines.join('\n')}\n`);
}

/** Creates the file, never through a symbolic link (`wx` refuses any that is there); the path it wrote. */
async function write(root: string, file: InitFile): Promise<string> {
  try {
    await writeFile(join(root, file.path), file.text, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw taken(file.path, error);
    throw error;
  }
  return file.path;
}

function taken(path: string, cause: unknown): CopseError {
  const isSettings = (WORKTREERC_PLACES as readonly string[]).includes(path);
  return new CopseError({
    code: 'file-exists',
    exit: EXIT.precondition,
    what: `${path} already exists.`,
    why: isSettings
      ? 'It cannot be read as settings, and nothing is overwritten.'
      : 'It may be your work, and copse does not overwrite it.',
    hint: isSettings
      ? `Give it another name, then:\n  copse init`
      : 'Continue with it:\n  copse plan\nOr write a new one and keep the old one beside it:\n  copse init --force',
    cause,
  });
}

function bare(): CopseError {
  return new CopseError({
    code: 'bare-repository',
    exit: EXIT.precondition,
    what: 'This repository is bare: there is no checkout to write files into.',
    hint: 'Change into one of its worktrees, then:\n  copse init',
  });
}
