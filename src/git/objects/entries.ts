import type { CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import { pathText, type RawPath, split } from '../worktree/working-changes.ts';
import { AS_COMMITTED, type CommitPair, INERT_DIFF, pairLines } from './file-changes.ts';

/** A tree's entry at a path: `<mode> <object id>`; empty if it has none. */
export type Entry = string;

export interface EntryChange {
  readonly path: RawPath;
  readonly before: Entry;
  readonly after: Entry;
}

/** git holds each name against each pattern: more of them cost more than they spare. */
const MOST_PATTERNS = 16;

/** Two processes keep two cores busy, if there is enough for both. */
const PROCESSES = 2;
const WORTH_SHARING = 100;

/**
 * The differences between each pair of commits, a rename as two changes, in two git processes at most. `paths`: nothing else is of
 * interest, though more may be answered.
 */
export async function entryChanges(
  git: Git,
  pairs: readonly CommitPair[],
  o: { readonly paths?: ReadonlySet<RawPath>; readonly signal?: AbortSignal } = {},
): Promise<EntryChange[][]> {
  const share = Math.ceil(pairs.length / (pairs.length < WORTH_SHARING ? 1 : PROCESSES));
  const parts: (readonly CommitPair[])[] = [];
  for (let at = 0; at < pairs.length; at += share) parts.push(pairs.slice(at, at + share));
  const run = { env: AS_COMMITTED, ...(o.signal === undefined ? {} : { signal: o.signal }) };
  // --always: a pair without a difference has its record too.
  const how = ['diff-tree', '--stdin', '--always', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', ...INERT_DIFF];
  const answers = await Promise.all(
    parts.map(async (part) => {
      const { stdout } = await git.run(['--literal-pathspecs', ...how, ...only(o.paths)], { ...run, input: pairLines(part) });
      return parseEntryChanges(stdout);
    }),
  );
  const parsed = answers.flat();
  if (parsed.length !== pairs.length) throw new Error(`git answered ${parsed.length} of ${pairs.length} pairs`);
  return parsed;
}

/** Arguments that limit a command to these paths, or to folders that they are in where these are fewer; or none. */
function only(paths: ReadonlySet<RawPath> | undefined): string[] {
  if (paths === undefined || paths.size === 0) return [];
  for (const depth of [Number.POSITIVE_INFINITY, 3, 2, 1]) {
    const patterns = new Set<RawPath>();
    for (const path of paths) {
      patterns.add(depth === Number.POSITIVE_INFINITY ? path : path.split('/').slice(0, depth).join('/'));
      if (patterns.size > MOST_PATTERNS) break;
    }
    if (patterns.size > MOST_PATTERNS) continue;
    const texts = [...patterns].map(pathText);
    // An argument is text: a name that is not UTF-8 cannot be one.
    return texts.some((text) => text.includes('\ufffd')) ? [] : ['--', ...texts];
  }
  return [];
}

/** `<id of the pair>\0`, then `:<mode> <mode> <id> <id> <letter>\0<path>\0` for each change. */
function parseEntryChanges(stdout: Buffer): EntryChange[][] {
  const fields = stdout.toString('latin1').split('\0');
  const pairs: EntryChange[][] = [];
  for (let i = 0; i < fields.length - 1; i += 1) {
    const field = fields[i] ?? '';
    if (!field.startsWith(':')) {
      pairs.push([]);
      continue;
    }
    const [before = '', after = '', from = '', to = ''] = field.slice(1).split(' ');
    i += 1;
    pairs.at(-1)?.push({ path: fields[i] ?? '', before: entry(before, from), after: entry(after, to) });
  }
  return pairs;
}

function entry(mode: string, id: string): Entry {
  return mode === '000000' ? '' : `${mode} ${id}`;
}

/** Everything that a commit has. */
export async function entriesOf(git: Git, commit: CommitId): Promise<Map<RawPath, Entry>> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit], { env: AS_COMMITTED });
  const entries = new Map<RawPath, Entry>();
  for (const record of split(stdout)) {
    // "<mode> <type> <id>\t<path>"
    const tab = record.indexOf('\t');
    const [mode = '', , id = ''] = record.slice(0, tab).split(' ');
    entries.set(record.slice(tab + 1), `${mode} ${id}`);
  }
  return entries;
}

/** The object of an entry that is a regular file; null for nothing, a link and a submodule. */
export function blobOf(entry: Entry): string | null {
  return entry.startsWith('100') ? entry.slice(entry.indexOf(' ') + 1) : null;
}
