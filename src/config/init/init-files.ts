import { stringify } from 'yaml';
import type { InitFacts } from './init-facts.ts';

export const TEMPLATES = ['ab', 'demo', 'features'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

export interface InitFile {
  /** Relative to the repository's top. */
  readonly path: string;
  readonly text: string;
}

/** The files of `copse init`: the template with the repository's own checks, and settings with what its worktrees need. */
export function initFiles(o: {
  readonly template: string;
  readonly facts: InitFacts;
}): readonly [variants: InitFile, settings: InitFile] {
  const { facts } = o;
  const checks =
    facts.verify.length === 0
      ? null
      : Object.fromEntries(facts.verify.map(({ name, run, report }) => [name, report === null ? run : { run, report }]));
  const serve = facts.serve === null ? null : { run: facts.serve, ready: '/' };
  const sections = withSection(withSection(o.template, 'verify', checks), 'serve', serve);
  const variants = withSchema(withTeardown(withEnv(sections, facts.env), facts.teardown), 'variants', facts.schemas);
  return [
    { path: 'variants.yaml', text: variants },
    { path: '.worktreerc', text: withSchema(settingsText(facts), 'settings', facts.schemas) },
  ];
}

/** `text` with the top-level `key` saying `value`; null turns it into a comment, as an example to go by. */
function withSection(text: string, key: string, value: unknown): string {
  const section = new RegExp(`^${key}:.*\\n(?:[ \\t]+.*\\n)*`, 'm');
  return text.replace(section, (old) =>
    value === null ? old.replace(/^/gm, '# ').replace(/# $/, '') : stringify({ [key]: value }, { lineWidth: 0 }),
  );
}

/** In `defaults:`, which each template has. */
function withEnv(text: string, env: InitFacts['env']): string {
  if (Object.keys(env).length === 0) return text;
  const entry = stringify({ env }, { lineWidth: 0 }).replace(/^/gm, '  ').trimEnd();
  return text.replace(/^defaults:\n/m, `defaults:\n${entry}\n`);
}

function withTeardown(text: string, teardown: readonly string[]): string {
  if (teardown.length === 0) return text;
  return `${text.trimEnd()}\n\n# Commands to run before a worktree is removed.\n${stringify({ teardown }, { lineWidth: 0 })}`;
}

const SCHEMA_LINE = /^# yaml-language-server: .*\n(?:#\n)?/;

/** The line by which editors find the schema; without an installed one it would lead nowhere. */
function withSchema(text: string, name: string, schemas: string | null): string {
  const line = schemas === null ? '' : `# yaml-language-server: $schema=${schemas}/${name}.schema.json\n`;
  return line + text.replace(SCHEMA_LINE, '');
}

export function optional(path: string): Readonly<Record<string, string>> {
  return { [path]: 'optional' };
}

function settingsText(facts: InitFacts): string {
  const entry = (key: string, value: readonly unknown[], example: readonly string[]): string =>
    value.length > 0
      ? stringify({ [key]: value }, { lineWidth: 0, flowCollectionPadding: false, collectionStyle: 'any' })
      : `# ${key}: [${example.join(', ')}]\n`;
  return `# Settings of this repository for copse, for every variants file. "copse config" shows each value and its source.

# Commands to run in each worktree before the agent starts.
${entry('setup', facts.setup, ['npm ci'])}
# Ignored files to copy into each worktree: those a fresh clone would lack. Optional: not everybody has them.
${entry('copy', facts.copy.map(optional), ['.env'])}
# Ignored folders to delete instead of keeping them in the trash when a worktree is removed.
${entry('disposable', facts.disposable, ['node_modules'])}
# Path of a worktree, relative to the top of the checkout. Must stay in the directory that holds the repository.
# worktree: "../{repo}.worktrees/{run}-{variant}"

# Time limit of one attempt, US dollars for one variant, variants at the same time.
# timeout: 45m
# budgetUsd: 5
# concurrency: 3
`;
}
