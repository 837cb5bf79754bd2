import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How far below the top projects are looked for. */
const LEVELS = 2;
/** More folders than that are no project's own. */
const MOST_FOLDERS = 400;
/** What is in there belongs to another project, or was made. */
const PASSED_OVER =
  /^(?:\..*|node_modules|vendor|third_party|target|dist|build|out|bin|obj|deps|_build|venv|env|__pycache__|fixtures|testdata|docs?|examples?|samples|tests?|spec|site-packages|Pods)$/;

export interface Folder {
  /** From the top; empty for the top itself. */
  readonly path: string;
  /** Of what git does not ignore there. */
  readonly names: ReadonlySet<string>;
  /** Of what it does. */
  readonly ignored: readonly string[];
}

/** The top, the folders down to two levels below, and the one that the person is in; the top first, each before those in it. */
export async function foldersOf(
  root: string,
  o: { readonly isIgnored: (path: string) => boolean; readonly here: string },
): Promise<Folder[]> {
  const found: Folder[] = [];
  const pending = [''];
  for (let path = pending.shift(); path !== undefined && found.length < MOST_FOLDERS; path = pending.shift()) {
    const folder = await read(root, path, o.isIgnored);
    found.push(folder.folder);
    const depth = path === '' ? 0 : path.split('/').length;
    if (depth < LEVELS) pending.push(...folder.below);
  }
  const isKnown = found.some(({ path }) => path === o.here);
  if (!isKnown && !o.here.split('/').some((name) => name === '..' || PASSED_OVER.test(name))) {
    found.push((await read(root, o.here, o.isIgnored)).folder);
  }
  return found;
}

async function read(root: string, path: string, isIgnored: (path: string) => boolean) {
  // It may not be read: then nothing is proposed for it.
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const sorted = entries.map((entry) => ({ entry, name: entry.name })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const ignored = sorted.filter(({ name }) => isIgnored(at(name)));
  const open = sorted.filter((one) => !ignored.includes(one));
  return {
    folder: {
      path,
      names: new Set(open.map(({ name }) => name)),
      ignored: ignored.filter(({ entry }) => entry.isFile()).map(({ name }) => name),
    },
    below: open.filter(({ entry, name }) => entry.isDirectory() && !PASSED_OVER.test(name)).map(({ name }) => at(name)),
  };
}
