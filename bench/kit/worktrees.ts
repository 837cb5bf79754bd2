import { mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepository, type Repository } from '../../src/git/spawn/repository.ts';
import { ensureStore, storeAt } from '../../src/store/layout.ts';
import { isErrno } from '../../src/system/files.ts';
import { createWorktree } from '../../src/worktree/create-worktree.ts';
import { timed } from './interleave.ts';
import type { Lab } from './lab.ts';

export interface Made {
  readonly ms: number;
  /** One sentence for each worktree that was not made, or is not what it should be. */
  readonly failures: readonly string[];
}

/** Makes worktrees of one repository in two ways, and clears them away after each time. */
export class WorktreeBench {
  readonly #lab: Lab;
  readonly #repository: Repository;
  readonly #count: number;
  #round = 0;

  private constructor(lab: Lab, repository: Repository, count: number) {
    this.#lab = lab;
    this.#repository = repository;
    this.#count = count;
  }

  static async open(lab: Lab, root: string, count: number): Promise<WorktreeBench> {
    return new WorktreeBench(lab, await openRepository(root), count);
  }

  /** `git worktree add`, one after the other, ms. */
  async oneAfterTheOther(): Promise<number> {
    const { root } = this.#repository;
    const ms = await timed(async () => {
      for (let n = 1; n <= this.#count; n += 1) {
        await this.#lab.git(root, 'worktree', 'add', '-q', '-b', branch(n), this.#path(n));
      }
    });
    await this.#clearAway();
    return ms;
  }

  /** As the supervisor does it when all variants have a slot. Only the making counts, not the look at what was made. */
  async ours(): Promise<Made> {
    const repository = this.#repository;
    const store = storeAt(repository.commonDir);
    await ensureStore(store);
    this.#round += 1;
    const failures: string[] = [];
    const ms = await timed(async () => {
      const made = await Promise.allSettled(
        Array.from({ length: this.#count }, (_, index) =>
          createWorktree({
            repository,
            store,
            path: this.#path(index + 1),
            branch: branch(index + 1),
            start: repository.headCommit ?? '',
            run: `bench-${this.#round}`,
            variant: `v${index + 1}`,
            copy: { entries: [] },
            portRegistry: this.#ports(),
          }),
        ),
      );
      for (const one of made) if (one.status === 'rejected') failures.push(String(one.reason));
    });
    if (failures.length === 0) failures.push(...(await this.#look()));
    await this.#clearAway();
    return { ms, failures };
  }

  /** What is wrong with the worktrees that stand there. */
  async #look(): Promise<readonly string[]> {
    const wrong: string[] = [];
    const head = this.#repository.headCommit ?? '';
    for (let n = 1; n <= this.#count; n += 1) {
      const status = await this.#lab.git(this.#path(n), 'status', '--porcelain=v2', '--branch');
      const expected = `# branch.oid ${head}\n# branch.head ${branch(n)}`;
      if (status !== expected) wrong.push(`${this.#path(n)}: ${status.slice(0, 200)}`);
    }
    const listed = (await this.#lab.git(this.#repository.root, 'worktree', 'list')).split('\n').length - 1;
    if (listed !== this.#count) wrong.push(`git lists ${listed} worktrees of ${this.#count}`);
    return wrong;
  }

  #path(n: number): string {
    return join(`${this.#repository.root}.worktrees`, `bench-v${n}`);
  }

  #ports(): string {
    return join(this.#lab.folder, 'ports');
  }

  /**
   * Back to the repository as it was, without git, and without deleting: a file system without a journal searches past each inode
   * that was freed in the last five minutes (ext4's `recently_deleted`), so what one round deletes the next ones pay for, several
   * times over what they are to measure.
   */
  async #clearAway(): Promise<void> {
    const { root, commonDir } = this.#repository;
    const aside = await mkdtemp(join(this.#lab.folder, 'cleared-'));
    for (const [index, left] of [
      `${root}.worktrees`,
      join(commonDir, 'worktrees'),
      join(commonDir, 'copse'),
      this.#ports(),
      join(commonDir, 'refs/heads/bench'),
      join(commonDir, 'logs/refs/heads/bench'),
    ].entries()) {
      await rename(left, join(aside, String(index))).catch(unlessAbsent);
    }
  }
}

function branch(n: number): string {
  return `bench/v${n}`;
}

function unlessAbsent(error: unknown): void {
  if (!isErrno(error, 'ENOENT')) throw error;
}
