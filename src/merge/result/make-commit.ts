import { missingIdentity, OUR_IDENTITY } from '../../git/commit/author-identity.ts';
import { editMessage } from '../../git/commit/edit-message.ts';
import { commitTree } from '../../git/merging/merge-tree.ts';
import { gitIn, objectsGit } from '../../git/spawn/git-in.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { MergeLanded } from '../../model/reports/merge-report.ts';
import { mergeLine } from '../merge-line.ts';
import type { MergeOptions, ToMerge } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';
import type { MergePlace } from '../rehearsal-context.ts';
import { checkResult } from './check-result.ts';
import { type Combined, signedCommit } from './combine.ts';
import { messageFor } from './merge-message.ts';
import { hooksOf, runMessageHooks, runTreeHooks } from './run-hooks.ts';

type Made =
  | {
      readonly kind: 'made';
      readonly commit: CommitId;
      readonly subject: string;
      readonly checks: MergeLanded['checks'];
      readonly hooks: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The commit to merge, checked: hooks first, since checks and message are about their result. It has no ref yet. */
export async function makeCommit(
  place: MergePlace,
  one: ToMerge,
  target: CommitId,
  combined: Extract<Combined, { kind: 'tree' | 'commit' }>,
): Promise<Made> {
  const { o, onto } = place;
  const { commonDir } = o.repository;
  if (combined.kind === 'commit') {
    const checked = await checkResult(o, onto, one, combined);
    if (checked.refusal !== null) return { kind: 'refused', refusal: checked.refusal };
    const { text } = await objectsGit(commonDir).run(['log', '-1', '--no-show-signature', '--format=%s', combined.commit]);
    return { kind: 'made', commit: combined.commit, subject: text, checks: checked.checks, hooks: [], notes: checked.notes };
  }
  const names = hooksOf(o.as, place.hooks, o.noVerify);
  const hookPlace = { options: o, one, hooks: place.hooks, branch: onto.branch, from: onto.from, onto: target };
  let tree: TreeId = combined.tree;
  const notes: string[] = [];
  if (names.tree.length > 0) {
    const ran = await runTreeHooks({ ...hookPlace, tree }, names.tree);
    if (ran.kind === 'refused') return ran;
    // A hook that resets the index would create an empty commit, and prune would take the work for landed.
    if (ran.value.tree === (await place.history.treeOf(target)))
      return { kind: 'refused', refusal: nothingLeft(o, one, names.tree) };
    tree = ran.value.tree;
    notes.push(...ran.value.notes);
  }
  const checked = await checkTree(place, one, target, tree);
  if (checked.refusal !== null) return { kind: 'refused', refusal: checked.refusal };
  const worded = await wording(place, one, { ...hookPlace, tree }, names.message);
  if (worded.kind === 'refused') return worded;
  const git = gitIn(o.repository.root);
  const identity = await missingIdentity(git);
  const message = worded.value;
  const { parents } = combined;
  const commit = await signedCommit(place.sign, () => commitTree(git, { tree, parents, message, identity, sign: place.sign }));
  return {
    kind: 'made',
    commit,
    subject: message.split('\n')[0] ?? '',
    checks: checked.checks,
    hooks: [...names.tree, ...names.message],
    notes: [...notes, ...checked.notes],
  };
}

function nothingLeft(o: MergeOptions, { label }: ToMerge, hooks: readonly string[]): Refusal {
  return {
    code: 'hook-refused',
    what: `The hook ${hooks.join(', ')} left nothing of ${label} to merge.`,
    why: 'It took all changes out of the index.',
    hint: `Fix the hook.\nOr merge without hooks and checks:\n  ${mergeLine(o, [label], { noVerify: true })}`,
    precondition: false,
  };
}

async function checkTree(place: MergePlace, one: ToMerge, target: CommitId, tree: TreeId) {
  const { o, onto } = place;
  if (one.plan.verify.length === 0 || o.noVerify) return { checks: [], refusal: null, notes: [] };
  // Checks run on a commit; the one that is merged gets its message later.
  const git = objectsGit(o.repository.commonDir);
  const commit = await commitTree(git, { tree, parents: [target], message: 'x', identity: OUR_IDENTITY });
  return checkResult(o, onto, one, { commit, tree });
}

async function wording(
  place: MergePlace,
  one: ToMerge,
  hookPlace: Parameters<typeof runMessageHooks>[0],
  names: readonly string[],
): Promise<{ readonly kind: 'passed'; readonly value: string } | { readonly kind: 'refused'; readonly refusal: Refusal }> {
  const { o, edited } = place;
  const known = edited.get(one.label);
  const first = known ?? messageFor(o, one, place.onto.branch);
  const edit =
    o.edit && known === undefined && !o.dryRun
      ? async (message: string): Promise<string> => {
          o.onEditor(true);
          const editing = editMessage({ message, cwd: o.repository.root, environment: o.environment });
          const text = await editing.finally(() => o.onEditor(false));
          if (text.trim() === '') throw emptied();
          edited.set(one.label, `${text}\n`);
          return text;
        }
      : null;
  if (names.length === 0) return { kind: 'passed', value: edit === null ? first : `${await edit(first)}\n` };
  const source = o.as === 'merge' ? 'merge' : 'message';
  const ran = await runMessageHooks(hookPlace, names, first, { source, edit });
  if (ran.kind === 'passed' && ran.value.trim() === '') throw emptied();
  return ran;
}

function emptied(): CopseError {
  return new CopseError({
    code: 'empty-message',
    exit: EXIT.failed,
    what: 'The message is empty, so nothing was merged.',
    hint: 'Repeat the command and write a message, or pass it with -m.',
  });
}
