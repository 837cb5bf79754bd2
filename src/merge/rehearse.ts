import { changesBetween } from '../git/objects/changes.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import { checkoutsOf } from '../git/target/move-branch.ts';
import { targetProblems } from '../git/target/target-problems.ts';
import type { CommitId } from '../model/ids.ts';
import type { LandedVariant } from '../model/operation.ts';
import type { MergeAlready, MergeLanded, MergeRefused } from '../model/reports/merge-report.ts';
import type { History } from './merge-history.ts';
import { type MergeOptions, type Onto, type ToMerge, variantOf } from './merge-options.ts';
import { examineVariant } from './readiness/examine-variant.ts';
import { hasLanded } from './readiness/has-landed.ts';
import { mergeBaseOf } from './readiness/merge-base.ts';
import { missingNeeds } from './readiness/missing-needs.ts';
import { type Refusal, refused } from './refusal.ts';
import { type EditedMessages, type MergePlace, personsChoice } from './rehearsal-context.ts';
import { type Combined, combine } from './result/combine.ts';
import { conflictRefusal } from './result/conflict-refusal.ts';
import { makeCommit } from './result/make-commit.ts';

/** The commits to merge, still without a ref. */
export interface Rehearsal {
  readonly to: CommitId;
  readonly variants: readonly LandedVariant[];
  readonly landed: readonly MergeLanded[];
  readonly already: readonly MergeAlready[];
  readonly refused: readonly MergeRefused[];
}

/** Each variant on top of the one before; one that cannot be merged is left out. Changes nothing, except that it commits uncommitted files if asked. */
export async function rehearse(
  o: MergeOptions,
  history: History,
  onto: Onto,
  order: readonly ToMerge[],
  edited: EditedMessages,
): Promise<Rehearsal> {
  const checkouts = await checkoutsOf(o.repository, onto.branch);
  const place: MergePlace = { o, history, onto, checkouts, edited, ...(await personsChoice(o, onto, checkouts)) };
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

type Rehearsed =
  | { readonly kind: 'lands'; readonly landed: MergeLanded }
  | { readonly kind: 'already'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

async function rehearseOne(
  place: MergePlace,
  one: ToMerge,
  target: CommitId,
  before: readonly MergeLanded[],
): Promise<Rehearsed> {
  const { o, history, onto } = place;
  const looked = await examineVariant(o, history, onto, one);
  if (looked.kind !== 'ready') return looked;
  const variant = variantOf(one);
  const { tip, start } = looked;
  const missing = await missingNeeds(place, one, target, start, before);
  if (missing !== null) return { kind: 'refused', refusal: missing };
  const base = await mergeBaseOf(history, { onto, target, variant, start, tip });
  const combined = await combine({ options: o, history, onto, one, as: o.as, target, tip, base, sign: place.sign });
  if (combined.kind === 'already') return { kind: 'already', why: `All its changes are on ${onto.branch} already.` };
  if (combined.kind === 'refused') return combined;
  if (combined.kind === 'conflict') {
    // A squash elsewhere (a pull request) leaves no trace, and later edits conflict.
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
  const git = objectsGit(o.repository.commonDir);
  const changes = await changesBetween(git, target, made.commit);
  // Commits that it merged in from the target meanwhile are there already.
  const { text: commits } = await git.run(['rev-list', '--count', tip, `^${base ?? start}`, `^${target}`]);
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
      changes: { ...changes, commits: o.as === 'squash' ? 1 : o.as === 'merge' ? Number(commits) + 1 : changes.commits },
      checks: made.checks,
      hooks: made.hooks,
      signed: combined.kind === 'commit' ? combined.signed : place.sign,
      ...(looked.beside === 0 ? {} : { beside: looked.beside }),
      notes: [...looked.notes, ...made.notes, ...(isUnsigned(place, combined) ? [UNSIGNED] : [])],
    },
  };
}

const UNSIGNED = 'You sign commits, and these are not signed: --as ff merges them as they are.';

function isUnsigned({ sign }: MergePlace, combined: Combined): boolean {
  return sign && combined.kind === 'commit' && !combined.signed;
}

/** Examined before hooks and checks, which may take minutes; again before the merge. */
async function inTheWay(
  place: MergePlace,
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
    why: `${first.why} So ${one.label} cannot be merged.`,
    hint: first.hint,
    precondition: true,
  };
}
