import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import type { RunEvent, RunEventType } from '../../src/model/run-state/events.ts';
import type { RunState } from '../../src/model/run-state/state.ts';
import { readEvents } from '../../src/store/events/event-log.ts';
import { loadState } from '../../src/store/events/run-snapshot.ts';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { supervisorAlive } from '../../src/store/supervisor-record.ts';
import { hermeticEnvironment } from './environment.ts';
import { fakeClaude } from './fake-claude.ts';
import { hasBlank, misspelt, suggestionsIn } from './suggestions.ts';

export const MAIN = new URL('../../dist/main.js', import.meta.url).pathname;

export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PersonOptions {
  /** Body of a scripted `claude`; absent: whatever PATH has. */
  readonly claude?: string;
  /** Files of the first commit besides `readme.md` and `.gitignore`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Leaves the repository as `git init` makes it. */
  readonly unborn?: boolean;
}

/** A person with a home, a repository with one commit, and copse as it is built. Nothing of the machine's user gets in. */
export class Person {
  readonly home: string;
  readonly repo: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(home: string, repo: string, env: Readonly<Record<string, string>>) {
    this.home = home;
    this.repo = repo;
    this.env = env;
  }

  static async create(o: PersonOptions = {}): Promise<Person> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'p-')));
    const repo = join(folder, 'app');
    await mkdir(repo);
    const base = hermeticEnvironment({ COPSE_NO_NOTIFY: '1', ANTHROPIC_API_KEY: 'offline-dummy-key', ...o.env });
    const bin = join(folder, 'bin');
    const env = o.claude === undefined ? base : { ...base, PATH: `${await fakeClaude(bin, o.claude)}:${base['PATH'] ?? ''}` };
    const person = new Person(env['HOME'] ?? folder, repo, env);
    await person.git('init', '-q', '-b', 'main');
    if (o.unborn !== true) {
      await person.write('readme.md', 'An app.\n');
      await person.write('.gitignore', 'ignored/\n.env\n');
      for (const [path, text] of Object.entries(o.files ?? {})) await person.write(path, text);
      await person.git('add', '-A');
      await person.git('commit', '-q', '-m', 'first');
    }
    return person;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.repo, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.repo, path), 'utf8');
  }

  /** Runs git in the repository; rejects if it fails. */
  async git(...args: string[]): Promise<string> {
    const ended = await collect(spawn('git', args, { cwd: this.repo, env: this.env }));
    if (ended.exit !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout.trimEnd();
  }

  /** Runs copse to its end, without a terminal. */
  async copse(args: readonly string[], o: StartOptions = {}): Promise<Ended> {
    const ended = await this.start(args, o).ended;
    await requireSpelling(ended);
    return ended;
  }

  /** Starts copse; the caller ends it or waits. */
  start(args: readonly string[], o: StartOptions = {}): Started {
    const [program = '', ...line] = [...(o.through ?? []), process.execPath, MAIN, ...args];
    const child = spawn(program, line, {
      cwd: o.cwd ?? this.repo,
      env: without({ ...this.env, ...o.env }, o.unset),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: o.group === true,
    });
    const printed: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    return { child, stdout: () => Buffer.concat(printed).toString('utf8'), ended: collect(child) };
  }

  /** Approves whatever the variants file wants to run, then runs copse. */
  async approved(args: readonly string[], o: StartOptions = {}): Promise<Ended> {
    await this.approve(args, o);
    return this.copse(args, o);
  }

  /** Approves what `copse <args>` would want to run. */
  async approve(args: readonly string[], o: StartOptions = {}): Promise<void> {
    const [, ...rest] = args.filter((arg) => arg !== '--detach' && arg !== '--json');
    const planned = await this.copse(['plan', '--json', ...rest], o);
    const { trust } = JSON.parse(planned.stdout) as { trust: { needed: boolean; hash: string } };
    if (trust.needed) await this.copse(['trust', trust.hash], o);
  }

  /** The id of the newest merge or prune that is not undone, finished or not, as `copse undo` takes it; nothing: there is none. */
  lastOperation(commonDir = join(this.repo, '.git')): string[] {
    const folder = storeAt(commonDir).operations;
    const all = readdirSync(folder)
      .sort()
      .map(
        (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { id: string; kind: string; undoneBy: string | null },
      );
    const last = all.findLast(({ kind, undoneBy }) => kind !== 'undo' && undoneBy === null);
    return last === undefined ? [] : [last.id];
  }

  paths(run = 'ui') {
    return runPaths(storeAt(join(this.repo, '.git')), run);
  }

  events(run = 'ui'): Promise<RunEvent[]> {
    return readEvents(this.paths(run).events);
  }

  state(run = 'ui'): Promise<RunState> {
    return loadState(this.paths(run));
  }

  async outcomes(run = 'ui'): Promise<Record<string, string>> {
    const { variants } = await this.state(run);
    return Object.fromEntries(variants.map((v) => [v.name, v.phase.kind === 'finished' ? v.phase.outcome : v.phase.kind]));
  }

  /** Waits until the log holds such an event (of a variant). */
  async waitForEvent(type: RunEventType, o: { run?: string; variant?: string; timeout?: number } = {}): Promise<RunEvent> {
    return vi.waitFor(
      async () => {
        const events = await this.events(o.run);
        const found = events.find(
          (e) => e.type === type && (o.variant === undefined || ('variant' in e && e.variant === o.variant)),
        );
        if (found === undefined) throw new Error(`no ${type} yet; there is ${events.at(-1)?.type}`);
        return found;
      },
      { timeout: o.timeout ?? 30_000, interval: 30 },
    );
  }

  async supervisorPid(run = 'ui'): Promise<number> {
    const { identity } = JSON.parse(await readFile(this.paths(run).supervisor, 'utf8')) as { identity: { pid: number } };
    return identity.pid;
  }

  async supervisorGone(run = 'ui'): Promise<void> {
    await vi.waitFor(async () => expect(await supervisorAlive(this.paths(run))).toBe(false), { timeout: 30_000, interval: 30 });
  }

  /**
   * Everything that a run must leave as it was: files, index, HEAD, stashes and refs of the checkout, except branches and refs below
   * `ours` and copse's own state.
   */
  async fingerprint(ours = 'ui'): Promise<Record<string, string>> {
    const print: Record<string, string> = {};
    this.#hash('', print);
    const refs = (await this.git('for-each-ref', '--format=%(refname) %(objectname)')).split('\n');
    print['refs'] = refs
      .filter((ref) => !ref.startsWith('refs/copse/') && !new RegExp(`^refs/heads/(copse/)?${ours}(-\\d+)?/`).test(ref))
      .join('\n');
    for (const file of ['HEAD', 'index', 'config', 'info/exclude']) {
      print[`.git/${file}`] = digestOf(join(this.repo, '.git', file));
    }
    return print;
  }

  /** Synchronous: of many small files that takes a fifth of the time. */
  #hash(folder: string, print: Record<string, string>): void {
    for (const entry of readdirSync(join(this.repo, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git') continue;
      if (entry.isDirectory()) this.#hash(path, print);
      else if (entry.isSymbolicLink()) print[path] = `-> ${readlinkSync(join(this.repo, path))}`;
      else print[path] = digestOf(join(this.repo, path));
    }
  }

  /** The invariants of every case: the object store is intact, no process of copse is alive, the checkout is as it was. */
  async holds(before: Record<string, string>, run = 'ui'): Promise<void> {
    expect(await this.git('fsck', '--no-dangling')).toBe('');
    expect(await this.fingerprint()).toEqual(before);
    await this.supervisorGone(run);
    expect(await this.processesInWorktrees()).toEqual([]);
  }

  /** Command lines of processes whose working directory is in one of the worktrees. */
  async processesInWorktrees(): Promise<readonly string[]> {
    const root = `${this.repo}.worktrees/`;
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (cwd.startsWith(root))
        found.push((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '));
    }
    return found.filter((line) => line !== '');
  }
}

/** Whatever copse proposes anywhere in the suite is a command that it has, with options that it has. */
async function requireSpelling({ stdout, stderr }: Ended): Promise<void> {
  for (const suggestion of suggestionsIn(`${stdout}\n${stderr}`)) {
    // A truncated command repeats one that was typed before.
    const why = hasBlank(suggestion) ? null : await misspelt(suggestion);
    if (why !== null) throw new Error(`copse proposes "${suggestion.command}", which it does not understand: ${why}`);
  }
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** In its own process group, as a terminal starts it: `process.kill(-pid)` reaches what it has started, too. */
  readonly group?: true;
  /** Names that are taken away. */
  readonly unset?: readonly string[];
  /** The words before it on the command line, which start it. */
  readonly through?: readonly string[];
}

export interface Started {
  readonly child: ChildProcess;
  /** Its output so far. */
  stdout(): string;
  readonly ended: Promise<Ended>;
}

function without(env: Readonly<Record<string, string>>, names: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function collect(child: ChildProcess): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => {
      resolve({ exit, signal, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') });
    });
  });
}

function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'none'; // Not there, or not for us to read: so it has to stay.
  }
}
