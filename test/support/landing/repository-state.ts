import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bytes, mustGit, type Raw, raw, tryGit } from './raw-path.ts';

/** Of a worktree's git directory: its HEAD, and open operations. */
const HALF_WAY =
  /^(HEAD|index|locked|gitdir|copse\.json|ORIG_HEAD|MERGE_.*|SQUASH_MSG|CHERRY_PICK_HEAD|REVERT_HEAD|REBASE_HEAD|AUTO_MERGE|BISECT_.*|logs\/HEAD|refs\/.*|(rebase-merge|rebase-apply|sequencer)\/.*)$/;

/** Those that a merge and its undo write, rightly, in a checkout of the target. */
const FOLLOWS = /^(index|logs\/HEAD)$/;

export interface Seen {
  /** All that undo must give back, by what it is. */
  readonly facts: Readonly<Record<string, string>>;
  /** Of files in checkouts that follow a branch, their times. */
  readonly times: Readonly<Record<string, string>>;
}

/** Tops of all registered worktrees and where git keeps each; the main one first. */
export function worktreesOf(root: string): { readonly path: string; readonly gitDir: string }[] {
  const entries = join(root, '.git/worktrees');
  const names = existsSync(entries) ? readdirSync(entries) : [];
  const linked = names.map((name) => join(entries, name)).filter((gitDir) => existsSync(join(gitDir, 'gitdir')));
  return [
    { path: root, gitDir: join(root, '.git') },
    ...linked.map((gitDir) => ({ path: dirname(readFileSync(join(gitDir, 'gitdir'), 'utf8').trim()), gitDir })),
  ];
}

/**
 * Refs, configuration, stashes, and of each worktree HEAD, index, half-way state and files with contents, modes and times. `followers`:
 * checkouts whose files a merge rewrites.
 */
export function see(root: string, followers: ReadonlySet<string>, targets: ReadonlySet<string>): Seen {
  const facts: Record<string, string> = {};
  const times: Record<string, string> = {};
  const refs = mustGit(root, ['for-each-ref', '--format=%(refname) %(objectname) %(symref)']).split('\n');
  facts['refs'] = refs.filter((line) => !line.startsWith('refs/copse/')).join('\n');
  // A restored section may be elsewhere in the file.
  facts['config'] = mustGit(root, ['config', '--local', '--list', '-z']).split('\0').sort().join('\n');
  facts['worktrees'] = mustGit(root, ['worktree', 'list', '--porcelain']);
  for (const log of walk(raw(join(root, '.git/logs/refs')))) {
    if (targets.has(log.name.replace(/^heads\//, '')) || log.kind !== 'file') continue;
    facts[`reflog ${log.name}`] = reflog(log.place);
  }
  for (const { path, gitDir } of worktreesOf(root)) {
    const follows = followers.has(path);
    for (const file of walk(raw(gitDir))) {
      if (file.kind !== 'file' || !HALF_WAY.test(file.name) || (path === root && file.name.startsWith('refs/'))) continue;
      if (!(follows && FOLLOWS.test(file.name)))
        facts[`${gitDir} ${file.name}`] = file.name === 'logs/HEAD' ? reflog(file.place) : file.content();
    }
    if (follows) facts[`${path} index`] = mustGit(path, ['ls-files', '--stage', '-v', '-z']);
    if (!existsSync(path)) continue;
    for (const file of walk(raw(path))) {
      const name = `${path}: ${file.name}`;
      if (follows && file.kind === 'folder') continue;
      facts[name] = `${file.mode.toString(8)} ${file.content()}`;
      if (file.kind === 'folder') continue;
      if (follows) times[name] = file.time;
      else facts[name] += ` ${file.time}`;
    }
  }
  return { facts, times };
}

/**
 * Ids of everything that is kept: objects that git counts as reachable (refs, HEADs, indexes and reflogs of all registered worktrees), and
 * contents of files in worktrees, in checkouts and in the trash. `pins` false: without what only copse's refs keep.
 */
export function kept(root: string, o: { readonly pins: boolean }): Set<string> {
  const ids = new Set<string>();
  const without = o.pins ? [] : ['--exclude=refs/copse/*'];
  const reachable = ['rev-list', '--objects', '--no-object-names', ...without, '--all', '--reflog', '--indexed-objects'];
  for (const id of mustGit(root, reachable).split('\n')) if (id !== '') ids.add(id);
  for (const { path } of worktreesOf(root)) {
    if (!existsSync(path)) continue;
    for (const file of walk(raw(path))) if (file.kind === 'file') ids.add(blobId(readFileSync(file.place)));
  }
  return ids;
}

/** Ids of the contents of ignored files in a worktree, but those that others have too. */
export function ignoredIn(folder: string): string[] {
  const contents = (...which: string[]): string[] => {
    const listed = tryGit(folder, ['ls-files', '-z', ...which]).stdout.split('\0');
    const places = listed.filter((name) => name !== '').map((name) => bytes(`${raw(folder)}/${name}`));
    return places
      .filter((place) => lstatSync(place, { throwIfNoEntry: false })?.isFile() === true)
      .map((place) => blobId(readFileSync(place)));
  };
  const others = new Set(contents('--cached', '--others', '--exclude-standard'));
  return contents('--others', '--ignored', '--exclude-standard').filter((id) => !others.has(id));
}

/** Ids of what the index of a worktree names. */
export function stagedIn(folder: string): string[] {
  const entries = tryGit(folder, ['ls-files', '--stage', '-z']).stdout.split('\0');
  return entries.flatMap((entry) => /^\d+ ([0-9a-f]+) /.exec(entry)?.[1] ?? []);
}

/** Objects of autostashes and other open operations that git's own `gc` does not count: lost with them, if copse does not keep them. */
export function autostashes(root: string): Set<string> {
  const ids = new Set<string>();
  for (const { gitDir } of worktreesOf(root)) {
    const file = join(gitDir, 'rebase-merge/autostash');
    if (!existsSync(file)) continue;
    const { stdout } = tryGit(root, ['rev-list', '--objects', '--no-object-names', readFileSync(file, 'utf8').trim()]);
    for (const id of stdout.split('\n')) if (id !== '') ids.add(id);
  }
  return ids;
}

export function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** `git worktree add` leaves out the tab before an empty message, and `gc` puts it in. */
function reflog(place: Buffer): string {
  return readFileSync(place, 'latin1').replace(/( [+-]\d{4})$/gm, '$1\t');
}

function digest(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex').slice(0, 16);
}

interface Entry {
  readonly name: Raw;
  readonly place: Buffer;
  readonly kind: 'file' | 'link' | 'folder';
  readonly mode: number;
  readonly time: string;
  content(): string;
}

/** Everything below a folder but git's own and the trash. */
function* walk(top: Raw, prefix = ''): Generator<Entry> {
  const here = prefix === '' ? top : `${top}/${prefix}`;
  if (!existsSync(bytes(here))) return;
  for (const name of readdirSync(bytes(here), { encoding: 'latin1' })) {
    if (name === '.git' || name === '.copse-trash' || name === 'objects' || name === 'copse') continue;
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const place = bytes(`${top}/${path}`);
    const stat = lstatSync(place, { bigint: true });
    const kind = stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'file';
    yield {
      name: path,
      place,
      kind,
      mode: Number(stat.mode),
      time: stat.mtimeNs.toString(),
      content: () =>
        kind === 'folder' ? '' : kind === 'link' ? `-> ${readlinkSync(place, 'latin1')}` : digest(readFileSync(place)),
    };
    if (kind === 'folder') yield* walk(top, path);
  }
}
