import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, Landing } from '../../src/git/landed/judge-landing.ts';
import { landedIn } from '../../src/git/landed/landed.ts';
import type { LandingMemory } from '../../src/git/landed/landing-memory.ts';
import { git, write } from './git-repository.ts';

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** `line 1` to `line n`, some of them replaced; 0 is before the first. */
export function text(n: number, other: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: n }, (_, i) => other[i + 1] ?? `line ${i + 1}`);
  return [...(other[0] === undefined ? [] : [other[0]]), ...lines].map((line) => `${line}\n`).join('');
}

/**
 * A repository in which a story happens, and then the fate of the branch `work` as seen from `main`. It can be started
 * again from its first commit, on `main`, as often as needed: by copying, which is cheaper than any git.
 */
export class Story {
  readonly root: string;
  readonly base: string;
  /** The start of the branch's work; null: not given. */
  start: string | null = null;
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-landing-')));
  /** Everything of the root as it was at the first commit but the objects, which only become more. */
  readonly #first = join(this.#folder, 'first');

  constructor() {
    this.root = join(this.#folder, 'app');
    mkdirSync(this.root);
    this.git('init', '-q', '-b', 'main', '--template=');
    mkdirSync(join(this.root, '.git/info'));
    this.base = this.commit({ 'a.txt': text(30), 'b.txt': text(12), 'lib/one.txt': text(15, { 5: 'one' }), 'log.txt': text(3) });
    const objects = join(this.root, '.git/objects');
    cpSync(this.root, this.#first, { recursive: true, filter: (path) => path !== objects });
  }

  /** Deletes it. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  restart(): void {
    this.start = null;
    // copse assumes that its own files stay for the life of this process.
    clear(this.root, ['.git']);
    clear(join(this.root, '.git'), ['objects', 'copse']);
    cpSync(this.#first, this.root, { recursive: true });
  }

  git(...args: string[]): string {
    return git(this.root, ...args);
  }

  /** The commit that is checked out. Read, not asked for: nothing packs refs here. */
  get head(): string {
    const said = readFileSync(join(this.root, '.git/HEAD'), 'utf8').trim();
    return said.startsWith('ref: ') ? readFileSync(join(this.root, '.git', said.slice('ref: '.length)), 'utf8').trim() : said;
  }

  commit(files: Files, message = 'Change'): string {
    write(this.root, files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.head;
  }

  /** On a branch, made here and now if it is new; then back on main. */
  on<T>(branch: string, act: () => T): T {
    const known = existsSync(join(this.root, '.git/refs/heads', branch));
    this.git('checkout', '-q', ...(known ? [] : ['-b']), branch);
    const result = act();
    this.git('checkout', '-q', '-f', 'main');
    return result;
  }

  /** A commit on the branch for each set of files. */
  work(...commits: Files[]): void {
    this.on('work', () => {
      for (const files of commits) this.commit(files);
    });
  }

  squash(branch = 'work'): string {
    this.git('merge', '-q', '--squash', branch);
    this.git('commit', '-q', '--allow-empty', '-m', `Squash ${branch}`);
    return this.head;
  }

  merge(branch = 'work', ...how: string[]): string {
    this.git('merge', '-q', '--no-ff', '--no-edit', ...how, branch);
    return this.head;
  }

  revert(...commits: string[]): void {
    this.git('revert', '--no-edit', ...commits);
  }

  /** The tool's verdict on `work`. */
  async answer(memory?: LandingMemory): Promise<Landing | undefined> {
    const [tip = '', main = ''] = this.git('rev-parse', 'work', 'main').split('\n');
    const candidate: Candidate = this.start === null ? { tip } : { tip, start: this.start };
    const known = memory === undefined ? {} : { memory };
    const [landing] = await landedIn({ commonDir: join(this.root, '.git'), targets: [main], candidates: [candidate], ...known });
    return landing;
  }
}

function clear(folder: string, but: readonly string[]): void {
  for (const name of readdirSync(folder)) if (!but.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
}
