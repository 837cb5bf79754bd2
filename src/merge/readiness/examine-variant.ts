import { stillBeside } from '../../git/beside/still-beside.ts';
import { landedIn } from '../../git/landed/landed.ts';
import { readHead, readRef } from '../../git/refs/head.ts';
import { openOperation } from '../../git/worktree/open-operation.ts';
import { addCommand, allowLine, besideNotes, nothingInCommit } from '../../model/evidence/beside-words.ts';
import type { CommitId } from '../../model/ids.ts';
import type { HeldBack } from '../../model/outcome.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { shortCommit } from '../../text/amounts.ts';
import { some } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import { movedFolder } from '../../trash/removing/moved-folder.ts';
import { identityOf } from '../../trash/removing/worktree-identity.ts';
import { entryOf, openWorktree } from '../../worktree/open-worktree.ts';
import type { History } from '../merge-history.ts';
import { mergeLine } from '../merge-line.ts';
import { type MergeOptions, type Onto, type ToMerge, variantOf } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';
import { renamedTo } from './renamed-to.ts';
import { commitUncommitted, uncommittedWork } from './uncommitted-work.ts';

/** The facts about a variant before anything is merged. */
export type Looked =
  | {
      readonly kind: 'ready';
      readonly tip: CommitId;
      readonly start: CommitId;
      readonly notes: readonly string[];
      readonly beside: number;
    }
  | { readonly kind: 'already'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Checks whether a variant can be merged at all; with `includeUncommitted` commits its worktree's contents, unless it is a dry run. */
export async function examineVariant(o: MergeOptions, history: History, onto: Onto, one: ToMerge): Promise<Looked> {
  const variant = variantOf(one);
  const early = restProblem(one, variant) ?? workProblem(one, variant);
  if (early !== null) return { kind: 'refused', refusal: early };
  const { created, branch } = variant;
  const start = created?.start;
  const tip = await readRef(o.repository.commonDir, `refs/heads/${branch}`);
  if (start === undefined) return refuse(nothing(one, 'It was never started.'));
  if (tip === null) return refuse(await branchGone(o, one, variant));
  const worked = await inWorktree(o, one, variant, { tip, start });
  if (worked.kind === 'refused') return worked;
  const notes = [...worked.notes, ...outcomeNotes(variant)];
  const there = await alreadyThere(o, history, onto, variant, worked.tip);
  if (there?.still === true) return { kind: 'already', why: there.text };
  if (there !== null) notes.push(there.text);
  const { heldBack, worktree } = variant;
  const beside = await stillBeside({ commonDir: o.repository.commonDir, worktree, tip: worked.tip, heldBack });
  if (worked.tip === start)
    return refuse(beside.length === 0 ? nothing(one, 'It has no commits of its own.') : onlyBeside(o, one, beside));
  return { kind: 'ready', tip: worked.tip, start, notes: [...notes, ...besideNotes(beside)], beside: beside.length };
}

function refuse(refusal: Refusal): Looked {
  return { kind: 'refused', refusal };
}

function restProblem({ state, alive, label }: ToMerge, variant: VariantState): Refusal | null {
  const over = state.phase.kind === 'finished';
  const finished = variant.phase.kind === 'finished';
  if (alive && !over) {
    return {
      code: 'running',
      what: finished ? `Run ${state.id} is still running.` : `Variant ${label} is still running.`,
      why: 'Only finished variants can be merged.',
      hint: `Wait for it, or stop it:\n  copse wait ${state.id}\n  copse stop --run ${state.id}`,
      precondition: true,
    };
  }
  if (finished) return null;
  return {
    code: 'interrupted',
    what: `Variant ${label} is not finished, and its run has no supervisor.`,
    why: over ? 'Its run ended before it.' : 'Its supervisor is gone; an agent may still run.',
    hint: `Continue it, or stop it:\n  copse resume ${state.id}\n  copse stop --run ${state.id}`,
    precondition: true,
  };
}

function workProblem(one: ToMerge, { removed, commit }: VariantState): Refusal | null {
  if (removed?.branch === true) {
    return {
      code: 'removed',
      what: `Variant ${one.label} was removed.`,
      why: removed.purged ? 'Its files are deleted; its commits may still exist.' : 'Its branch is in the trash.',
      hint: `Restore it first:\n  copse undo ${removed.operation}`,
      precondition: true,
    };
  }
  if (commit?.parked != null) {
    return {
      code: 'parked',
      what: `The work of ${one.label} is not on its branch: it is parked at ${commit.parked}.`,
      why: 'It could not be committed where the variant started.',
      hint: `Look at it, then merge it by hand:\n  git log -p -1 ${commit.parked}\n  git merge --squash ${commit.parked}`,
      precondition: true,
    };
  }
  return null;
}

function nothing({ label }: ToMerge, why: string): Refusal {
  return {
    code: 'nothing-to-land',
    what: `Variant ${label} has nothing to merge.`,
    why,
    hint: `See its state, or continue it:\n  copse status\n  copse retry ${label} -m "…"`,
    precondition: true,
  };
}

/** It did work, and none of it is in a commit. */
function onlyBeside(o: MergeOptions, { label }: ToMerge, beside: readonly HeldBack[]): Refusal {
  const add = addCommand(label, beside, shellWord);
  const line = allowLine(beside);
  const now = `${add}\n  ${mergeLine(o, [label], { includeUncommitted: true })}`;
  return {
    code: 'nothing-to-land',
    what: `Variant ${label} has nothing to merge.`,
    why: nothingInCommit(beside, 0),
    hint: [
      add === null ? `Look at it:\n  cd "$(copse path ${label})"` : `Keep it and merge it:\n  ${now}`,
      ...(line === null ? [] : [`To keep it in later runs, in the variants file:\n  ${line}`]),
    ].join('\n'),
    precondition: true,
  };
}

async function branchGone({ repository }: MergeOptions, { label }: ToMerge, variant: VariantState): Promise<Refusal> {
  const { branch, commit, created } = variant;
  const renamed = await renamedTo({ repository, branch, worktree: variant.worktree, nonce: created?.nonce ?? null });
  if (renamed !== null) {
    return {
      code: 'branch-gone',
      what: `The branch ${branch} of ${label} was renamed to ${renamed}.`,
      why: 'A variant is found by its branch.',
      hint: `Rename it back:\n  git branch -m ${shellWord(renamed)} ${shellWord(branch)}`,
      precondition: true,
    };
  }
  const last = commit?.commit;
  return {
    code: 'branch-gone',
    what: `The branch ${branch} of ${label} is gone.`,
    why: 'It was deleted.',
    hint: last === undefined ? 'See its state:\n  copse status' : `Restore it:\n  git branch ${shellWord(branch)} ${last}`,
    precondition: true,
  };
}

/** Its folder was moved without git, so that its uncommitted files are unknown. null: it is gone. */
async function movedAway({ repository }: MergeOptions, label: string, nonce: string | null): Promise<Worked | null> {
  const entry = nonce === null ? null : await entryOf(repository.commonDir, nonce);
  const now = entry === null ? null : await movedFolder(repository, entry.path, entry.gitDir);
  if (entry === null || now === null || now === entry.path) return null;
  const refusal: Refusal = {
    code: 'worktree-moved',
    what: `The worktree of ${label} was moved from ${entry.path} to ${now}.`,
    why: 'git was not told, so copse does not know what is uncommitted there.',
    hint: `Tell git, then merge again:\n  git worktree repair ${shellWord(now)}`,
    precondition: true,
  };
  return { kind: 'refused', refusal };
}

type Worked =
  | { readonly kind: 'tip'; readonly tip: CommitId; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

async function inWorktree(
  o: MergeOptions,
  one: ToMerge,
  variant: VariantState,
  at: { readonly tip: CommitId; readonly start: CommitId },
): Promise<Worked> {
  const { tip } = at;
  const { label } = one;
  const nonce = variant.created?.nonce ?? null;
  const worktree = await openWorktree({ repository: o.repository, path: variant.worktree, nonce });
  if (worktree === null) return (await movedAway(o, label, nonce)) ?? { kind: 'tip', tip, notes: [] };
  const open = await openOperation(worktree.gitDir);
  if (open !== null) {
    return {
      kind: 'refused',
      refusal: {
        code: 'operation-open',
        what: `A ${open} is unfinished in the worktree of ${label}.`,
        why: 'Its result is not on the branch yet.',
        hint: `Finish it or abort it:\n  git -C "$(copse path ${label})" ${open === 'bisect' ? 'bisect reset' : `${open} --continue`}`,
        precondition: true,
      },
    };
  }
  const head = await readHead(o.repository.commonDir, worktree.gitDir);
  if (head.branch !== variant.branch && head.commit !== tip) {
    return {
      kind: 'refused',
      refusal: {
        code: 'elsewhere',
        what: `The worktree of ${label} is not on its branch ${variant.branch}.`,
        why: `It is at ${head.branch ?? (head.commit === null ? 'no commit' : shortCommit(head.commit))}; its contents would not be merged.`,
        hint: `Go back to the branch:\n  git -C "$(copse path ${label})" switch ${shellWord(variant.branch)}`,
        precondition: true,
      },
    };
  }
  const paths = await uncommittedWork(o, one, worktree);
  if (paths.length === 0) return { kind: 'tip', tip, notes: [] };
  // Another folder in place of a lost worktree would be merged as the deletion of everything else.
  const identity = await identityOf(o.repository, { path: worktree.path, gitDir: worktree.gitDir, nonce });
  if (identity.kind === 'wrong') {
    return {
      kind: 'refused',
      refusal: {
        code: 'not-its-worktree',
        what: `The folder at ${worktree.path} is not the worktree of ${label}.`,
        why: identity.why,
        hint: 'See what copse can fix:\n  copse doctor --fix',
        precondition: true,
      },
    };
  }
  if (!o.includeUncommitted) {
    return {
      kind: 'refused',
      refusal: {
        code: 'uncommitted',
        what: `${one.label} has work that is not committed: ${some(paths)}.`,
        why: 'Only committed work is merged.',
        hint: `Commit and merge it, or look first:\n  ${mergeLine(o, [label], { includeUncommitted: true })}\n  git -C "$(copse path ${label})" status`,
        precondition: true,
      },
    };
  }
  if (o.dryRun)
    return { kind: 'tip', tip, notes: [`Would be committed first: ${some(paths)}. The rehearsal does not include it.`] };
  const outcome = await commitUncommitted(o, one, worktree, at.start);
  if (outcome.parked !== null || outcome.kind === 'missing' || outcome.kind === 'operation-open') {
    return {
      kind: 'refused',
      refusal: {
        code: 'not-committed',
        what: `The uncommitted work of ${label} could not be committed on its branch.`,
        why: outcome.notes.join(' '),
        hint: `Look at it:\n  git -C "$(copse path ${label})" status`,
        precondition: true,
      },
    };
  }
  const held = outcome.heldBack.map(({ path }) => path);
  return {
    kind: 'tip',
    tip: outcome.commit,
    notes: [
      `Committed first: ${some(paths.filter((path) => !held.includes(path)))}.`,
      ...(held.length === 0 ? [] : [`Left out of the commit: ${some(held)}.`]),
      ...outcome.notes,
    ],
  };
}

/** The work and its checks count; a bad end of its agent is worth knowing. */
function outcomeNotes({ phase }: VariantState): readonly string[] {
  if (phase.kind !== 'finished' || phase.outcome === 'succeeded' || phase.outcome === 'no-changes') return [];
  return [`Its agent ended ${phase.outcome}${phase.reason === '' ? '' : ` (${phase.reason})`}.`];
}

/** `still` false: it was merged and reverted since, so it may be merged again. */
async function alreadyThere(
  o: MergeOptions,
  history: History,
  onto: Onto,
  { landed, created }: VariantState,
  tip: CommitId,
): Promise<{ readonly still: boolean; readonly text: string } | null> {
  if (tip !== created?.start && (await history.isAncestor(tip, onto.from))) {
    return { still: true, text: `Its commits are on ${onto.branch}.` };
  }
  if (landed === null || landed.target !== onto.branch || landed.tip !== tip) return null;
  if (!(await history.isAncestor(landed.commit, onto.from))) return null;
  const candidates = [{ tip, start: created?.start ?? null }];
  const [now] = await landedIn({ commonDir: o.repository.commonDir, targets: [onto.from], candidates, signal: o.signal });
  const as = `It landed on ${onto.branch} as ${shortCommit(landed.commit)}`;
  return now?.kind === 'reverted'
    ? { still: false, text: `${as} before and was reverted; it is merged again.` }
    : { still: true, text: `${as}.` };
}
