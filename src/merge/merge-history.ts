import { isAncestor } from '../git/objects/is-ancestor.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import type { CommitId, TreeId } from '../model/ids.ts';

/** Questions about commits. Asked of the objects alone: no ref of an agent's (`refs/replace/`) shows other ones. */
export class History {
  readonly #commonDir: string;

  constructor(commonDir: string) {
    this.#commonDir = commonDir;
  }

  /** A missing commit is no one's ancestor. */
  isAncestor(ancestor: CommitId, commit: CommitId): Promise<boolean> {
    return isAncestor(this.#git(), ancestor, commit, { gone: 'no' });
  }

  /** null: they have no history in common, as far as it was fetched. */
  async mergeBase(a: CommitId, b: CommitId): Promise<CommitId | null> {
    const { text, exitCode } = await this.#git().run(['merge-base', a, b], { ok: [0, 1] });
    return exitCode === 0 ? (text.split('\n')[0] ?? null) : null;
  }

  async treeOf(commit: CommitId): Promise<TreeId> {
    return (await this.#git().run(['rev-parse', '--verify', `${commit}^{tree}`])).text;
  }

  async exists(commit: CommitId): Promise<boolean> {
    return (await this.#git().run(['cat-file', '-e', `${commit}^{commit}`], { ok: [0, 1, 128] })).exitCode === 0;
  }

  /** Oldest first. */
  async between(
    base: CommitId,
    tip: CommitId,
  ): Promise<readonly { readonly commit: CommitId; readonly parents: readonly CommitId[] }[]> {
    const { text } = await this.#git().run(['rev-list', '--reverse', '--topo-order', '--parents', tip, `^${base}`]);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [commit = '', ...parents] = line.split(' ');
        return { commit, parents };
      });
  }

  /** Those of these commits that hold no signature; whether one that is there is good is for its reader to say. */
  async unsigned(commits: readonly CommitId[]): Promise<ReadonlySet<CommitId>> {
    if (commits.length === 0) return new Set();
    const { stdout } = await this.#git().run(['rev-list', '--no-walk', '--header', '--stdin'], {
      input: `${commits.join('\n')}\n`,
    });
    const raw = stdout
      .toString('latin1')
      .split('\0')
      .filter((record) => record !== '');
    return new Set(
      raw.flatMap((record) => {
        const [header = ''] = record.split('\n\n');
        return /^gpgsig(-sha256)? /m.test(header) ? [] : [header.split('\n')[0] ?? ''];
      }),
    );
  }

  #git() {
    return objectsGit(this.#commonDir);
  }
}
