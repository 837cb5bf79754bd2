import { basename, resolve } from 'node:path';
import { fillPlaceholders } from '../config/variants/name-template.ts';
import { type Problem, unreachable } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, BranchName, RunId, VariantName } from '../model/ids.ts';
import type { BranchFacts, PlanFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantDeclaration } from '../model/variants-file.ts';
import { ago, count } from '../text/amounts.ts';
import { BranchIndex, foldName } from './branch-index.ts';

/** Replaces the branch template if an existing branch is a prefix of the wanted ones, or the other way round. */
export const PREFIXED_BRANCH = 'copse/{run}/{variant}';

export interface VariantNames {
  readonly branch: BranchName;
  readonly worktree: AbsolutePath;
}

export interface RunNames {
  readonly run: RunId;
  readonly variants: ReadonlyMap<VariantName, VariantNames>;
  readonly warnings: readonly string[];
}

export interface NamingInput {
  /** The variants file's name, or the one a person typed. */
  readonly name: string;
  /** `first-free`: the name, then `name-2` …; `exact`: a person typed it; `reserved`: ours already. */
  readonly mode: 'first-free' | 'exact' | 'reserved';
  readonly variants: readonly VariantDeclaration[];
  readonly settings: SourcedSettings;
  readonly facts: PlanFacts;
}

type Trial =
  | { readonly kind: 'free'; readonly names: RunNames }
  /** An earlier run has it: the next id may do. */
  | { readonly kind: 'taken'; readonly problems: readonly Problem[] }
  /** No other id of the same name should be taken without asking. */
  | { readonly kind: 'blocked'; readonly problems: readonly Problem[] };

/** More runs of one name than this are a mistake in a template rather than many runs. */
const MOST_IDS = 10_000;

/**
 * The run's id with the branches and paths that go with it. Ids are skipped if an earlier run has the id, a branch, or a
 * path. A conflicting branch that no run created is the user's: a problem for the user to decide.
 */
export function nameRun(o: NamingInput): { readonly names: RunNames | null; readonly problems: readonly Problem[] } {
  const trials = new Trials(o);
  const count = o.mode === 'first-free' ? MOST_IDS : 1;
  let last: Trial | null = null;
  for (let n = 1; n <= count; n += 1) {
    last = trials.of(n === 1 ? o.name : `${o.name}-${n}`);
    switch (last.kind) {
      case 'free':
        return { names: last.names, problems: [] };
      case 'blocked':
        return { names: null, problems: last.problems };
      case 'taken':
        break;
      default:
        return unreachable(last);
    }
  }
  return { names: null, problems: last?.problems ?? [] };
}

class Trials {
  readonly #o: NamingInput;
  readonly #branches: BranchIndex;
  readonly #runs: ReadonlySet<string>;
  readonly #paths: ReadonlySet<string>;
  #suggested: RunId | null = null;

  constructor(o: NamingInput) {
    this.#o = o;
    this.#branches = new BranchIndex(o.facts.branches);
    this.#runs = new Set(o.facts.takenRuns.map(foldName));
    this.#paths = new Set(o.facts.takenPaths.map(foldName));
  }

  of(run: RunId, suggest = true): Trial {
    const exit = EXIT.precondition;
    const another = (): string => (suggest ? `Choose another name: copse run --name ${this.#suggestion()}` : '');
    if (!(this.#o.mode === 'reserved' && run === this.#o.name) && this.#runs.has(foldName(run))) {
      return { kind: 'taken', problems: [{ what: `Run ${run} already exists.`, fix: another(), exit }] };
    }

    const first = this.#tryBranches(run, this.#o.settings.branch.value, another);
    const clash = first.find((found) => found.kind === 'prefix' && !found.own);
    const found = clash === undefined ? first : this.#tryBranches(run, PREFIXED_BRANCH, another);
    const branchTemplate = clash === undefined ? this.#o.settings.branch.value : PREFIXED_BRANCH;
    const blocking = found.filter((f) => f.kind !== 'earlier');
    if (blocking.length > 0) return { kind: 'blocked', problems: blocking.map((f) => f.problem) };
    if (found.length > 0) return { kind: 'taken', problems: found.map((f) => f.problem) };

    const variants = new Map(this.#o.variants.map((v) => [v.name, this.#namesOf(run, v, branchTemplate)]));
    const paths = [...variants].filter(([, names]) => this.#paths.has(foldName(names.worktree)));
    if (paths.length > 0) {
      const usesRun = this.#o.settings.worktree.value.includes('{run}');
      const problems = paths.map(([variant, names]) => ({
        what: `${names.worktree} already exists; variant ${variant} needs that path.`,
        fix: usesRun ? another() : 'Put {run} into the setting worktree, or move the folder away.',
        variant,
        exit,
      }));
      return { kind: usesRun ? 'taken' : 'blocked', problems };
    }
    const warnings =
      clash === undefined
        ? []
        : [`Branch ${clash.branch.name} is in the way of ${clash.wanted}: the branches are named ${PREFIXED_BRANCH} instead.`];
    return { kind: 'free', names: { run, variants, warnings } };
  }

  #namesOf(run: RunId, variant: VariantDeclaration, branchTemplate: string): VariantNames {
    const { settings, facts } = this.#o;
    const values = { repo: facts.repository.name, run, variant: variant.name };
    const { repo: _repo, ...branchValues } = values;
    return {
      branch: fillPlaceholders(variant.branch ?? branchTemplate, branchValues),
      worktree: resolve(facts.repository.root, fillPlaceholders(settings.worktree.value, values)),
    };
  }

  #tryBranches(run: RunId, template: string, another: () => string): readonly Obstacle[] {
    return this.#o.variants.flatMap((variant) => {
      const own = variant.branch !== undefined;
      const wanted = this.#namesOf(run, variant, template).branch;
      const found = this.#branches.obstacle(wanted);
      if (found === null) return [];
      const { branch } = found;
      const runInName = (variant.branch ?? template).includes('{run}');
      const kind = found.kind === 'prefix' ? 'prefix' : branch.run !== null && runInName ? 'earlier' : 'foreign';
      const problem: Problem = {
        what:
          found.kind === 'same'
            ? `Branch ${branch.name} already exists; variant ${variant.name} needs ${branch.name === wanted ? 'that name' : `the name ${wanted}, which differs only in letter case`}.`
            : `Branch ${branch.name} is in the way of ${wanted}, which variant ${variant.name} needs: git cannot have both.`,
        why: originOf(branch, this.#o.facts),
        fix: runInName ? another() : ownBranchFix(variant, branch),
        variant: variant.name,
        exit: EXIT.precondition,
      };
      return [{ kind, own, wanted, branch, problem }];
    });
  }

  /** A name like the wanted one that is free: `ui-b`, `ui-c` … */
  #suggestion(): RunId {
    const names = [...'bcdefghijklmnopqrstuvwxyz'].map((letter) => `${this.#o.name}-${letter}`);
    this.#suggested ??= names.find((run) => this.of(run, false).kind === 'free') ?? `${this.#o.name}-another`;
    return this.#suggested;
  }
}

interface Obstacle {
  readonly kind: 'earlier' | 'foreign' | 'prefix';
  /** The variant names its branch itself. */
  readonly own: boolean;
  readonly wanted: BranchName;
  readonly branch: BranchFacts;
  readonly problem: Problem;
}

/** A fixed branch serves one run. */
function ownBranchFix({ name, branch }: VariantDeclaration, there: BranchFacts): string {
  if (there.run === null) return `Give variant ${name} another branch.`;
  const [whose, example] =
    branch === undefined ? ['The setting branch', '{run}/{variant}'] : [`The branch of variant ${name}`, `${branch}-{run}`];
  return `${whose} is the same in every run. Put {run} into it, for example: ${example}`;
}

function originOf(branch: BranchFacts, facts: PlanFacts): string {
  if (branch.run !== null) return `It is from the run ${branch.run}.`;
  if (branch.work === undefined) return 'It is not from a copse run.';
  return `It is not from a copse run: ${describeWork(branch.work, facts.base?.ref ?? 'HEAD')}.`;
}

/** Problems of names within the run: each variant needs its own branch, path and folder name. */
export function clashesWithin(names: RunNames): readonly Problem[] {
  const problems: Problem[] = [];
  const folders = new Map<string, VariantName>();
  const branches: BranchFacts[] = [];
  const ownerOf = new Map<BranchName, VariantName>();
  for (const [variant, { branch, worktree }] of names.variants) {
    // git names a worktree's administrative folder for the last part of its path; equal ones made at once break each other.
    const folder = foldName(basename(worktree));
    const twin = folders.get(folder);
    if (twin !== undefined) {
      problems.push({
        what: `Variants ${twin} and ${variant} would both have a worktree folder ${basename(worktree)}.`,
        fix: 'End the setting worktree with {run}-{variant}.',
        variant,
        path: 'worktree',
      });
    }
    folders.set(folder, variant);
    const obstacle = new BranchIndex(branches).obstacle(branch);
    if (obstacle !== null) {
      problems.push({
        what: `Branches ${obstacle.branch.name} (variant ${ownerOf.get(obstacle.branch.name) ?? ''}) and ${branch} (variant ${variant}) cannot both exist.`,
        fix: 'Give each variant its own branch; {variant} is replaced by its name.',
        variant,
        path: 'branch',
      });
    }
    branches.push({ name: branch, commit: '', run: null });
    ownerOf.set(branch, variant);
  }
  return problems;
}

/** The work on a branch: `3 commits not on main, last one 2 days ago`. */
function describeWork(work: { readonly commits: number; readonly lastAgeMs: number }, base: string): string {
  const age = ago(work.lastAgeMs);
  if (work.commits === 0) return `no commits that are not on ${base}, last one ${age}`;
  return `${count(work.commits, 'commit')} not on ${base}, last one ${age}`;
}
