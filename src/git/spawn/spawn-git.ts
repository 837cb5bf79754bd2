import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import { ambientEnvironment, type Environment, scrubGit } from '../../system/environment.ts';
import { type CommandResult, runCommand } from '../../system/processes/run-command.ts';
import { firstLine, GitError } from './git-error.ts';
import { type HeldLock, heldLock } from './held-lock.ts';
import { overridesEnvironment } from './switched-off.ts';

export interface GitRunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Environment;
  /** Exit statuses that are answers, not failures. Default `[0]`. */
  readonly ok?: readonly number[];
  readonly signal?: AbortSignal;
  /** Limit for stdout and stderr each, bytes. */
  readonly maxBytes?: number;
  /** Takes stdout as it comes, at the reader's pace; the result holds none of it then. Never rejects. */
  readonly onStdout?: (chunk: Buffer) => Promise<void>;
}

export interface GitResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** stdout as UTF-8 without the final newline; for answers that are not paths. */
  readonly text: string;
  readonly exitCode: number;
}

const LOCK_PATIENCE_MS = 5000;
/** A diff of a huge branch becomes an error instead of exhausting the machine. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Another git holds `index.lock`, `config.lock`, `packed-refs.lock` or a ref's lock: all of them are held for milliseconds, so
 * waiting helps. A lock that stays is another program's and is never deleted: its owner may be suspended.
 */
const HELD_LOCK = /\.lock': File exists|could not lock config file|Unable to lock|cannot lock ref '[^']*': Unable to create/i;

/** Of `GIT_*` only the person's identity and the path of their configuration; it redirects no repository, runs nothing. */
const OF_THE_PERSON = [
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_SSL_CAINFO',
  'GIT_CEILING_DIRECTORIES',
];

/**
 * The part of the person's environment that git sees: next to nothing `GIT_*` (a hook's `GIT_DIR` or `GIT_INDEX_FILE` redirects everything),
 * no prompt, editor or pager, messages in English because some are told apart, and no relative entry on PATH, which would be
 * looked up in a worktree that an agent writes to.
 */
export function gitEnvironment(extra: Environment = {}): Environment {
  const whole = ambientEnvironment();
  const { LANGUAGE: _language, LC_ALL: _all, ...ambient } = scrubGit(whole);
  const kept = Object.fromEntries(OF_THE_PERSON.flatMap((name) => (whole[name] === undefined ? [] : [[name, whole[name]]])));
  const path = (ambient['PATH'] ?? '').split(':').filter((entry) => entry.startsWith('/'));
  return {
    ...ambient,
    ...kept,
    PATH: path.join(':'),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: ':',
    GIT_PAGER: 'cat',
    ...overridesEnvironment(),
    ...extra,
  };
}

const programs = new Map<string, string>();

/** The path of git on this PATH: searched once, where execvp(3) would try each folder of it for each process. */
function gitProgram({ PATH: path = '' }: Environment): string {
  const known = programs.get(path);
  if (known !== undefined) return known;
  const found = path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'git'))
    .find(isProgram);
  const program = found ?? 'git';
  programs.set(path, program);
  return program;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not ours to run: the next folder, as execvp does.
    return false;
  }
}

/** Whether there is another place to look at. */
function forgetProgram(env: Environment): boolean {
  const before = gitProgram(env);
  programs.delete(env['PATH'] ?? '');
  return gitProgram(env) !== before;
}

/**
 * In a git directory git is told that it is one: if `safe.bareRepository` is `explicit` it refuses to find that out by itself, and
 * `.git` looks like a bare repository from the inside.
 */
export function ownGitDir(cwd: string): Environment {
  const has = (name: string): boolean => existsSync(join(cwd, name));
  return has('HEAD') && !has('.git') && (has('commondir') || (has('objects') && has('refs'))) ? { GIT_DIR: cwd } : {};
}

/**
 * Runs git once, again while a lock is held; throws {@link GitError} if the exit status is not in `ok`. `find`: the folder is the
 * person's, and git is to say what it finds there.
 */
export async function spawnGit(
  args: readonly string[],
  o: GitRunOptions & { readonly cwd: string; readonly env: Environment; readonly find?: boolean },
): Promise<GitResult> {
  const started = performance.now();
  const env = o.find === true ? o.env : { ...ownGitDir(o.cwd), ...o.env };
  for (let round = 0; ; round += 1) {
    const program = gitProgram(o.env);
    const result = await runCommand(program, args, {
      cwd: o.cwd,
      env,
      maxBytes: o.maxBytes ?? MAX_BYTES,
      ...(o.input === undefined ? {} : { input: o.input }),
      ...(o.signal === undefined ? {} : { signal: o.signal }),
      ...(o.onStdout === undefined ? {} : { onStdout: o.onStdout }),
    });
    o.signal?.throwIfAborted();
    // Another git was installed meanwhile, perhaps: looked for once more.
    if (result.startError !== null && program !== 'git' && forgetProgram(o.env)) continue;
    const stderr = result.stderr.toString('utf8');
    if (result.exitCode !== null && (o.ok ?? [0]).includes(result.exitCode)) {
      const { stdout, exitCode } = result;
      return {
        stdout,
        stderr,
        exitCode,
        // It is never asked for megabytes of contents.
        get text() {
          return stdout.toString('utf8').replace(/\n$/, '');
        },
      };
    }
    const waited = performance.now() - started;
    if (result.startError === null && HELD_LOCK.test(stderr) && waited < LOCK_PATIENCE_MS) {
      // Jitter, so that several waiters do not meet again and again.
      await pause(Math.min(400, 15 * 2 ** round) * (0.5 + Math.random()));
      continue;
    }
    const held = HELD_LOCK.test(stderr) ? await heldLock(stderr) : null;
    throw failure(args, { ...result, cwd: o.cwd, stderr, lock: held });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failure(
  args: readonly string[],
  {
    cwd,
    exitCode,
    signal,
    startError,
    stderr,
    lock,
  }: Pick<CommandResult, 'exitCode' | 'signal' | 'startError'> & {
    readonly cwd: string;
    readonly stderr: string;
    readonly lock: HeldLock | null;
  },
): CopseError {
  if (startError !== null) {
    // Node names the program, not the folder, even if the folder is missing.
    if (!existsSync(cwd)) {
      return new CopseError({
        code: 'not-a-repository',
        exit: EXIT.precondition,
        what: `${cwd} does not exist.`,
        hint: 'Change into your project, then repeat the command.',
      });
    }
    return startError.includes('ENOENT')
      ? new CopseError({
          code: 'git-missing',
          exit: EXIT.precondition,
          what: 'git cannot be started.',
          why: startError,
          hint: 'Install git 2.39 or newer, then check again:\n  copse doctor',
        })
      : new CopseError({ code: 'git', what: `git cannot be started in ${cwd}.`, why: startError });
  }
  const verb = args.find((arg, i) => !arg.startsWith('-') && !['-c', '-C'].includes(args[i - 1] ?? '')) ?? '';
  const said = firstLine(stderr);
  const held = HELD_LOCK.test(stderr);
  return new GitError({
    code: held ? 'git-locked' : signal === null ? 'git' : 'git-ended',
    exit: held ? EXIT.precondition : EXIT.failed,
    what: lock?.what ?? `git ${verb} failed${said === '' ? '.' : `: ${said}`}`,
    ...(signal === null ? {} : { why: `It was ended by ${signal}.` }),
    ...(held
      ? {
          why: lock?.why ?? 'Another git process holds this lock, or one that was killed left it behind.',
          hint: lock?.hint ?? 'Wait for it, or delete the file if no git process is running there. Then repeat the command.',
        }
      : {}),
    exitCode,
    stderr,
  });
}
