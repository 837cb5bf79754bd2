import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { untrackedSnapshot } from '../../src/git/beside/untracked-snapshot.ts';
import { type CommitOptions, type CommitOutcome, commitWorktree } from '../../src/git/commit/commit-worktree.ts';
import { openRepository, type Repository } from '../../src/git/spawn/repository.ts';
import { ensureStore, type Store, storeAt } from '../../src/store/layout.ts';
import { createWorktree, type WorktreeHandle } from '../../src/worktree/create-worktree.ts';
import type { CreateOptions } from '../../src/worktree/register.ts';

/** A folder that is deleted with the test; real path. */
export function temporaryDirectory(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 }).trimEnd();
}

export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/**
 * The person's global configuration for one test. Never through `git config --global`: it would replace what GIT_CONFIG_GLOBAL
 * names, which is /dev/null here, and root may.
 */
export function globalConfig(text: string): void {
  const path = join(temporaryDirectory(), 'gitconfig');
  writeFileSync(path, text);
  const before = process.env['GIT_CONFIG_GLOBAL'];
  process.env['GIT_CONFIG_GLOBAL'] = path;
  onTestFinished(() => {
    process.env['GIT_CONFIG_GLOBAL'] = before ?? '/dev/null';
  });
}

/** A program that leaves `proof` behind when anything runs it. */
export function trap(folder: string, name: string): { command: string; proof: string; sprung(): boolean } {
  const proof = join(folder, `${name}.ran`);
  const command = join(folder, `${name}.sh`);
  writeFileSync(command, `#!/bin/sh\necho "$@" >> '${proof}'\nexit 1\n`);
  chmodSync(command, 0o755);
  return { command, proof, sprung: () => existsSync(proof) };
}

/** A repository `app` on branch main with one commit, in its own folder. */
export class Sandbox {
  readonly folder = temporaryDirectory();
  readonly root = join(this.folder, 'app');

  constructor(files: Readonly<Record<string, string>> = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'src/c.txt': 'c\n' }) {
    mkdirSync(this.root);
    this.git('init', '-q', '-b', 'main');
    if (Object.keys(files).length > 0) this.commit(files);
  }

  git(...args: string[]): string {
    return git(this.root, ...args);
  }

  commit(files: Readonly<Record<string, string>>): string {
    write(this.root, files);
    this.git('add', '-A');
    this.git('commit', '-qm', 'Change');
    return this.git('rev-parse', 'HEAD');
  }

  repository(cwd = this.root): Promise<Repository> {
    return openRepository(cwd);
  }

  async store(): Promise<Store> {
    const store = storeAt((await this.repository()).commonDir);
    await ensureStore(store);
    return store;
  }

  async options(variant = 'dark', more: Partial<CreateOptions> = {}): Promise<CreateOptions> {
    const repository = more.repository ?? (await this.repository());
    return {
      repository,
      store: storeAt(repository.commonDir),
      path: join(this.folder, 'app.worktrees', `ui-${variant}`),
      branch: `ui/${variant}`,
      start: repository.headCommit ?? '',
      run: 'ui',
      variant,
      copy: { entries: [] },
      portRegistry: join(this.folder, 'ports.json'),
      ...more,
    };
  }

  async worktree(variant = 'dark', more: Partial<CreateOptions> = {}): Promise<Worktree> {
    await this.store();
    const options = await this.options(variant, more);
    const handle = await createWorktree(options);
    return new Worktree(options.repository, handle, variant);
  }

  /** Everything of the person's that no run may change. */
  state(): string {
    const index = join(this.root, '.git/index');
    return JSON.stringify([
      this.git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/main', 'refs/tags', 'refs/stash'),
      readFileSync(join(this.root, '.git/HEAD'), 'utf8'),
      existsSync(index) ? readFileSync(index).toString('base64') : null,
      this.git('status', '--porcelain'),
    ]);
  }
}

/** A worktree as an agent finds it, with what the supervisor knows of it. */
export class Worktree {
  readonly repository: Repository;
  readonly handle: WorktreeHandle;
  readonly variant: string;

  constructor(repository: Repository, handle: WorktreeHandle, variant: string) {
    this.repository = repository;
    this.handle = handle;
    this.variant = variant;
  }

  get path(): string {
    return this.handle.path;
  }

  git(...args: string[]): string {
    return git(this.path, ...args);
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    write(this.path, files);
  }

  async before(): Promise<CommitOptions['untrackedBefore']> {
    const { repository, handle } = this;
    return untrackedSnapshot({ repository, worktree: handle.path, gitDir: handle.gitDir, copied: handle.copied });
  }

  async commit(more: Partial<CommitOptions> = {}): Promise<CommitOutcome> {
    const { repository, handle } = this;
    return commitWorktree({
      repository,
      worktree: handle.path,
      gitDir: handle.gitDir,
      branch: handle.branch,
      start: handle.start,
      untrackedBefore: { schema: 1, files: {}, repositories: [], copied: [] },
      message: 'Work of the agent',
      trailers: [['Copse-Run', 'ui']],
      allow: [],
      secretValues: [],
      parkRef: `refs/copse/v1/parked/ui/${this.variant}`,
      ...more,
    });
  }

  /** Names and contents of a commit's files. */
  files(commit: string): Record<string, string> {
    const names = this.inRepository('ls-tree', '-r', '-z', '--name-only', commit)
      .split('\0')
      .filter((name) => name !== '');
    return Object.fromEntries(names.map((name) => [name, this.inRepository('cat-file', 'blob', `${commit}:${name}`)]));
  }

  inRepository(...args: string[]): string {
    return git(this.repository.commonDir, `--git-dir=${this.repository.commonDir}`, ...args);
  }
}

export function expectWhole(sandbox: Sandbox): void {
  expect(sandbox.git('fsck', '--no-dangling', '--no-progress')).toBe('');
}
