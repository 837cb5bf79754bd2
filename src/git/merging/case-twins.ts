import type { FileChange } from '../../model/reports/evidence.ts';

/** One name for what is one file on macOS and Windows: upper and lower case alike, accents composed. */
function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Names by what they are where case does not count. Made once for what many sides are held against. */
export class FoldedNames {
  readonly #files = new Map<string, string[]>();
  /** Each folder by its folded name, once in each spelling. */
  readonly #folders = new Map<string, Set<string>>();
  /** Paths directly or deeper in a folder, by the folder as it is spelt. */
  readonly #inside = new Map<string, string[]>();

  /** Paths, not folded. */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      listAt(this.#files, foldPath(path)).push(path);
      // A large tree has few folders for its files: each is folded once.
      for (const folder of foldersOf(path)) {
        const inside = this.#inside.get(folder);
        if (inside !== undefined) {
          inside.push(path);
          continue;
        }
        this.#inside.set(folder, [path]);
        const key = foldPath(folder);
        const known = this.#folders.get(key);
        if (known === undefined) this.#folders.set(key, new Set([folder]));
        else known.add(folder);
      }
    }
  }

  files(key: string): readonly string[] {
    return this.#files.get(key) ?? [];
  }

  /** Paths in folders of this folded name that are not spelt `but`. */
  inside(key: string, but: string): readonly string[] {
    const folders = [...(this.#folders.get(key) ?? [])].filter((folder) => folder !== but);
    return folders.flatMap((folder) => this.#inside.get(folder) ?? []);
  }
}

/**
 * Paths of two sides that are the same file on a file system that ignores case, or a file of one where the other has a folder, but not
 * for git: `new.txt` against `NEW.txt`, `docs` against `DOCS/a`. Both names of each. `gone`: names of theirs that do not count.
 */
export function caseTwins(ours: readonly string[], theirs: FoldedNames, gone: ReadonlySet<string> = new Set()): string[] {
  const twins = new Set<string>();
  const both = (path: string, other: string): void => {
    if (!gone.has(other)) twins.add(path).add(other);
  };
  for (const path of ours) {
    const key = foldPath(path);
    for (const other of theirs.files(key)) if (other !== path) both(path, other);
    // A file of one side whose name, but for case, is a folder of the other.
    for (const other of theirs.inside(key, path)) both(path, other);
    for (const folder of foldersOf(path)) {
      for (const other of theirs.files(foldPath(folder))) if (other !== folder) both(path, other);
    }
  }
  return [...twins].sort();
}

function listAt(map: Map<string, string[]>, key: string): string[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: string[] = [];
  map.set(key, list);
  return list;
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/** Paths that exist only after a change. */
export function newPaths(files: readonly FileChange[]): string[] {
  return files.filter(({ status }) => ['added', 'renamed', 'copied'].includes(status)).map(({ path }) => path);
}

/** Paths that exist only before a change. */
export function gonePaths(files: readonly FileChange[]): string[] {
  return files.flatMap(({ status, path, from }) =>
    status === 'deleted' ? [path] : status === 'renamed' && from !== null ? [from] : [],
  );
}
