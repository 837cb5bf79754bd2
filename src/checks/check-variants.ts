import { join } from 'node:path';
import { whileAgentsWork } from '../git/guard/while-agents-work.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import { CopseError } from '../model/errors.ts';
import type { CheckResult } from '../model/evidence/check.ts';
import type { AbsolutePath, CommitId, TreeId } from '../model/ids.ts';
import type { Plan, PlannedVariant } from '../model/plan.ts';
import type { CheckEvidence, FileChange, MetricEvidence } from '../model/reports/evidence.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { withLock } from '../store/lock.ts';
import { copiedDigest } from '../worktree/copy/copied-digest.ts';
import { Slots } from '../worktree/slots.ts';
import type { BaseResult } from './base-result.ts';
import { changedBy, NOTHING_CHANGED } from './changed/changed-by.ts';
import { changedProtected } from './changed/changed-checks.ts';
import { type BaseChecks, checkBase } from './check-base.ts';
import { checkVariant } from './check-variant.ts';
import type { CheckedRun } from './checked-run.ts';
import { sharedEnvironment } from './command-environment.ts';
import { metricEvidence } from './metric-evidence.ts';
import { skipped } from './run-checks.ts';
import type { MetricResult } from './run-metric.ts';
import { runMetrics } from './run-metrics.ts';

export interface VariantToCheck {
  readonly variant: PlannedVariant;
  readonly state: VariantState;
  /** Its start and tip; null: gone, or never there. */
  readonly start: CommitId | null;
  readonly tip: CommitId | null;
  /** What it changed between the two. */
  readonly files: readonly FileChange[];
}

export interface CheckVariantsOptions extends CheckedRun {
  readonly variants: readonly VariantToCheck[];
  /** Whether the person's approval of the plan's commands is valid; without it nothing runs. */
  readonly approved: boolean;
  /** What a person types to approve it. */
  readonly approvalLine: string;
  /** Runs everything again, whatever is known. */
  readonly fresh: boolean;
  /** `test of dark`, `bundle of the base`: what runs now. */
  readonly onProgress?: (doing: string) => void;
}

export interface CheckedVariant {
  readonly checks: readonly CheckEvidence[];
  readonly metrics: readonly MetricEvidence[];
  readonly notes: readonly string[];
  /** Output of the checks, by name. */
  readonly logs: Readonly<Record<string, AbsolutePath>>;
}

/** As many scratch worktrees as a pool has. */
const AT_ONCE = 4;

/**
 * Checks and metrics of variants of one run that are finished and changed something, and of the base. Known results are not computed again;
 * the rest runs in scratch worktrees: refs, worktrees and indexes of the variants stay as they are. Metrics come last, alone.
 * What a check does is a value; if nothing could run, that is a note.
 */
export async function checkVariants(o: CheckVariantsOptions): Promise<readonly CheckedVariant[]> {
  const { plan, repository } = o;
  if (plan.verify.length === 0 && plan.metrics.length === 0)
    return o.variants.map(() => ({ checks: [], metrics: [], notes: [], logs: {} }));
  const [copied, trees] = await Promise.all([copiedDigest(repository, plan.copy), treesOf(o)]);
  // Two looks at once would run the same twice, and measure each other.
  const waiting = { purpose: 'checks and metrics', waitMs: 3_600_000, signal: o.signal };
  try {
    return await withLock(join(o.store.root, 'checks.lock'), waiting, () =>
      whileAgentsWork(repository, () => checkAll({ ...o, copied, treeOf: (tip) => trees.get(tip) })),
    );
  } catch (error) {
    if (!o.signal.aborted) throw error;
    // Stopped before anything of this look was known.
    return o.variants.map(({ state }) => ({
      checks: asRun(plan, state).map((check) => ({ ...check, changedFiles: check.changedFiles ?? [] })),
      metrics: [],
      notes: [],
      logs: {},
    }));
  }
}

/** The run's own results; missing ones are not computed. */
function asRun(plan: Plan, state: VariantState): readonly CheckResult[] {
  if (state.phase.kind !== 'finished' || state.commit === null) return state.checks;
  return plan.verify.map(({ name }) => state.checks.find((check) => check.name === name) ?? skipped(name).check);
}

interface Known extends CheckVariantsOptions {
  readonly copied: string;
  readonly treeOf: (tip: CommitId) => TreeId | undefined;
}

const isWorth = ({ state, start, tip }: VariantToCheck): boolean =>
  state.phase.kind === 'finished' && tip !== null && start !== null && tip !== start;

async function checkAll(o: Known): Promise<readonly CheckedVariant[]> {
  const worth = o.variants.map(isWorth);
  const any = worth.includes(true);
  const changed = await changedBy({ plan: o.plan, commonDir: o.repository.commonDir }, o.variants);
  const notes = o.variants.map(({ files }) => protectedNotes(changedProtected(files, o.plan.protect)));
  const say = (text: string) => o.onProgress?.(text);

  let base: BaseChecks = { checks: [], failure: '' };
  if (any && o.approved) {
    const parts = {
      ...o,
      ...treeAt(o, o.plan.base.commit),
      onStart: async (name: string) => say(`${name} of the base`),
      logOf: (name: string) => baseLog(o, name),
    };
    base = await checkBase(parts).catch((error: unknown) => ({ checks: [], failure: o.signal.aborted ? '' : refusal(error) }));
    if (base.failure !== '') for (const own of notes) own.push(`The checks could not run on the base. ${base.failure}`);
  }
  const onBase = async (name: string): Promise<BaseResult | null> => {
    return base.checks.find(({ check }) => check.name === name) ?? null;
  };

  const slots = new Slots(Math.min(AT_ONCE, o.plan.concurrency));
  const checked = await Promise.all(
    o.variants.map((one, i) =>
      slots.use(async () => {
        const known = { checks: one.state.checks, logs: {} };
        if (worth[i] !== true || one.tip === null) return known;
        if (!o.approved) {
          notes[i]?.push(
            `The commands of its run are no longer approved, so nothing was checked. Review them: ${o.approvalLine}`,
          );
          return known;
        }
        try {
          return await checkVariant({
            ...o,
            variant: one.variant,
            commit: one.tip,
            ...treeAt(o, one.tip),
            own: null,
            ...(one.start === null ? {} : { protectedAt: one.start }),
            base: onBase,
            against: 'all',
            former: 'all',
            changed: changed[i] ?? NOTHING_CHANGED,
            onStart: async (name) => say(`${name} of ${one.variant.name}`),
          });
        } catch (error) {
          if (o.signal.aborted) return { checks: asRun(o.plan, one.state), logs: {} };
          notes[i]?.push(`Its checks could not run. ${refusal(error)}`);
          return known;
        }
      }),
    ),
  );

  const metrics = await measureAll(o, worth);
  return o.variants.map((_, i) => ({
    checks: (checked[i]?.checks ?? []).map((check) => ({ ...check, changedFiles: changed[i]?.files.get(check.name) ?? [] })),
    metrics: metrics[i] ?? [],
    notes: notes[i] ?? [],
    logs: checked[i]?.logs ?? {},
  }));
}

/** Metrics that were measured before, for each variant in order; those that no variant has are left out. Nothing runs, nothing waits. */
export async function knownMetrics(
  o: Omit<CheckVariantsOptions, keyof typeof READS_ONLY | 'onProgress'>,
): Promise<readonly (readonly MetricEvidence[])[]> {
  if (o.plan.metrics.length === 0) return o.variants.map(() => []);
  const [copied, trees] = await Promise.all([copiedDigest(o.repository, o.plan.copy), treesOf({ ...o, ...READS_ONLY })]);
  const known = { ...o, ...READS_ONLY, copied, treeOf: (tip: CommitId) => trees.get(tip) };
  const found = await measureAll(known, o.variants.map(isWorth));
  const measured = new Set(found.flat().flatMap(({ name, value }) => (value === null ? [] : [name])));
  return found.map((metrics) => metrics.filter(({ name }) => measured.has(name)));
}

const READS_ONLY = { approved: false, approvalLine: '', fresh: false } as const;

/** One after the other, when all checks are done. */
async function measureAll(o: Known, worth: readonly boolean[]): Promise<MetricEvidence[][]> {
  const { plan } = o;
  if (plan.metrics.length === 0 || !worth.includes(true)) return o.variants.map(() => []);
  const measure = async (of: { variant: PlannedVariant | null; commit: CommitId }): Promise<readonly MetricResult[]> => {
    const { variant } = of;
    try {
      return await runMetrics({
        ...o,
        variant: variant?.name ?? null,
        env: variant?.env ?? sharedEnvironment(plan),
        isolation: variant?.isolation ?? plan.isolation,
        commit: of.commit,
        ...treeAt(o, of.commit),
        knownOnly: !o.approved,
        onStart: (name) => o.onProgress?.(`${name} of ${variant?.name ?? 'the base'}`),
      });
    } catch (error) {
      const failure = o.signal.aborted ? 'Stopped.' : refusal(error);
      return plan.metrics.map(({ name }) => ({ name, value: null, spread: 0, failure }));
    }
  };
  const base = await measure({ variant: null, commit: plan.base.commit });
  const own: (readonly MetricResult[])[] = [];
  for (const [i, { variant, tip }] of o.variants.entries()) {
    own.push(worth[i] === true && tip !== null ? await measure({ variant, commit: tip }) : []);
  }
  return metricEvidence(plan.metrics, base, own);
}

/** A failure of git or the disk is reported; a bug in copse is thrown. */
function refusal(error: unknown): string {
  if (!(error instanceof CopseError)) throw error;
  return error.message;
}

function baseLog(o: CheckVariantsOptions, name: string): AbsolutePath {
  return join(o.store.root, 'cache', 'base', o.plan.run, `${name.replace(/[^\w.-]/g, '-')}.log`);
}

const MOST_NAMED = 5;

function protectedNotes(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return [
    `It changed protected files, so its checks ran with those of the base: ${paths.slice(0, MOST_NAMED).join(', ')}${more}.`,
  ];
}

function treeAt(o: Known, commit: CommitId): { readonly tree?: TreeId } {
  const tree = o.treeOf(commit);
  return tree === undefined ? {} : { tree };
}

/** Trees of all tips and of the base, in one git process. */
async function treesOf(o: CheckVariantsOptions): Promise<ReadonlyMap<CommitId, TreeId>> {
  const commits = [...new Set([o.plan.base.commit, ...o.variants.flatMap(({ tip }) => tip ?? [])])];
  const { text } = await objectsGit(o.repository.commonDir).run(['cat-file', '--batch-check=%(objectname)'], {
    input: commits.map((commit) => `${commit}^{tree}\n`).join(''),
  });
  const ids = text.split('\n');
  return new Map(commits.flatMap((commit, i) => (/^[0-9a-f]+$/.test(ids[i] ?? '') ? [[commit, ids[i] ?? ''] as const] : [])));
}
