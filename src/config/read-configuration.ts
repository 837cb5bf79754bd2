import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { USUAL_NAMES } from '../model/file-flag.ts';
import type { Settings, SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import type { Environment } from '../system/environment.ts';
import { exists } from '../system/files.ts';
import { noVariantsFile } from './no-variants-file.ts';
import { loadSettings } from './settings/load-settings.ts';
import { loadVariantsFile } from './variants/load-variants-file.ts';

export interface Configuration {
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
}

/**
 * Settings and variants file together, or one CopseError (exit 2) with everything that is wrong in both.
 * `root`: the checkout's top; `file`: what `-f` names, from `cwd`; null: the default one.
 */
export async function readConfiguration(o: {
  readonly root: string;
  /** Top of the main worktree; a bare repository itself. */
  readonly mainRoot: string;
  readonly bare: boolean;
  readonly cwd: string;
  readonly file: string | null;
  readonly environment: Environment;
  readonly flags?: Partial<Settings>;
}): Promise<Configuration> {
  const { settings, problems } = await loadSettings({ root: o.root, environment: o.environment, flags: o.flags ?? {} });
  const path = await variantsFilePath(o.root, o.cwd, o.file, settings);
  if (path === null) {
    if (problems.length > 0) throw invalid(problems);
    throw await noVariantsFile(o.file ?? settings.variantsFile.value, o.file !== null, o);
  }
  const loaded = await loadVariantsFile(path, { root: o.root });
  if (!loaded.ok) throw invalid([...problems, ...loaded.problems]);
  if (problems.length > 0) throw invalid(problems);
  return { file: loaded.file, settings };
}

/** Settings alone, or one CopseError (exit 2) with everything that is wrong in them. */
export async function readSettings(o: {
  readonly root: string;
  readonly environment: Environment;
  readonly flags?: Partial<Settings>;
}): Promise<SourcedSettings> {
  const { settings, problems } = await loadSettings({ root: o.root, environment: o.environment, flags: o.flags ?? {} });
  if (problems.length > 0) throw invalid(problems);
  return settings;
}

/** The path of the variants file; null if there is none. */
export async function variantsFilePath(
  root: string,
  cwd: string,
  named: string | null,
  settings: SourcedSettings,
): Promise<string | null> {
  if (named !== null) {
    const path = resolve(cwd, named);
    return (await exists(path)) ? path : null;
  }
  const { value, source } = settings.variantsFile;
  if (source !== 'built in') return usualIn(root, root, [value]);
  for (const folder of upwards(cwd, root)) {
    const path = await usualIn(folder, root, USUAL_NAMES);
    if (path !== null) return path;
  }
  return null;
}

/** The folder and those above it, up to the top; the top alone where it is not in there. */
function upwards(folder: string, root: string): readonly string[] {
  if (folder === root || !folder.startsWith(root + sep)) return [root];
  return [folder, ...upwards(dirname(folder), root)];
}

async function usualIn(folder: string, root: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const path = join(folder, name);
    if (!(await exists(path))) continue;
    // The person did not name it, so it may not lead out of the repository.
    if (!(await leadsInto(path, root))) throw outside(relative(root, path));
    return path;
  }
  return null;
}

async function leadsInto(path: string, root: string): Promise<boolean> {
  try {
    const [real, top] = await Promise.all([realpath(path), realpath(root)]);
    return real.startsWith(top + sep);
  } catch {
    // A link to nothing leads nowhere.
    return false;
  }
}

/** Everything that is wrong in the person's files, as one error. */
export function invalid(problems: readonly Problem[]): CopseError {
  return new CopseError({
    code: 'configuration',
    exit: EXIT.usage,
    what: problems.length === 1 ? 'The configuration has a problem.' : `The configuration has ${problems.length} problems.`,
    problems,
  });
}

function outside(name: string): CopseError {
  return new CopseError({
    code: 'configuration',
    exit: EXIT.usage,
    what: `${name} leads outside the repository.`,
    why: 'A symbolic link of a clone could point anywhere.',
    hint: `Replace it with a file, or name the file that you mean:\n  copse plan -f ${name}`,
  });
}
