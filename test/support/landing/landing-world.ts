import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { MergeOperation, Operation, PruneOperation } from '../../../src/model/operation.ts';
import { type Here, openHere } from '../../../src/repository/current-repository.ts';
import { lookAtRuns } from '../../../src/repository/read-runs.ts';
import { listOperations } from '../../../src/store/operations.ts';
import type { AnyRepository } from '../any-repository.ts';
import { type AgentStep, CLASH, textOf, work } from './agent-work.ts';
import type { Act } from './line.ts';
import { Owed } from './owed.ts';
import { mustGit, tryGit } from './raw-path.ts';
import { ignoredIn, type Seen, see, stagedIn, worktreesOf } from './repository-state.ts';
import { type SketchedVariant, sketchRun } from './sketch-run.ts';
import { type Answer, typeLine } from './type-line.ts';

/** Something that changes what is there, so that what was typed before it is no longer simply undone. */
export type WorkStep =
  | AgentStep
  | { readonly do: 'run'; readonly variants: number; readonly works: number }
  | { readonly do: 'make a worktree by hand' }
  | { readonly do: 'take its name' | 'take its place'; readonly at: number };

const NAMES = ['dark', 'light', 'docs'] as const;
/** Branches that variants are merged into. */
const TARGETS: ReadonlySet<string> = new Set(['main', 'side']);

/** The person's folder. */
const IN_CHECKOUT = 7;

/** A repository and all who work in it. */
export class LandingWorld {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'land-')));
  /** The person's current folder. */
  root = join(this.folder, 'app');
  /** The acts so far, for readers of a failure. */
  readonly story: string[] = [];
  readonly #variants: SketchedVariant[] = [];
  #here: Here | null = null;
  #runs = 0;
  #mine = 0;
  #owed = new Owed(this.root);
  readonly #environment: Readonly<Record<string, string | undefined>> = { ...process.env };
  #purged = false;
  #before: { readonly seen: Seen; readonly operations: ReadonlySet<string> } | null = null;

  /** `kind`: what becomes of the ordinary repository before anybody works in it. */
  async prepare(variants: number, works: number, kind: AnyRepository): Promise<void> {
    this.story.push(kind.title);
    mkdirSync(this.root);
    mustGit(this.root, ['init', '-q', '-b', 'main']);
    mkdirSync(join(this.root, 'src/deep'), { recursive: true });
    writeFileSync(join(this.root, 'a.txt'), textOf({ kind: 'lines', n: 0 }));
    writeFileSync(join(this.root, 'shared.txt'), 'shared\n');
    writeFileSync(join(this.root, 'src/deep/c.txt'), 'c\n');
    writeFileSync(join(this.root, '.gitignore'), 'ignored/\n*.log\nnode_modules/\n');
    mustGit(this.root, ['add', '-A']);
    mustGit(this.root, ['commit', '-q', '-m', 'First']);
    await this.#arrange(kind);
    mustGit(this.root, ['branch', 'side', 'main']);
    mustGit(this.root, ['checkout', '-q', '-b', CLASH]);
    writeFileSync(join(this.root, 'shared.txt'), 'clash\n');
    mustGit(this.root, ['commit', '-q', '-a', '-m', 'Clash']);
    mustGit(this.root, ['checkout', '-q', '-']);
    await this.#run(variants, works);
  }

  async #arrange(kind: AnyRepository): Promise<void> {
    const home = join(this.folder, 'home');
    mkdirSync(home);
    process.env['GIT_CONFIG_GLOBAL'] = join(home, '.gitconfig');
    for (const name of kind.unset ?? []) delete process.env[name];
    const root = await kind.arrange({
      repo: this.root,
      home,
      git: (...args) => Promise.resolve(mustGit(this.root, args)),
      write: async (path, text) => {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text);
      },
    });
    if (typeof root === 'string') this.root = root;
    this.#owed = new Owed(this.root);
  }

  close(): void {
    for (const name of Object.keys(process.env)) delete process.env[name];
    for (const [name, value] of Object.entries(this.#environment)) if (value !== undefined) process.env[name] = value;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async work(step: WorkStep): Promise<void> {
    this.story.push(JSON.stringify(step));
    switch (step.do) {
      case 'run':
        return this.#run(step.variants, step.works);
      case 'make a worktree by hand':
        this.#mine += 1;
        // Its branch may be in the trash.
        tryGit(this.root, ['worktree', 'add', '-q', '-b', `mine-${this.#mine}`, join(this.folder, `mine-${this.#mine}`), 'side']);
        return;
      case 'take its name': {
        const variant = this.#variant(step.at);
        tryGit(this.root, ['branch', variant.branch, 'side']);
        return;
      }
      case 'take its place': {
        const { path } = this.#variant(step.at);
        if (existsSync(path)) return;
        mkdirSync(path);
        writeFileSync(join(path, 'mine.txt'), 'of a person\n');
        return;
      }
      default: {
        const [, ...linked] = worktreesOf(this.root).filter(({ path }) => !path.includes('/.copse-trash/'));
        const chosen = step.at === IN_CHECKOUT ? undefined : linked[step.at % linked.length];
        if (chosen !== undefined) work(chosen.path, step);
        // Rarely: nothing can be merged into a target with an open operation.
        else if (!('n' in step) || step.n % 4 === 0) work(this.root, step);
      }
    }
  }

  /** From here on everything that is kept must stay kept, and undoing what is typed leads back here. */
  async startChapter(): Promise<void> {
    this.#owed.begin();
    this.#before = { seen: await this.#see(), operations: new Set((await this.operations()).map(({ id }) => id)) };
    this.story.push('--');
  }

  async type(act: Act): Promise<void> {
    const answer = await this.#act(act);
    this.#holds(act.do);
    if (answer !== null) expect(answer.exit, answer.stderr).not.toBe(70);
  }

  /** Undoes all of the chapter, the newest first, and compares. */
  async undoChapter(): Promise<void> {
    const before = this.#before;
    if (before === null) throw new Error('no chapter was begun');
    const all = (await this.operations()).filter(({ id }) => !before.operations.has(id));
    for (const operation of all.filter(canBeUndone).reverse()) {
      const answer = await this.#copse(['undo', operation.id]);
      expect(answer, this.#told(answer)).toMatchObject({ exit: 0 });
      this.#holds('undo');
    }
    const moved = this.#touched(all);
    const now = await this.#see();
    expect(now.facts, this.#told()).toEqual(before.seen.facts);
    expect(without(now.times, moved), this.#told()).toEqual(without(before.seen.times, moved));
  }

  /** Earlier chapters are undone as far as possible; nothing is lost by that. */
  async undoRest(): Promise<void> {
    for (const operation of (await this.operations()).filter(canBeUndone).reverse()) {
      const answer = await this.#copse(['undo', operation.id]);
      if (answer.refused === null) expect(answer.exit, this.#told(answer)).toBeLessThanOrEqual(1);
      this.#holds('undo');
    }
    const pins = mustGit(this.root, ['for-each-ref', '--format=%(refname)', 'refs/copse/v1/trash']);
    const out = (await this.operations()).filter(canBeUndone);
    if (out.length === 0 && !this.#purged) expect(pins, this.#told()).toBe('');
  }

  async operations(): Promise<readonly Operation[]> {
    return listOperations((await this.#at()).store);
  }

  async #act(act: Act): Promise<Answer | null> {
    switch (act.do) {
      case 'gc':
        this.story.push('git gc --prune=now');
        this.#owed.forgiveAutostashes();
        mustGit(this.root, ['gc', '-q', '--prune=now']);
        return null;
      case 'purge':
        return this.#purge();
      case 'undo':
        return this.#undo(act.nth);
      case 'prune': {
        const folders = worktreesOf(this.root).filter(({ path }) => existsSync(path) && !path.includes('/.copse-trash/'));
        const cwd = act.from === null ? this.root : (folders[act.from % folders.length]?.path ?? this.root);
        const names = act.more.includes('--run') || act.more.includes('--all') ? [] : this.#names(act.which);
        return this.#copse(['prune', '--yes', ...act.more, ...names], cwd);
      }
      case 'merge': {
        const into = act.into === 'main' ? [] : ['--into', act.into];
        const uncommitted = act.uncommitted ? ['--include-uncommitted'] : [];
        const args = ['merge', ...this.#names(act.which), '--as', act.as, ...into, ...uncommitted, ...act.more];
        return act.uncommitted ? this.#commitAndMerge(args, act.which) : this.#copse(args);
      }
    }
  }

  /** Files committed for a merge stay so when that is undone; as with `git commit -a`, contents that were only in the index are replaced. */
  async #commitAndMerge(args: readonly string[], which: readonly number[]): Promise<Answer> {
    const staged = which.flatMap((at) => {
      const { path } = this.#variant(at);
      return existsSync(path) ? stagedIn(path) : [];
    });
    const answer = await this.#copse(args);
    this.#owed.forgive(staged);
    this.#holds('merge');
    await this.startChapter();
    return answer;
  }

  async #undo(nth: number | null): Promise<Answer | null> {
    const all = (await this.operations()).filter(canBeUndone);
    const ours = all.filter(({ id }) => this.#before?.operations.has(id) === false);
    if (ours.length === 0) return null;
    const named = nth === null ? undefined : ours.at(-1 - (nth % ours.length));
    return this.#copse(['undo', (named ?? all.at(-1))?.id ?? '']);
  }

  async #purge(): Promise<Answer> {
    const trash = worktreesOf(this.root).filter(({ path }) => path.includes('/.copse-trash/'));
    const ignored = trash.flatMap(({ path }) => ignoredIn(path));
    const answer = await this.#copse(['prune', '--purge', '--yes']);
    // Ignored files are freed: that is what it is for. All others stay until commits expire.
    this.#owed.forgive(ignored);
    // An item restored without its files keeps its pins, until they expire.
    this.#purged = this.#purged || !answer.stderr.includes('The trash is empty');
    return answer;
  }

  async #copse(args: readonly string[], cwd = this.root): Promise<Answer> {
    this.story.push(`copse ${args.join(' ')}${cwd === this.root ? '' : `  (in ${cwd})`}`);
    const answer = await typeLine(cwd, args);
    this.story.push(`  ${answer.exit} ${answer.refused ?? ''} ${answer.stderr.split('\n')[0] ?? ''}`);
    return answer;
  }

  #holds(by: string): void {
    expect(this.#owed.lost(), `lost by ${by}\n${this.#told()}`).toEqual([]);
    const fsck = tryGit(this.root, ['fsck', '--strict', '--no-dangling', '--no-progress']);
    expect({ ok: fsck.ok, said: fsck.stdout + fsck.stderr }, this.#told()).toEqual({ ok: true, said: '' });
  }

  #told(answer?: Answer): string {
    return `${answer === undefined ? '' : `${answer.stdout}${answer.stderr}`}\n${this.story.join('\n')}\n`;
  }

  async #see(): Promise<Seen> {
    const seen = see(this.root, this.#followers(), TARGETS);
    const { runs } = await lookAtRuns((await this.#at()).store);
    const fates = runs.flatMap(({ state }) =>
      state.variants.map(({ name, landed, removed }) => [state.id, name, landed, removed]),
    );
    return { ...seen, facts: { ...seen.facts, fates: JSON.stringify(fates) } };
  }

  /** Checkouts of targets. */
  #followers(): ReadonlySet<string> {
    const all = worktreesOf(this.root).filter(({ gitDir }) => {
      const branch = readFileSync(join(gitDir, 'HEAD'), 'utf8').trim().replace('ref: refs/heads/', '');
      return TARGETS.has(branch);
    });
    return new Set([this.root, ...all.map(({ path }) => path)]);
  }

  /** Paths, raw, that the merges among these wrote. */
  #touched(operations: readonly Operation[]): ReadonlySet<string> {
    const merges = operations.filter((operation): operation is MergeOperation => operation.kind === 'merge');
    const names = merges.flatMap(({ from, to }) =>
      mustGit(this.root, ['diff', '--name-only', '--no-renames', '-z', from, to]).split('\0'),
    );
    return new Set(names);
  }

  /** `works`: bits that say which variants committed something, and whether all change the same line. */
  async #run(variants: number, works: number): Promise<void> {
    this.#runs += 1;
    const here = await openHere(this.root);
    if (here.repository.headCommit === null) return;
    this.#here = here;
    const name = this.#runs === 1 ? 'ui' : `r${this.#runs}`;
    const names = NAMES.slice(0, variants);
    const made = await sketchRun(here, { name, variants: names, target: 'main', portRegistry: join(this.folder, 'ports') });
    for (const [n, { path, name: variant }] of made.entries()) {
      if ((works & (1 << n)) === 0) continue;
      writeFileSync(join(path, `${name}-${variant}.txt`), `of ${variant}\n`);
      if (works > 7) writeFileSync(join(path, 'shared.txt'), `${name} ${variant}\n`);
      mustGit(path, ['add', '-A']);
      mustGit(path, ['commit', '-q', '-m', `Work of ${variant}`]);
    }
    this.#variants.push(...made);
  }

  #names(which: readonly number[]): string[] {
    return which.map((at) => this.#variant(at)).map(({ run, name }) => `${run}/${name}`);
  }

  #variant(at: number): SketchedVariant {
    const found = this.#variants[at % this.#variants.length];
    if (found === undefined) throw new Error('no variant was made');
    return found;
  }

  async #at(): Promise<Here> {
    this.#here ??= await openHere(this.root);
    return this.#here;
  }
}

function canBeUndone(operation: Operation): operation is MergeOperation | PruneOperation {
  if (operation.kind === 'undo' || operation.state !== 'done' || operation.undoneBy !== null) return false;
  return (
    operation.kind === 'merge' ||
    operation.items.some(({ step, branch }) => step === 'trashed' || (step === 'purged' && branch !== null))
  );
}

function without(times: Readonly<Record<string, string>>, paths: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(times).filter(([name]) => !paths.has(name.slice(name.indexOf(': ') + 2))));
}
