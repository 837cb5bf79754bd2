import { fillPlaceholders } from '../config/variants/name-template.ts';
import { listBranches } from '../git/refs/refs.ts';
import type { Git } from '../git/spawn/git-in.ts';
import type { BranchName, CommitId, RunId } from '../model/ids.ts';
import type { BranchFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import { readPlan } from '../store/events/run-snapshot.ts';
import { runPaths, type Store } from '../store/layout.ts';

/** More would not help the user to decide. */
const MOST_LOOKED_AT = 20;

/** All branches, with the run that created each; those that may conflict with a new run also with their commits. */
export async function branchFacts(o: {
  readonly git: Git;
  readonly store: Store;
  readonly runs: Promise<readonly RunId[]>;
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly name: string;
  readonly base: Promise<CommitId | null>;
  readonly now: Date;
}): Promise<readonly BranchFacts[]> {
  const [branches, runs, owners, base] = await Promise.all([
    listBranches(o.git),
    o.runs,
    o.runs.then((ids) => branchOwners(o.store, ids)),
    o.base,
  ]);
  const facts = branches.map(({ name, commit }): BranchFacts => ({ name, commit, run: owners.get(name) ?? null }));
  const wanted = wantedBranches({ ...o, runs });
  const inTheWay = facts
    .filter((branch) => branch.run === null && wanted.has(branch.name.toLowerCase()))
    .slice(0, MOST_LOOKED_AT);
  if (base === null || inTheWay.length === 0) return facts;
  const works = new Map(
    await Promise.all(inTheWay.map(async ({ name, commit }) => [name, await workOn(o.git, base, commit, o.now)] as const)),
  );
  return facts.map((branch) => {
    const work = works.get(branch.name);
    return work === undefined ? branch : { ...branch, work };
  });
}

/** Which run made which branch, from the runs' plans. */
async function branchOwners(store: Store, runs: readonly RunId[]): Promise<ReadonlyMap<BranchName, RunId>> {
  const plans = await Promise.all(
    runs.map(async (run) => {
      try {
        return await readPlan(runPaths(store, run));
      } catch {
        // A run without a readable plan: its id is taken anyway, and its branches count as the user's, to be careful.
        return null;
      }
    }),
  );
  return new Map(plans.flatMap((plan) => plan?.variants.map((variant) => [variant.branch, plan.run] as const) ?? []));
}

/** Names that the next ids would take, in lower case. */
function wantedBranches(o: {
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly name: string;
  readonly runs: readonly RunId[];
}): ReadonlySet<string> {
  const ids = [o.name, ...Array.from({ length: Math.min(o.runs.length, 50) + 1 }, (_, index) => `${o.name}-${index + 2}`)];
  const names = ids.flatMap((run) =>
    o.file.variants.map((variant) => fillPlaceholders(variant.branch ?? o.settings.branch.value, { run, variant: variant.name })),
  );
  return new Set(names.map((name) => name.toLowerCase()));
}

async function workOn(git: Git, base: CommitId, tip: CommitId, now: Date): Promise<NonNullable<BranchFacts['work']>> {
  // Only if a branch conflicts: the library takes longer to load than everything else together.
  const { branchWork } = await import('../git/refs/branch-work.ts');
  const { commits, lastAt } = await branchWork(git.cwd, base, tip);
  return { commits, lastAgeMs: Math.max(0, now.getTime() - lastAt.getTime()) };
}
