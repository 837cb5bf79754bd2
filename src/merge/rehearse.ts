import { changesBetween } from '../git/changes.ts';
import { gitIn, objectsGit } from '../git/door.ts';
import { editMessage } from '../git/edit-message.ts';
import { missingIdentity } from '../git/identity.ts';
import { type Candidate, landedIn } from '../git/landed.ts';
import { commitTree } from '../git/merge-tree.ts';
import { checkoutsOf } from '../git/move-branch.ts';
import { type PersonHooks, personHooks } from '../git/person-hooks.ts';
import { gitEnvironment, spawnGit } from '../git/spawn-git.ts';
import { targetProblems } from '../git/target-problems.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, CommitId, TreeId } from '../model/ids.ts';
import type { MergeAlready, MergeLanded, MergeRefused } from '../model/merge-report.ts';
import type { FollowingCheckout, LandedVariant } from '../model/operation.ts';
import { checkResult } from './check-result.ts';
import { type Combined, combine, signedCommit } from './combine.ts';
import { conflictRefusal } from './conflict.ts';
import type { History } from './history.ts';
import { lookAt } from './look.ts';
import { mergeBaseOf } from './merge-base.ts';
import { mergeLine } from './merge-line.ts';
import { type MergeOptions, type Onto, type ToMerge, variantOf } from './merge-options.ts';
import { messageFor } from './message.ts';
import { allNeeds } from './needs.ts';
import { type Refusal, refused } from './refusal.ts';
import { hooksOf, runMessageHooks, runTreeHooks } from './run-hooks.ts';

/** What would land: commits that nothing names yet. */
export interface Rehearsal {
  readonly to: CommitId;
  readonly variants: readonly LandedVariant[];
  readonly landed: readonly MergeLanded[];
  readonly already: readonly MergeAlready[];
  readonly refused: readonly MergeRefused[];
}

/** Messages that the person edited, by label: asked for once, also when the target moves meanwhile. */
export type EditedMessages = Map<string, string>;

/** Each variant on top of what landed before it; one that cannot land is left out. Moves nothing but, where asked, what is uncommitted. */
export async function rehearse(
  o: MergeOptions,
  history: History,
  onto: Onto,
  order: readonly ToMerge[],
  edited: EditedMessages,
): Promise<Rehearsal> {
  const checkouts = await checkoutsOf(o.repository, onto.branch);
  const place: Place = { o, history, onto, checkouts, edited, ...(await personsChoice(o, onto, checkouts)) };
  const landed: MergeLanded[] = [];
  const variants: LandedVariant[] = [];
  const already: MergeAlready[] = [];
  const left: MergeRefused[] = [];
  let target = onto.from;
  for (const one of order) {
    o.signal.throwIfAborted();
    const answer = await rehearseOne(place, one, target, landed);
    if (answer.kind === 'refused') left.push(refused(one, answer.refusal));
    else if (answer.kind === 'already') already.push({ run: one.state.id, variant: one.name, label: one.label, why: answer.why });
    else {
      landed.push(answer.landed);
      const { run, variant, branch, tip, commit } = answer.landed;
      variants.push({ run, variant, branch, tip, commit, as: o.as });
      target = answer.landed.commit;
    }
  }
  return { to: target, variants, landed, already, refused: left };
}

interface Place {
  readonly o: MergeOptions;
  readonly history: History;
  readonly onto: Onto;
  readonly checkouts: readonly FollowingCheckout[];
  readonly edited: EditedMessages;
  readonly hooks: PersonHooks;
  readonly sign: boolean;
}

/** What the person's git does when it commits here. */
async function personsChoice(o: MergeOptions, onto: Onto, checkouts: readonly FollowingCheckout[]) {
  const { commonDir, bare, root } = o.repository;
  // Never where the person stands: that may be a variant's worktree, whose hooks are an agent's.
  const checkout = checkouts[0]?.path ?? (bare ? null : root);
  const [hooks, signing] = await Promise.all([
    personHooks({ commonDir, target: onto.from, checkout }),
    spawnGit(['config', '--type=bool', '--get', 'commit.gpgSign'], { cwd: root, env: gitEnvironment(), ok: [0, 1] }),
  ]);
  return { hooks, sign: signing.text === 'true' };
}

type Rehearsed =
  | { readonly kind: 'lands'; readonly landed: MergeLanded }
  | { readonly kind: 'already'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

async function rehearseOne(place: Place, one: ToMerge, target: CommitId, before: readonly MergeLanded[]): Promise<Rehearsed> {
  const { o, history, onto } = place;
  const looked = await lookAt(o, history, onto, one);
  if (looked.kind !== 'ready') return looked;
  const variant = variantOf(one);
  const { tip, start } = looked;
  const missing = await needsMissing(place, one, target, start, before);
  if (missing !== null) return { kind: 'refused', refusal: missing };
  const base = await mergeBaseOf(history, { onto, target, variant, start, tip });
  const combined = await combine({ options: o, history, onto, one, as: o.as, target, tip, base, sign: place.sign });
  if (combined.kind === 'already') return { kind: 'already', why: `All that it changes is on ${onto.branch}.` };
  if (combined.kind === 'refused') return combined;
  if (combined.kind === 'conflict') {
    // A squash by somebody else (a pull request) leaves no trace, and what was edited since conflicts.
    if (await hasLanded(place, target, { tip, start }))
      return { kind: 'already', why: `It landed on ${onto.branch}, which changed it since.` };
    const after = before.map(({ label }) => label);
    const { paths } = combined;
    return { kind: 'refused', refusal: await conflictRefusal(o, onto, one, { target, tip, base, paths, after }) };
  }
  const obstacle = await inTheWay(place, one, combined);
  if (obstacle !== null) return { kind: 'refused', refusal: obstacle };
  const made = await makeCommit(place, one, target, combined);
  if (made.kind === 'refused') return made;
  const changes = await changesBetween(objectsGit(o.repository.commonDir), target, made.commit);
  const { commits } = await changesBetween(objectsGit(o.repository.commonDir), base ?? start, tip);
  return {
    kind: 'lands',
    landed: {
      run: one.state.id,
      variant: one.name,
      label: one.label,
      branch: variant.branch,
      tip,
      commit: made.commit,
      subject: made.subject,
      changes: { ...changes, commits: o.as === 'squash' ? 1 : o.as === 'merge' ? commits + 1 : changes.commits },
      checks: made.checks,
      hooks: made.hooks,
      signed: combined.kind === 'commit' ? combined.signed : place.sign,
      notes: [...looked.notes, ...made.notes, ...(isUnsigned(place, combined) ? [UNSIGNED] : [])],
    },
  };
}

const UNSIGNED = 'You sign commits, and these are not signed: --as ff lands them as they are.';

function isUnsigned({ sign }: Place, combined: Combined): boolean {
  return sign && combined.kind === 'commit' && !combined.signed;
}

/** A variant brings along what it started from: that must be on the target, or land before it. */
async function needsMissing(
  place: Place,
  one: ToMerge,
  target: CommitId,
  start: CommitId,
  before: readonly MergeLanded[],
): Promise<Refusal | null> {
  const { o, history, onto } = place;
  const variant = variantOf(one);
  if (variant.needs.length === 0 || (await history.isAncestor(start, onto.from))) return null;
  const missing: string[] = [];
  for (const need of allNeeds(one.state, variant)) {
    const tip = need.commit?.commit ?? need.created?.start ?? null;
    const inThis = before.some(({ run, variant: name }) => run === one.state.id && name === need.name);
    if (inThis || tip === null || tip === need.created?.start || (await history.isAncestor(tip, onto.from))) continue;
    const { landed } = need;
    if (landed?.target === onto.branch && landed.tip === tip && (await history.isAncestor(landed.commit, onto.from))) continue;
    if (await hasLanded(place, target, { tip, start: need.created?.start ?? null })) continue;
    missing.push(need.name);
  }
  if (missing.length === 0) return null;
  const prefix = one.label.includes('/') ? `${one.state.id}/` : '';
  const labels = [...missing.map((name) => `${prefix}${name}`), one.label];
  const list = missing.map((name) => `${prefix}${name}`).join(' and ');
  return {
    code: 'need-not-landed',
    what: `${one.label} starts from ${list}, which ${missing.length === 1 ? 'is' : 'are'} not on ${onto.branch}.`,
    why: `Landing it would bring ${list} along unseen.`,
    hint: `Land them together:\n  ${mergeLine(o, labels)}`,
    precondition: true,
  };
}

async function hasLanded({ o }: Place, target: CommitId, candidate: Candidate): Promise<boolean> {
  const { commonDir } = o.repository;
  const [landing] = await landedIn({ commonDir, targets: [target], candidates: [candidate], signal: o.signal });
  return landing?.kind === 'landed' || landing?.kind === 'landed-then-changed';
}

/** Looked for before hooks and checks, which may take minutes; again before it lands. */
async function inTheWay(
  place: Place,
  one: ToMerge,
  combined: Extract<Combined, { kind: 'tree' | 'commit' }>,
): Promise<Refusal | null> {
  const { o, onto, checkouts } = place;
  const to = combined.kind === 'commit' ? combined.commit : combined.tree;
  const [first] = await targetProblems({ repository: o.repository, branch: onto.branch, checkouts, from: onto.from, to });
  if (first === undefined) return null;
  return {
    code: 'in-the-way',
    what: first.what,
    why: `${first.why} So ${one.label} cannot land.`,
    hint: first.hint,
    precondition: true,
  };
}

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

async function makeCommit(
  place: Place,
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
  const hookPlace = { options: o, one, hooks: place.hooks, from: onto.from, onto: target };
  let tree: TreeId = combined.tree;
  const notes: string[] = [];
  if (names.tree.length > 0) {
    const ran = await runTreeHooks({ ...hookPlace, tree }, names.tree);
    if (ran.kind === 'refused') return ran;
    // One that resets the index would have an empty commit stand for work that is nowhere, and prune would take that for landed.
    if (ran.value.tree === (await treeOf(commonDir, target)))
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

async function treeOf(commonDir: AbsolutePath, commit: CommitId): Promise<TreeId> {
  return (await objectsGit(commonDir).run(['rev-parse', `${commit}^{tree}`])).text;
}

function nothingLeft(o: MergeOptions, { label }: ToMerge, hooks: readonly string[]): Refusal {
  return {
    code: 'hook-refused',
    what: `The hook ${hooks.join(', ')} left nothing of ${label} to land.`,
    why: 'It took all changes out of the index.',
    hint: `Mend the hook, or land it without hooks and checks:\n  ${mergeLine(o, [label], { noVerify: true })}`,
    precondition: false,
  };
}

async function checkTree(place: Place, one: ToMerge, target: CommitId, tree: TreeId) {
  const { o, onto } = place;
  if (one.plan.verify.length === 0 || o.noVerify) return { checks: [], refusal: null, notes: [] };
  // Checks run on a commit; the one that lands gets its message later.
  const identity = { name: 'copse', email: 'copse@localhost' };
  const git = objectsGit(o.repository.commonDir);
  const commit = await commitTree(git, { tree, parents: [target], message: 'x', identity });
  return checkResult(o, onto, one, { commit, tree });
}

async function wording(
  place: Place,
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
    what: 'The message is empty, so nothing has landed.',
    hint: 'Repeat the command and leave some of it, or give it with -m.',
  });
}
