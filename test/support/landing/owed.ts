import { tryGit } from './raw-path.ts';
import { autostashes, kept } from './repository-state.ts';

/** Everything that stood in a worktree, in an index or on a branch when somebody began to type: it must never go. */
export class Owed {
  readonly #root: string;
  #ids = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What an agent or a person overwrote or dropped until now is theirs; what stands is owed. */
  begin(): void {
    const now = this.#kept();
    this.#ids = new Set([...this.#ids].filter((id) => now.has(id)));
    for (const id of kept(this.#root, { pins: false })) this.#ids.add(id);
    for (const id of autostashes(this.#root)) if (now.has(id)) this.#ids.add(id);
  }

  /** These may go. Whatever else keeps them, they still count if they are there. */
  forgive(ids: Iterable<string>): void {
    const now = this.#kept();
    for (const id of ids) if (!now.has(id)) this.#ids.delete(id);
  }

  /** git's own `gc` does not count an autostash; the trash does. */
  forgiveAutostashes(): void {
    const now = kept(this.#root, { pins: true });
    for (const id of autostashes(this.#root)) if (!now.has(id)) this.#ids.delete(id);
  }

  /** Contents of what is lost, for whoever reads a failure. */
  lost(): readonly string[] {
    const now = this.#kept();
    return [...this.#ids].filter((id) => !now.has(id)).map((id) => `${id} ${tryGit(this.#root, ['cat-file', '-p', id]).stdout}`);
  }

  #kept(): Set<string> {
    const now = kept(this.#root, { pins: true });
    for (const id of autostashes(this.#root)) if (tryGit(this.#root, ['cat-file', '-e', id]).ok) now.add(id);
    return now;
  }
}
