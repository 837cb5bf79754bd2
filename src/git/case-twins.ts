import type { FileChange } from '../model/evidence.ts';

/** One name for what is one file on macOS and Windows: upper and lower case alike, accents composed. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/**
 * Paths of two sides that are the same file on a file system that ignores case, or a file of one where the other has a folder, but not
 * for git: `new.txt` against `NEW.txt`, `docs` against `DOCS/a`. Both names of each. `theirs` are paths, not folded.
 */
export function caseTwins(ours: readonly string[], theirs: readonly string[]): string[] {
  const folded = new Map<string, string[]>();
  const add = (key: string, path: string): void => {
    const known = folded.get(key);
    if (known === undefined) folded.set(key, [path]);
    else known.push(path);
  };
  for (const path of theirs) add(foldPath(path), path);
  const folders = new Map<string, string[]>();
  for (const path of theirs)
    for (const folder of foldersOf(path)) (folders.get(foldPath(folder)) ?? setNew(folders, foldPath(folder))).push(path);

  const twins = new Set<string>();
  for (const path of ours) {
    const key = foldPath(path);
    for (const other of folded.get(key) ?? []) if (other !== path) both(twins, path, other);
    // A file here where the other side has a folder of that name but for case.
    for (const other of folders.get(key) ?? []) if (!other.startsWith(`${path}/`)) both(twins, path, other);
    for (const folder of foldersOf(path)) {
      for (const other of folded.get(foldPath(folder)) ?? []) if (other !== folder) both(twins, path, other);
    }
  }
  return [...twins].sort();
}

function both(twins: Set<string>, a: string, b: string): void {
  twins.add(a);
  twins.add(b);
}

function setNew(map: Map<string, string[]>, key: string): string[] {
  const list: string[] = [];
  map.set(key, list);
  return list;
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Paths that stand after a change and did not before. */
export function newPaths(files: readonly FileChange[]): string[] {
  return files.filter(({ status }) => ['added', 'renamed', 'copied'].includes(status)).map(({ path }) => path);
}

/** Paths that stood before a change and do not after it. */
export function gonePaths(files: readonly FileChange[]): string[] {
  return files.flatMap(({ status, path, from }) =>
    status === 'deleted' ? [path] : status === 'renamed' && from !== null ? [from] : [],
  );
}
