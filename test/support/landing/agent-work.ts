import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { bytes, type Raw, raw, tryGit } from './raw-path.ts';

/** Names that have broken programs: blanks, other scripts, options, quotes, line breaks, bytes that are no text, folders named as files. */
const PATHS: readonly Raw[] = [
  'a.txt',
  'shared.txt',
  'src/deep/er/c.txt',
  'src/deep',
  'with space/b c.txt',
  raw('grüße/日本.txt'),
  '-dash.txt',
  '--all',
  'quote".txt',
  'line\nbreak.txt',
  'back\\slash.txt',
  'no-text-\xe9\xff/\xfe.bin',
  '.hidden/.gitignore',
  'ignored/deep/x.bin',
  'node_modules/m/index.js',
  'local.log',
];

type Content = { readonly kind: 'lines' | 'crlf' | 'binary' | 'long' | 'empty'; readonly n: number };

/** One thing that an agent does in the worktree `at`, or a person in theirs. An impossible one does nothing. */
export type AgentStep =
  | {
      readonly do: 'write';
      readonly at: number;
      readonly path: Raw;
      readonly content: Content;
      readonly afterwards: 'leave' | 'stage' | 'stage and change' | 'stage and delete' | 'commit';
    }
  | { readonly do: 'delete' | 'link' | 'folder' | 'mode'; readonly at: number; readonly path: Raw; readonly n: number }
  | { readonly do: 'rename'; readonly at: number; readonly path: Raw; readonly to: Raw }
  | { readonly do: 'stash' | 'commit' | 'detach' | 'configure' | 'lose folder'; readonly at: number; readonly n: number }
  | { readonly do: 'stop in'; readonly at: number; readonly operation: Operation; readonly n: number };

const OPERATIONS = ['merge', 'rebase', 'rebase with autostash', 'rebase with exec', 'cherry-pick', 'revert', 'bisect'] as const;
type Operation = (typeof OPERATIONS)[number];

const at = fc.nat({ max: 7 });
const n = fc.nat({ max: 30 });
const path = fc.constantFrom(...PATHS);
const content: fc.Arbitrary<Content> = fc.record({
  kind: fc.constantFrom('lines', 'lines', 'lines', 'binary', 'crlf', 'long', 'empty'),
  n,
});

export const agentStep: fc.Arbitrary<AgentStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('write'),
      at,
      path,
      content,
      afterwards: fc.constantFrom('leave', 'commit', 'commit', 'commit', 'stage', 'stage and change', 'stage and delete'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('delete', 'link', 'folder', 'mode'), at, path, n }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename'), at, path, to: path }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('commit', 'stash', 'detach', 'configure'), at, n }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop in'), at, operation: fc.constantFrom(...OPERATIONS), n }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose folder'), at, n }) },
);

/** Branch that conflicts with each work on shared.txt. */
export const CLASH = 'clash';

/** Does it in a worktree. */
export function work(folder: string, step: AgentStep): void {
  if (!existsSync(folder)) return;
  const git = (...args: string[]): void => void tryGit(folder, args);
  switch (step.do) {
    case 'write':
      if (!write(folder, step.path, textOf(step.content))) return;
      if (step.afterwards !== 'leave') add(folder, step.path);
      if (step.afterwards === 'commit') git('commit', '-q', '-m', `Write ${step.content.n}`);
      if (step.afterwards === 'stage and change') write(folder, step.path, textOf({ ...step.content, n: step.content.n + 100 }));
      if (step.afterwards === 'stage and delete') remove(folder, step.path);
      return;
    case 'delete':
      remove(folder, step.path);
      return;
    case 'link':
      if (remove(folder, step.path))
        attempt(() => symlinkSync(step.n % 2 === 0 ? 'a.txt' : '/nowhere/at all', placeIn(folder, step.path)));
      return;
    case 'folder':
      attempt(() => mkdirSync(Buffer.concat([placeIn(folder, step.path), Buffer.from('.d/empty')]), { recursive: true }));
      return;
    case 'mode':
      if (isFile(folder, step.path)) chmodSync(placeIn(folder, step.path), [0o755, 0o600, 0o444, 0o644][step.n % 4] ?? 0o644);
      return;
    case 'rename':
      attempt(() => mkdirSync(bytes(dirname(`${raw(folder)}/${step.to}`)), { recursive: true }));
      if (isFile(folder, step.path)) attempt(() => renameSync(placeIn(folder, step.path), placeIn(folder, step.to)));
      return;
    case 'commit':
      git('add', '-A');
      git('commit', '-q', '-m', `All ${step.n}`);
      return;
    case 'stash':
      write(folder, 'a.txt', textOf({ kind: 'lines', n: step.n + 200 }));
      git('stash', 'push', '-q', ...(step.n % 2 === 0 ? ['--include-untracked'] : []));
      return;
    case 'detach':
      git('checkout', '-q', '--detach');
      if (step.n % 3 === 0) return;
      write(folder, 'a.txt', textOf({ kind: 'lines', n: step.n + 300 }));
      git('commit', '-qam', `Apart ${step.n}`);
      return;
    case 'configure': {
      const { stdout } = tryGit(folder, ['symbolic-ref', '-q', '--short', 'HEAD']);
      if (stdout !== '') git('config', `branch.${stdout.trim()}.description`, `the one\nwith ${step.n} "quotes"`);
      return;
    }
    case 'lose folder':
      // The main worktree is never deleted.
      if (lstatSync(`${folder}/.git`, { throwIfNoEntry: false })?.isFile() === true)
        rmSync(folder, { recursive: true, force: true });
      return;
    case 'stop in':
      stopIn(folder, step.operation, step.n);
  }
}

function stopIn(folder: string, operation: Operation, n: number): void {
  const git = (...args: string[]): void => void tryGit(folder, args);
  write(folder, 'shared.txt', textOf({ kind: 'lines', n: n + 400 }));
  git('commit', '-q', '-m', `Shared ${n}`, '--', 'shared.txt');
  switch (operation) {
    case 'merge':
      git('merge', '-q', '--no-edit', CLASH);
      return;
    case 'cherry-pick':
      git('cherry-pick', CLASH);
      return;
    case 'revert':
      git('revert', '--no-commit', 'HEAD');
      return;
    case 'bisect':
      git('bisect', 'start', 'HEAD', CLASH);
      return;
    case 'rebase with exec':
      git('rebase', '-q', '--exec', 'false', 'HEAD~1');
      return;
    case 'rebase':
      git('rebase', '-q', CLASH);
      return;
    case 'rebase with autostash':
      write(folder, 'a.txt', textOf({ kind: 'lines', n: n + 500 }));
      git('rebase', '-q', '--autostash', CLASH);
      return;
  }
}

export function textOf({ kind, n }: Content): Buffer {
  switch (kind) {
    case 'lines':
      return Buffer.from(`one ${n}\ntwo\nthree\nfour\nfive ${n % 3}\n`);
    case 'crlf':
      return Buffer.from(`one ${n}\r\ntwo\r\n`);
    case 'binary':
      return Buffer.from([0, 255, n, 13, 10, 0, 128, n]);
    case 'long':
      return Buffer.from(`${n} and on\n`.repeat(4000));
    case 'empty':
      return Buffer.alloc(0);
  }
}

/** false: a file is in place of a folder, or the reverse. */
export function write(folder: string, path: Raw, text: Buffer): boolean {
  return attempt(() => {
    const place = placeIn(folder, path);
    mkdirSync(bytes(dirname(`${raw(folder)}/${path}`)), { recursive: true });
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) rmSync(place);
    writeFileSync(place, text);
  });
}

function remove(folder: string, path: Raw): boolean {
  return attempt(() => {
    if (lstatSync(placeIn(folder, path)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    rmSync(placeIn(folder, path));
  });
}

function isFile(folder: string, path: Raw): boolean {
  let file = false;
  attempt(() => {
    file = lstatSync(placeIn(folder, path)).isFile();
  });
  return file;
}

function placeIn(folder: string, path: Raw): Buffer {
  return bytes(`${raw(folder)}/${path}`);
}

function add(folder: string, path: Raw): void {
  tryGit(folder, ['--literal-pathspecs', 'add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'], bytes(path));
}

/** Impossible acts: EILSEQ if the file system wants text, the others if a file is in the way. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EILSEQ', 'EACCES', 'ENOTEMPTY', 'EINVAL', 'ELOOP'].includes(String(code)))
      return false;
    throw error;
  }
}
