import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Problem } from '../../model/errors.ts';
import { ISOLATIONS } from '../../model/outcome.ts';
import type { Settings, Sourced, SourcedSettings } from '../../model/settings.ts';
import type { Environment } from '../../system/environment.ts';
import { personConfigFile } from '../../system/person-directories.ts';
import { asHeld } from '../as-held.ts';
import { readDocument } from '../document/document.ts';
import type { DataDocument, KeyPath } from '../document/document-positions.ts';
import { schemaProblems, sortByPlace } from '../document/schema-problems.ts';
import { type Author, copyRules } from '../variants/fields.ts';
import { BUILT_IN_SETTINGS } from './built-in-settings.ts';
import { findWorktreerc } from './find-worktreerc.ts';
import { type SettingsInput, settingsSchema } from './settings-schema.ts';

export interface LoadedSettings {
  readonly settings: SourcedSettings;
  /** A file with problems contributes nothing: half of its tightening would be worse than none. */
  readonly problems: readonly Problem[];
  /** The settings files that were read, strongest first. */
  readonly files: readonly string[];
}

type Layer = { readonly source: Sourced<unknown>['source']; readonly file: string | null; readonly values: Partial<Settings> };

/**
 * Effective settings, each with its source: flag > repository > person > built in. The variants file is
 * between flag and repository and is laid over per variant (`effective.ts`). `root`: the checkout's top; null outside a repository.
 */
export async function loadSettings(o: {
  readonly root: string | null;
  readonly environment: Environment;
  readonly flags: Partial<Settings>;
}): Promise<LoadedSettings> {
  const person = await personLayer(o.environment);
  const repository = o.root === null ? { layer: null, problems: [] } : await repositoryLayer(o.root);
  const layers: Layer[] = [{ source: 'flag', file: null, values: o.flags }];
  if (repository.layer !== null) layers.push(repository.layer);
  if (person.layer !== null) layers.push(person.layer);
  layers.push({ source: 'built in', file: null, values: BUILT_IN_SETTINGS });
  return {
    settings: mergeLayers(layers),
    problems: [...repository.problems, ...person.problems],
    files: layers.flatMap((layer) => (layer.file === null ? [] : [layer.file])),
  };
}

async function personLayer(environment: Environment): Promise<{ layer: Layer | null; problems: readonly Problem[] }> {
  const path = personConfigFile(environment);
  if (path === null) return { layer: null, problems: [] };
  const read = await readDocument(path);
  if (!read.ok) return { layer: null, problems: read.missing ? [] : read.problems };
  const { values, problems } = settingsOf(read.document, [], 'person', null);
  if (values?.worktree?.startsWith('~/') && environment['HOME'] !== undefined) {
    return {
      layer: {
        source: 'person',
        file: path,
        values: { ...values, worktree: join(environment['HOME'], values.worktree.slice(2)) },
      },
      problems,
    };
  }
  return { layer: values === null ? null : { source: 'person', file: path, values }, problems };
}

async function repositoryLayer(root: string): Promise<{ layer: Layer | null; problems: readonly Problem[] }> {
  const { found, problems } = await findWorktreerc(root);
  if (found === null) return { layer: null, problems };
  const read = settingsOf(found.document, found.at, 'repository', root);
  const layer = read.values === null ? null : ({ source: 'repository', file: found.document.path, values: read.values } as const);
  return { layer, problems: [...problems, ...read.problems] };
}

/** The settings of a document, below the key path `at`; a file that says nothing is fine. */
export function settingsOf(
  document: DataDocument,
  at: KeyPath,
  author: Author,
  root: string | null,
): { readonly values: Partial<Settings> | null; readonly problems: readonly Problem[] } {
  let value: unknown = document.value ?? {};
  for (const step of at) value = (value as Record<string, unknown>)[step] ?? {};
  const schema = settingsSchema(author, root);
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return { values: toSettings(parsed.data), problems: [] };
  const within: DataDocument = {
    path: document.path,
    value,
    position: (path) => document.position([...at, ...path]),
    keyPosition: (path) => document.keyPosition([...at, ...path]),
    keys: (path) => document.keys([...at, ...path]),
  };
  return { values: null, problems: sortByPlace(schemaProblems(within, schema, parsed.error.issues)) };
}

function toSettings({ $schema: _, copy, agentMay, ...input }: SettingsInput): Partial<Settings> {
  return asHeld({
    ...input,
    ...(copy == null ? {} : { copy: copyRules(copy) }),
    ...(agentMay === undefined ? {} : { agentMay: { ...BUILT_IN_SETTINGS.agentMay, ...agentMay } }),
  }) as Partial<Settings>;
}

/** Layers strongest first, the last one complete. */
function mergeLayers(layers: readonly Layer[]): SourcedSettings {
  const entries = (Object.keys(BUILT_IN_SETTINGS) as (keyof Settings)[]).map((key) => [key, pick(key, layers)] as const);
  return Object.fromEntries(entries) as SourcedSettings;
}

function pick(key: keyof Settings, layers: readonly Layer[]): Sourced<unknown> {
  if (key === 'isolation') return tightest(layers);
  if (key === 'disallowedTools') return union(layers);
  if (key === 'keepTrashMs' || key === 'keepCommitsMs') return longest(key, layers);
  const layer = layers.find(({ values }) => values[key] !== undefined);
  return { value: layer?.values[key], source: layer?.source ?? 'built in', file: layer?.file ?? null };
}

/** A flag decides. Otherwise the repository's value counts only if it is tighter than the person's. */
function tightest(layers: readonly Layer[]): Sourced<unknown> {
  const said = layers.filter(({ values }) => values.isolation !== undefined);
  const personal = said.find(({ source }) => source !== 'repository');
  const repository = said.find(({ source }) => source === 'repository');
  const rank = (layer: Layer | undefined): number =>
    layer?.values.isolation === undefined ? ISOLATIONS.length : ISOLATIONS.indexOf(layer.values.isolation);
  const layer = personal?.source !== 'flag' && rank(repository) < rank(personal) ? repository : personal;
  return { value: layer?.values.isolation, source: layer?.source ?? 'built in', file: layer?.file ?? null };
}

/** The repository's value counts only if it keeps files longer than the person's: a clone must not delete their work sooner. */
function longest(key: 'keepTrashMs' | 'keepCommitsMs', layers: readonly Layer[]): Sourced<unknown> {
  const said = layers.filter(({ values }) => values[key] !== undefined);
  const personal = said.find(({ source }) => source !== 'repository');
  const repository = said.find(({ source }) => source === 'repository');
  const layer = (repository?.values[key] ?? 0) > (personal?.values[key] ?? 0) ? repository : personal;
  return { value: layer?.values[key], source: layer?.source ?? 'built in', file: layer?.file ?? null };
}

/** A rule denied in any file stays denied; the source is the strongest that forbids something. */
function union(layers: readonly Layer[]): Sourced<unknown> {
  const said = layers.filter(({ values }) => (values.disallowedTools ?? []).length > 0);
  const first = said[0] ?? layers.at(-1);
  const value = [...new Set(said.flatMap(({ values }) => values.disallowedTools ?? []))];
  return { value, source: first?.source ?? 'built in', file: first?.file ?? null };
}
