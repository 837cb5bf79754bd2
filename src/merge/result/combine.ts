import { missingIdentity } from '../../git/commit/author-identity.ts';
import { caseTwins, FoldedNames } from '../../git/merging/case-twins.ts';
import { type CommitMerger, withCommitMerger } from '../../git/merging/merge-commits.ts';
import { commitTree } from '../../git/merging/merge-tree.ts';
import { changedPaths } from '../../git/objects/changes.ts';
import { gitIn, objectsGit } from '../../git/spawn/git-in.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { MergeMethod } from '../../model/operation.ts';
import { some } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { History } from '../merge-history.ts';
import { mergeLine } from '../merge-line.ts';
import { type MergeOptions, type Onto, type ToMerge, variantOf } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';

/** The result of a variant on the target, in memory. */
export type Combined =
  /** A commit is still to be made of it. */
  | { readonly kind: 'tree'; readonly tree: TreeId; readonly parents: readonly CommitId[] }
  /** Commits as they are, or made anew one by one. */
  | { readonly kind: 'commit'; readonly commit: CommitId; readonly tree: TreeId; readonly signed: boolean }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface CombineOptions {
  readonly options: MergeOptions;
  readonly history: History;
  readonly onto: Onto;
  readonly one: ToMerge;
  readonly as: MergeMethod;
  /** The target's commit, with the variants merged before in this command. */
  readonly target: CommitId;
  readonly tip: CommitId;
  /** From {@link mergeBaseOf}. */
  readonly base: CommitId | null;
  readonly sign: boolean;
}

/** Merges, or replays, without a worktree. Moves nothing. */
export async function combine(o: CombineOptions): Promise<Combined> {
  const { commonDir } = o.options.repository;
  const targetTree = await o.history.treeOf(o.target);
  if (o.as === 'ff') return fastForward(o);
  return withCommitMerger({ commonDir, attributesOf: o.target }, async (merger) => {
    if (o.as === 'rebase') return rebased(o, merger, targetTree);
    const merged = await merger.merge({ base: o.base, ours: o.target, theirs: o.tip });
    if (merged === null) return { kind: 'refused', refusal: unrelated(o) };
    if (!merged.clean) return { kind: 'conflict', paths: merged.conflicts };
    if (merged.tree === targetTree) return { kind: 'already' };
    const twins = await sameButForCase(commonDir, o.target, merged.tree);
    if (twins.length > 0) return { kind: 'refused', refusal: caseConflict(o, twins) };
    return { kind: 'tree', tree: merged.tree, parents: o.as === 'merge' ? [o.target, o.tip] : [o.target] };
  });
}

async function fastForward(o: CombineOptions): Promise<Combined> {
  if (await o.history.isAncestor(o.target, o.tip)) {
    const own = o.sign ? (await o.history.between(o.target, o.tip)).map(({ commit }) => commit) : [];
    const signed = o.sign && (await o.history.unsigned(own)).size === 0;
    return { kind: 'commit', commit: o.tip, tree: await o.history.treeOf(o.tip), signed };
  }
  return {
    kind: 'refused',
    refusal: {
      code: 'not-fast-forward',
      what: `${o.onto.branch} cannot be fast-forwarded to ${o.one.label}.`,
      why: `${o.onto.branch} has commits that ${o.one.label} lacks.`,
      hint: `Merge it another way:\n  ${mergeLine(o.options, [o.one.label], { as: 'rebase' })}\n  ${mergeLine(o.options, [o.one.label], { as: 'squash' })}`,
      precondition: false,
    },
  };
}

/** Each of the variant's own commits on top of the target, its author and message kept; commits that add nothing any more are left out. */
async function rebased(o: CombineOptions, merger: CommitMerger, targetTree: TreeId): Promise<Combined> {
  const { repository } = o.options;
  const base = o.base ?? (await o.history.mergeBase(o.target, o.tip));
  if (base === null) return { kind: 'refused', refusal: unrelated(o) };
  const own = await o.history.between(base, o.tip);
  if (base === o.target)
    return { kind: 'commit', commit: await signedAll(o, own), tree: await o.history.treeOf(o.tip), signed: o.sign };
  const merges = own.filter(({ parents }) => parents.length !== 1).length;
  if (merges > 0) return { kind: 'refused', refusal: hasMerges(o, merges) };
  const git = gitIn(repository.root);
  const identity = await missingIdentity(git);
  let onto = o.target;
  let tree = targetTree;
  for (const { commit, parents } of own) {
    const merged = await merger.merge({ base: parents[0] ?? null, ours: onto, theirs: commit });
    if (merged === null) return { kind: 'refused', refusal: unrelated(o) };
    if (!merged.clean) return { kind: 'conflict', paths: merged.conflicts };
    if (merged.tree === tree) continue;
    tree = merged.tree;
    const { author, message } = await authored(repository.commonDir, commit);
    onto = await signedCommit(o.sign, () => commitTree(git, { tree, parents: [onto], message, identity, author, sign: o.sign }));
  }
  if (onto === o.target) return { kind: 'already' };
  const twins = await sameButForCase(repository.commonDir, o.target, tree);
  if (twins.length > 0) return { kind: 'refused', refusal: caseConflict(o, twins) };
  return { kind: 'commit', commit: onto, tree, signed: o.sign };
}

/**
 * The commits are based on the target already. If the person signs, those without a signature, and the ones on top of them, are created
 * again with one; nothing else of them changes, merges included. Returns the last.
 */
async function signedAll(o: CombineOptions, own: Awaited<ReturnType<History['between']>>): Promise<CommitId> {
  const unsigned = o.sign ? await o.history.unsigned(own.map(({ commit }) => commit)) : new Set<CommitId>();
  if (unsigned.size === 0) return o.tip;
  const { root, commonDir } = o.options.repository;
  const git = gitIn(root);
  const identity = await missingIdentity(git);
  const made = new Map<CommitId, CommitId>();
  for (const { commit, parents: before } of own) {
    const parents = before.map((parent) => made.get(parent) ?? parent);
    if (!unsigned.has(commit) && parents.every((parent, i) => parent === before[i])) continue;
    const { author, message } = await authored(commonDir, commit);
    const tree = await o.history.treeOf(commit);
    made.set(commit, await signedCommit(true, () => commitTree(git, { tree, parents, message, identity, author, sign: true })));
  }
  return made.get(o.tip) ?? o.tip;
}

async function authored(commonDir: string, commit: CommitId) {
  const { stdout } = await objectsGit(commonDir).run([
    'log',
    '-1',
    '--no-show-signature',
    '--encoding=UTF-8',
    '--date=raw',
    '--format=%an%x00%ae%x00%ad%x00%B',
    commit,
  ]);
  const [name = '', email = '', date = '', message = ''] = stdout.toString('utf8').split('\0');
  return { author: { name, email, date: `@${date}` }, message: `${message.trimEnd()}\n` };
}

/** If a signature cannot be made, the user has to fix that, and nothing has moved by then. */
export async function signedCommit(sign: boolean, make: () => Promise<CommitId>): Promise<CommitId> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof CopseError) || !sign) throw error;
    throw new CopseError({
      code: 'not-signed',
      exit: EXIT.failed,
      what: 'The commit could not be signed, so nothing was merged.',
      why: error.message,
      hint: 'commit.gpgSign wants a signature. See what is missing:\n  git config --get-regexp "^(user.signingkey|gpg|commit.gpgsign)"',
      cause: error,
    });
  }
}

/** On macOS and Windows these are one file. */
async function sameButForCase(commonDir: string, target: CommitId, tree: TreeId): Promise<readonly string[]> {
  const git = objectsGit(commonDir);
  const changed = await changedPaths(git, target, tree as string);
  const added = changed.filter(({ status }) => status === 'A' || status === 'R').map(({ path }) => path);
  if (added.length === 0) return [];
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--name-only', target]);
  const gone = changed.flatMap(({ status, path, from }) => (status === 'D' ? [path] : from === null ? [] : [from]));
  return caseTwins(added, new FoldedNames(stdout.toString('utf8').split('\0').slice(0, -1)), new Set(gone));
}

function caseConflict({ one, onto, options }: CombineOptions, twins: readonly string[]): Refusal {
  return {
    code: 'conflict',
    what: `${one.label} brings names to ${onto.branch} that differ only in case: ${some(twins)}.`,
    why: 'On file systems that ignore case they are one file.',
    hint: `Have one renamed, then merge it:\n  copse retry ${one.label} -m ${shellWord(`Rename ${twins[0] ?? ''}: the name is taken but for its case.`)}\n  ${mergeLine(options, [one.label])}`,
    precondition: false,
    conflicts: twins.map((path) => ({ path, onTarget: [], ofVariant: [] })),
  };
}

function unrelated({ one, onto, options }: CombineOptions): Refusal {
  const { shallow } = options.repository;
  return {
    code: 'unrelated',
    what: `${one.label} and ${onto.branch} have no history in common.`,
    why: shallow ? 'This is a shallow clone, without their common history.' : 'There is no common commit to compare them with.',
    hint: shallow
      ? 'Fetch the history, then repeat the command:\n  git fetch --unshallow'
      : `Look at both:\n  git log --oneline --graph ${shellWord(onto.branch)} ${shellWord(variantOf(one).branch)}`,
    precondition: false,
  };
}

function hasMerges({ one, options }: CombineOptions, count: number): Refusal {
  return {
    code: 'has-merges',
    what: `${one.label} cannot be replayed: ${count === 1 ? 'one of its commits is a merge' : `${count} of its commits are merges`}.`,
    why: 'A replay would lose how the merge was resolved.',
    hint: `Merge it another way:\n  ${mergeLine(options, [one.label], { as: 'squash' })}\n  ${mergeLine(options, [one.label], { as: 'merge' })}`,
    precondition: false,
  };
}
