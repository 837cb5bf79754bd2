import { tryGit } from './raw-path.ts';
import { autostashes, kept } from './repository-state.ts';

/** Everything that was in a worktree, in an index or on a branch when a command was typed: it must never be lost. */
export class Owed {
  readonly #root: string;
  #ids = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Contents that an agent or a person overwrote or dropped until now do not count; existing ones are owed. */
  begin(): void {
    const now = this.#kept();
    this.#ids = new Set([...this.#ids].filter((id) => now.has(id)));
    for (const id of kept(this.#root, { pins: false })) this.#ids.add(id);
    for (const id of autostashes(this.#root)) if (now.has(id)) this.#ids.add(id);
  }

  /** These may be lost. If they exist elsewhere, they still count. */
  forgive(ids: Iterable<string>): void {
    const now = this.#kept();
    for (const id of ids) if (!now.has(id)) this.#ids.delete(id);
  }

  /** git's own `gc` does not count an autostash; the trash does. */
  forgiveAutostashes(): void {
    const now = kept(this.#root, { pins: true });
    for (const id of autostashes(this.#root)) if (!now.has(id)) this.#ids.delete(id);
  }

  /** The lost contents, for readers of a failure. */
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
