import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Candidate, type Landing, landedIn } from '../../src/git/landed.ts';
import { git, write } from './git-repository.ts';

/** One row of a truth table: what really became of the branch `work`, as seen from `main`. */
export interface Row {
  readonly name: string;
  readonly truth: Landing['kind'];
  /** Starts on `main` at the base, with `work` not made yet. Returns where the branch's work starts, if that is told. */
  readonly make: (story: Story) => string | undefined;
}

/** `line 1` to `line n`, some of them replaced; 0 is before the first. */
export function text(n: number, other: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: n }, (_, i) => other[i + 1] ?? `line ${i + 1}`);
  return [...(other[0] === undefined ? [] : [other[0]]), ...lines].map((line) => `${line}\n`).join('');
}

/** A repository that is told what happens; each row of a table starts it anew from its first commit. */
export class Story {
  readonly root: string;
  readonly base: string;
  readonly #config: string;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'git-landing-')));
    mkdirSync(join(this.root, 'lib'));
    this.git('init', '-q', '-b', 'main');
    this.#config = readFileSync(join(this.root, '.git/config'), 'utf8');
    this.base = this.commit({ 'a.txt': text(30), 'b.txt': text(12), 'lib/one.txt': text(15, { 5: 'one' }), 'log.txt': text(3) });
  }

  /** Deletes it. */
  close(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  restart(): void {
    this.git('checkout', '-q', '-f', '--detach', this.base);
    this.git('clean', '-qffdx');
    writeFileSync(join(this.root, '.git/config'), this.#config);
    for (const branch of this.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')) {
      if (branch !== '') this.git('branch', '-q', '-D', branch);
    }
    this.git('checkout', '-q', '-b', 'main');
  }

  git(...args: string[]): string {
    return git(this.root, ...args);
  }

  commit(files: Readonly<Record<string, string | Uint8Array>>, message = 'Change'): string {
    write(this.root, files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** On a branch, made here and now if it is new; then back on main. */
  on<T>(branch: string, act: () => T): T {
    const known = this.git('for-each-ref', `refs/heads/${branch}`) !== '';
    this.git('checkout', '-q', ...(known ? [] : ['-b']), branch);
    const result = act();
    this.git('checkout', '-q', '-f', 'main');
    return result;
  }

  /** A commit on the branch for each set of files. */
  work(...commits: Readonly<Record<string, string | Uint8Array>>[]): void {
    this.on('work', () => {
      for (const files of commits) this.commit(files);
    });
  }

  squash(branch = 'work'): string {
    this.git('merge', '-q', '--squash', branch);
    this.git('commit', '-q', '--allow-empty', '-m', `Squash ${branch}`);
    return this.git('rev-parse', 'HEAD');
  }

  merge(branch = 'work', ...how: string[]): string {
    this.git('merge', '-q', '--no-ff', '--no-edit', ...how, branch);
    return this.git('rev-parse', 'HEAD');
  }

  revert(...commits: string[]): void {
    this.git('revert', '--no-edit', ...commits);
  }

  /** What the tool says of `work`. */
  async answer(start?: string | undefined): Promise<Landing | undefined> {
    const [tip = '', main = ''] = this.git('rev-parse', 'work', 'main').split('\n');
    const candidate: Candidate = start === undefined ? { tip } : { tip, start };
    const [landing] = await landedIn({ commonDir: join(this.root, '.git'), targets: [main], candidates: [candidate] });
    return landing;
  }
}

/** The table's answers by name. */
export async function answers(story: Story, rows: readonly Row[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const { name, make } of rows) {
    story.restart();
    const start = make(story);
    said[name] = (await story.answer(start))?.kind ?? 'nothing';
  }
  return said;
}

export function truths(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, truth }) => [name, truth]));
}
