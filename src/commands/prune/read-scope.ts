import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunId } from '../../model/ids.ts';
import type { PruneRow } from '../../model/reports/prune-report.ts';
import { reservedBecause } from '../../prune/candidates/registered.ts';
import type { PrunePlan } from '../../prune/plan-prune.ts';
import type { PruneScope } from '../../prune/prune-scope.ts';
import { runningError } from '../../prune/refusals.ts';
import type { Here } from '../../repository/current-repository.ts';
import { findNamedRun, findVariant } from '../../repository/find-variant.ts';
import { type RunReport, readRun } from '../../repository/read-runs.ts';
import { shellWord } from '../../text/shell-word.ts';
import { durationMs } from '../option-values.ts';

/** The part of the command line that selects what to prune. */
interface Meant {
  readonly variant: readonly string[];
  readonly run?: string | undefined;
  readonly all: boolean;
  readonly others: boolean;
  /** As it was typed. */
  readonly older?: string | undefined;
}

/**
 * The user's selection. CopseErrors: `variant-running`, `variant-interrupted` (exit 3) if something of a run that is not at rest is
 * named, and those of unknown names (exit 2).
 */
export async function scopeOf(here: Here, options: Meant): Promise<PruneScope> {
  const named: PruneScope['named'][number][] = [];
  const namedOthers: string[] = [];
  const { run, variants } = await runOf(here, options);
  if (run !== null) refuseLive(await readRun(here.store, run), []);
  for (const text of variants) {
    const found = await findVariant(here.store, text).catch((error: unknown) => {
      const unknown = error instanceof CopseError && ['no-such-variant', 'no-such-run', 'no-runs'].includes(error.code);
      if (unknown && options.others) return null;
      if (!unknown) throw error;
      throw new CopseError({
        code: error.code,
        exit: EXIT.usage,
        what: error.message,
        ...(error.why === undefined ? {} : { why: error.why }),
        hint: `See all variants: copse status\nIf it is a branch or worktree that copse did not create: copse prune ${shellWord(text)} --others`,
        cause: error,
      });
    });
    if (found === null) namedOthers.push(text);
    else {
      refuseLive(found.run, [found.variant.name]);
      named.push({ run: found.run.state.id, variant: found.variant.name });
    }
  }
  return {
    named,
    namedOthers,
    run,
    all: options.all,
    others: options.others,
    olderMs: options.older === undefined ? null : durationMs(options.older),
  };
}

/** `copse prune ui`, if only the run can be meant, is `copse prune --run ui`. */
async function runOf(here: Here, { run, variant }: Meant): Promise<{ run: RunId | null; variants: readonly string[] }> {
  const [name] = variant;
  if (run !== undefined || name === undefined || variant.length > 1) return { run: run ?? null, variants: variant };
  const named = await findNamedRun(here.store, name);
  return named === null ? { run: null, variants: variant } : { run: named.state.id, variants: [] };
}

/** Nothing is taken away from under a run. */
function refuseLive({ state, alive }: RunReport, variants: readonly string[]): void {
  if (state.phase.kind !== 'finished') throw runningError(state.id, variants, alive);
}

/** Names of nothing that could be removed. */
export async function missingNames(here: Here, options: Meant, plan: PrunePlan): Promise<CopseError | null> {
  const missing = options.variant.filter((name) => !plan.rows.some((row) => isNameOf(name, row)));
  const [first] = missing;
  if (first === undefined) return null;
  const reserved = await reservedBecause(here.repository, first);
  if (reserved !== null) {
    return new CopseError({
      code: 'stays',
      exit: EXIT.precondition,
      what: `${first} is never pruned.`,
      why: reserved,
      hint: 'See what could be removed: copse prune --others --dry-run',
    });
  }
  return new CopseError({
    code: 'nothing-left',
    exit: EXIT.precondition,
    what: `${first} has neither a worktree nor a branch any more.`,
    why: 'It was removed before, or never created.',
    hint: 'Removed variants can be restored; see: copse undo --list',
  });
}

function isNameOf(name: string, row: PruneRow): boolean {
  const { owner, worktree } = row.facts;
  if (owner !== null) return name === owner.variant || name === owner.run || name === `${owner.run}/${owner.variant}`;
  return name === row.name || name === worktree || worktree?.endsWith(`/${name}`) === true;
}
