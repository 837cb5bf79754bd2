import { constants } from 'node:fs';
import { access, lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cosmiconfig, type Loader } from 'cosmiconfig';
import type { Problem } from '../../model/errors.ts';
import { constructAtRoot } from '../../system/construct-at-root.ts';
import { readDocument } from '../document/document.ts';
import type { DataDocument, ReadDocument } from '../document/document-positions.ts';

/** The possible files of the repository's settings, data only; `package.json` under its key `worktree`. */
export const WORKTREERC_PLACES = [
  '.worktreerc',
  '.worktreerc.json',
  '.worktreerc.yaml',
  '.worktreerc.yml',
  '.config/worktreerc',
  '.config/worktreerc.json',
  '.config/worktreerc.yaml',
  '.config/worktreerc.yml',
  'package.json',
] as const;

const PACKAGE_KEY = 'worktree';

export interface FoundSettings {
  readonly document: DataDocument;
  /** The place of the settings in the document: the top, or below `worktree` of package.json. */
  readonly at: readonly string[];
}

/** The repository's settings file as it was read, in a shape that cosmiconfig hands through untouched. */
interface Loaded {
  readonly read: ReadDocument;
}

/** One file that holds settings. */
interface Holder {
  readonly place: string;
  readonly path: string;
  readonly read: ReadDocument;
}

/**
 * The repository's settings; null if it has none. Nothing of the repository is executed and nothing outside it read.
 *
 * cosmiconfig 10 by itself does both: constructing an explorer reads meta configuration below the working directory
 * (`.config/config.js` runs), `$import` reads any path, and a link is followed anywhere. So it is constructed with the
 * working directory at `/`, searches only the places that are regular files within the repository, and has loaders that throw for
 * every code ending and copse's own loaders for data that return a wrapper, in which it finds no `$import`.
 */
export async function findWorktreerc(
  root: string,
): Promise<{ readonly found: FoundSettings | null; readonly problems: readonly Problem[] }> {
  const { places, problems } = await vetPlaces(root);
  const first = await search(root, places);
  if (first === null) return { found: null, problems };
  const found: Problem[] = [...problems];
  const second = await search(
    root,
    places.filter((place) => place !== first.place),
  );
  if (second !== null) {
    const what = `The repository has two settings files: ${first.place} and ${second.place}.`;
    found.push({ what, fix: 'Keep one of them.', position: { file: second.path, line: 1, column: 1 } });
  }
  const { place, read } = first;
  if (!read.ok) return { found: null, problems: [...found, ...read.problems] };
  return { found: { document: read.document, at: place === 'package.json' ? [PACKAGE_KEY] : [] }, problems: found };
}

/** The first of these places that holds settings; a blank file and a package.json without the key hold none. */
async function search(root: string, places: readonly string[]): Promise<Holder | null> {
  if (places.length === 0) return null;
  const explorer = constructAtRoot(() =>
    cosmiconfig('worktree', {
      searchPlaces: [...places],
      packageProp: PACKAGE_KEY,
      searchStrategy: 'none',
      ignoreEmptySearchPlaces: true,
      mergeSearchPlaces: false,
      cache: false,
      loaders: LOADERS,
    }),
  );
  const result = await explorer.search(root);
  if (result === null) return null;
  const place = places.find((one) => join(root, one) === result.filepath);
  // Meta configuration in `/` itself could send the search elsewhere.
  if (place === undefined || !isLoaded(result.config))
    throw new Error(`cosmiconfig found ${result.filepath}, which it should not search`);
  return { place, path: result.filepath, read: result.config.read };
}

const refuseCode: Loader = (path) => {
  throw new Error(`${path} is code: settings are data`);
};

const loadData: Loader = async (path): Promise<Loaded> => ({ read: await readDocument(path) });

/** `package.json` belongs to other tools: copse uses it only if it parses and has the key. */
const loadJson: Loader = async (path): Promise<Loaded | Record<string, Loaded>> => {
  const read = await readDocument(path);
  if (!path.endsWith('package.json')) return { read };
  const { value } = read.ok ? read.document : { value: null };
  const has = typeof value === 'object' && value !== null && Object.hasOwn(value, PACKAGE_KEY);
  return has ? { [PACKAGE_KEY]: { read } } : {};
};

const LOADERS: Record<string, Loader> = {
  '.json': loadJson,
  '.yaml': loadData,
  '.yml': loadData,
  noExt: loadData,
  '.js': refuseCode,
  '.cjs': refuseCode,
  '.mjs': refuseCode,
  '.ts': refuseCode,
  '.cts': refuseCode,
  '.mts': refuseCode,
};

function isLoaded(config: unknown): config is Loaded {
  return typeof config === 'object' && config !== null && 'read' in config;
}

/** The places that exist as files within the repository. A link out of it is refused, not followed. */
async function vetPlaces(root: string): Promise<{ places: string[]; problems: Problem[] }> {
  const places: string[] = [];
  const problems: Problem[] = [];
  const top = await realpath(root);
  for (const place of WORKTREERC_PLACES) {
    const path = join(root, place);
    const refuse = (what: string): void => {
      // package.json is none of our business unless it holds our key.
      if (place !== 'package.json')
        problems.push({ what, fix: 'Replace it with a regular file.', position: { file: path, line: 1, column: 1 } });
    };
    const real = await realOf(path);
    if (real === null) continue;
    if (!real.startsWith(top + sep)) refuse(`${place} leads outside the repository.`);
    else if (!(await lstat(real)).isFile()) refuse(`${place} is not a regular file.`);
    else if (!(await isReadable(real))) refuse(`${place} cannot be read.`);
    else places.push(place);
  }
  return { places, problems };
}

async function realOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    // Missing, a link to nothing or in a circle, not ours to enter: as good as not there.
    return null;
  }
}

/** cosmiconfig's search passes over what it may not read, as if it were not there. */
async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
