import { stringify } from 'yaml';
import type { CopyRule, SourcedSettings } from '../../model/settings.ts';
import type { VariantsFile } from '../../model/variants-file.ts';
import type { InitFacts } from './init-facts.ts';
import { optional } from './init-files.ts';

/** A piece of YAML that could be added to a file. */
export interface Proposal {
  readonly file: 'variants.yaml' | '.worktreerc';
  readonly text: string;
}

/** What `init` would write today and the files do not say. By command and by name: somebody may have chosen another way. */
export function missingIn(facts: InitFacts, settings: SourcedSettings, file: VariantsFile | null): readonly Proposal[] {
  const setup = file?.setup ?? settings.setup.value;
  const disposable = file?.disposable ?? settings.disposable.value;
  const copied = (file?.copy ?? settings.copy.value ?? []).map(pathOf);
  const known = new Set(file?.verify?.flatMap(({ name, run }) => [name, run]) ?? []);
  const checks = facts.verify.filter(({ name, run }) => !known.has(name) && !known.has(run));
  const serve = file !== null && file.serve === undefined && facts.serve !== null ? { run: facts.serve, ready: '/' } : null;
  return [
    ...proposal(
      '.worktreerc',
      'setup',
      facts.setup.filter((line) => !setup.includes(line)),
    ),
    ...proposal('.worktreerc', 'copy', facts.copy.filter((path) => !copied.includes(path)).map(optional)),
    ...proposal(
      '.worktreerc',
      'disposable',
      facts.disposable.filter((name) => !disposable.includes(name)),
    ),
    ...proposal(
      'variants.yaml',
      'verify',
      checks.map(({ name, run, report }) => ({ [name]: report === null ? run : { run, report } })),
    ),
    ...(serve === null ? [] : [{ file: 'variants.yaml', text: stringify({ serve }, { lineWidth: 0 }) } as const]),
  ];
}

function proposal(file: Proposal['file'], key: string, entries: readonly (string | object)[]): readonly Proposal[] {
  if (entries.length === 0) return [];
  // Checks are a map of names, the others are lists.
  const value = key === 'verify' ? Object.assign({}, ...entries.map((entry) => entry)) : entries;
  return [{ file, text: stringify({ [key]: value }, { lineWidth: 0 }) }];
}

function pathOf(rule: CopyRule): string {
  return typeof rule === 'string' ? rule : rule.path;
}
