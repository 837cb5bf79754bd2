import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Entry } from './entries.ts';

const TYPES = { commit: 1, tree: 2 } as const;

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Map<string, Entry>;
}

/**
 * Trees and commits made in memory, and given to git as one pack (gitformat-pack(5)): thousands of them for one process. `like`: an id of
 * the repository, whose length says which hash it uses.
 */
export class ObjectPack {
  readonly #algorithm: 'sha1' | 'sha256';
  readonly #objects = new Map<string, Buffer>();

  constructor(like: CommitId) {
    this.#algorithm = like.length === 64 ? 'sha256' : 'sha1';
  }

  /** A tree with these entries; an empty one is no file. */
  tree(entries: Iterable<readonly [path: RawPath, entry: Entry]>): TreeId {
    const root: Folder = { folders: new Map(), files: new Map() };
    for (const [path, entry] of entries) {
      if (entry === '') continue;
      const names = path.split('/');
      const file = names.pop() ?? '';
      let folder = root;
      for (const name of names) {
        const inner: Folder = folder.folders.get(name) ?? { folders: new Map(), files: new Map() };
        folder.folders.set(name, inner);
        folder = inner;
      }
      folder.files.set(file, entry);
    }
    return this.#write(root);
  }

  commit(tree: TreeId, parent: CommitId | null): CommitId {
    const by = 'copse <> 0 +0000';
    const lines = [`tree ${tree}`, ...(parent === null ? [] : [`parent ${parent}`]), `author ${by}`, `committer ${by}`];
    return this.#add('commit', Buffer.from(`${lines.join('\n')}\n\nmerge base\n`));
  }

  /** Gives all of them to the object store that `git` writes to. */
  async store(git: Git): Promise<void> {
    if (this.#objects.size === 0) return;
    const head = Buffer.alloc(12);
    head.write('PACK');
    head.writeUInt32BE(2, 4);
    head.writeUInt32BE(this.#objects.size, 8);
    const pack = Buffer.concat([head, ...this.#objects.values()]);
    const sum = createHash(this.#algorithm).update(pack).digest();
    await git.run(['index-pack', '--stdin'], { input: Buffer.concat([pack, sum]) });
  }

  #write({ folders, files }: Folder): TreeId {
    const entries = [
      ...[...folders].map(([name, folder]) => ({ name, sort: `${name}/`, mode: '40000', id: this.#write(folder) })),
      ...[...files].map(([name, entry]) => {
        const space = entry.indexOf(' ');
        return { name, sort: name, mode: entry.slice(0, space), id: entry.slice(space + 1) };
      }),
    ];
    // As bytes, a folder as if its name ended in a slash.
    entries.sort((a, b) => (a.sort < b.sort ? -1 : 1));
    const body = entries.flatMap(({ name, mode, id }) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(id, 'hex')]);
    return this.#add('tree', Buffer.concat(body));
  }

  #add(type: keyof typeof TYPES, body: Buffer): string {
    const id = createHash(this.#algorithm).update(`${type} ${body.length}\0`).update(body).digest('hex');
    if (!this.#objects.has(id))
      this.#objects.set(id, Buffer.concat([header(TYPES[type], body.length), deflateSync(body, { level: 1 })]));
    return id;
  }
}

/** Type and size: four bits of size in the first byte, seven in each that follows. */
function header(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size & 15);
  for (let left = size >> 4; left > 0; left >>= 7) {
    bytes.push(byte | 0x80);
    byte = left & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}
