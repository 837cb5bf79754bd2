import type { Standing } from '../../model/evidence/check.ts';
import { standingOf } from '../../model/evidence/check.ts';
import type { Instant } from '../../model/ids.ts';
import type { Isolation, Outcome } from '../../model/outcome.ts';
import type { RunNow } from '../../model/run-state/run-choice.ts';
import { runCost, variantTotals } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantPhaseKind, VariantState } from '../../model/run-state/state.ts';
import { shortLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { denialsOf, isFinished } from '../kit/variant-facts.ts';
import { type NextJson, nextJson } from '../next-json.ts';
import { nextCommands, nextFor } from './next-commands.ts';
import { isInterrupted, type RunWord, runWord, type StatusRun } from './run-word.ts';

export interface BriefVariantJson {
  readonly name: string;
  readonly state: VariantPhaseKind;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly activity: string | null;
  readonly costUsd: number;
  readonly changes: { readonly files: number; readonly insertions: number; readonly deletions: number };
  readonly checks: readonly { readonly name: string; readonly standing: Standing; readonly detail: string }[];
  readonly denials: readonly { readonly input: string; readonly count: number; readonly allow: string | null }[];
  readonly next: string | null;
}

export interface BriefRunJson {
  readonly id: string;
  readonly state: RunWord;
  readonly ending: 'completed' | 'stopped' | 'fatal' | null;
  readonly reason: string | null;
  readonly base: { readonly ref: string; readonly commit: string };
  readonly target: string | null;
  readonly isolation: Isolation;
  readonly finishedAt: Instant | null;
  /** Until when a rate limit holds it. */
  readonly pausedUntil: Instant | null;
  readonly costUsd: number;
  readonly totalBudgetUsd: number;
  /** How many variants there are; `variants` may have fewer of them. */
  readonly count: number;
  readonly variants: readonly BriefVariantJson[];
}

/** What an agent needs to choose its next command. Two kilobytes for three variants, however much there is to say. */
export interface BriefJson {
  readonly schema: 1;
  /** Something was shortened or left out: `--full` has all of it. */
  readonly truncated: boolean;
  readonly runs: readonly BriefRunJson[];
  readonly next: readonly NextJson[];
}

export interface BriefOptions {
  /** Verbs that may be proposed. */
  readonly commands: ReadonlySet<string>;
  readonly git?: ReadonlyMap<string, RunNow>;
  /** The most it may take, in bytes; absent: 2,000 and for each variant after the third 600 more. */
  readonly bytes?: number;
}

/** How much is said: characters of a text, entries of a list. The first that fits counts. */
interface Detail {
  readonly text: number;
  readonly list: number;
  readonly variants: number;
}

const DETAILS: readonly Omit<Detail, 'variants'>[] = [
  { text: 300, list: 20 },
  { text: 160, list: 8 },
  { text: 80, list: 5 },
  { text: 50, list: 2 },
  { text: 30, list: 1 },
  { text: 16, list: 0 },
];

const ROOM = { least: 2_000, perVariant: 600, inLeast: 3 } as const;

/** The answer of `status <run> --json` and `wait --json`. */
export function briefJson(runs: readonly StatusRun[], o: BriefOptions): BriefJson {
  const count = runs.reduce((sum, { state }) => sum + state.variants.length, 0);
  const room = o.bytes ?? ROOM.least + ROOM.perVariant * Math.max(0, count - ROOM.inLeast);
  const next = runs.flatMap((run) => nextOf(run, o));
  const fits = (json: BriefJson): boolean => Buffer.byteLength(JSON.stringify(json)) < room;
  for (const detail of DETAILS) {
    const json = at({ ...detail, variants: count }, runs, next);
    if (fits(json)) return json;
  }
  const last = { text: 16, list: 0 };
  let [most, over] = [0, count];
  while (over - most > 1) {
    const variants = Math.floor((most + over) / 2);
    if (fits(at({ ...last, variants }, runs, next))) most = variants;
    else over = variants;
  }
  return at({ ...last, variants: most }, most === 0 ? runs.slice(-1) : runs, next);
}

function at(detail: Detail, runs: readonly StatusRun[], next: readonly NextJson[]): BriefJson {
  const cut = new Cut(detail);
  const shown = runs.map((run) => briefRun(run, cut));
  return { schema: 1, runs: shown, next: cut.list(next, Math.max(2, detail.list)), truncated: cut.isCut };
}

/** Shortens, and remembers that it did. */
class Cut {
  readonly detail: Detail;
  isCut = false;

  constructor(detail: Detail) {
    this.detail = detail;
  }

  text(text: string): string {
    const short = shortLine(text, this.detail.text);
    if (short.endsWith('…') && !text.endsWith('…')) this.isCut = true;
    return short;
  }

  /** null if there is nothing to say. */
  textOrNull(text: string): string | null {
    return text === '' ? null : this.text(text);
  }

  list<T>(all: readonly T[], most: number = this.detail.list): readonly T[] {
    if (all.length > most) this.isCut = true;
    return all.slice(0, most);
  }
}

/** Sums of cents in floating point grow tails such as 0.30000000000000004. */
const money = (usd: number): number => Math.round(usd * 1e4) / 1e4;

function briefRun(run: StatusRun, cut: Cut): BriefRunJson {
  const { state } = run;
  const { phase } = state;
  return {
    id: state.id,
    state: runWord(run),
    ending: phase.kind === 'finished' ? phase.ending : null,
    reason: 'reason' in phase ? cut.textOrNull(phase.reason) : null,
    base: { ref: cut.text(state.base.ref), commit: state.base.commit.slice(0, 12) },
    target: state.target,
    isolation: state.isolation,
    finishedAt: phase.kind === 'finished' ? phase.at : null,
    pausedUntil: phase.kind === 'paused' ? phase.until : null,
    costUsd: money(runCost(state)),
    totalBudgetUsd: state.totalBudgetUsd,
    count: state.variants.length,
    variants: cut.list(state.variants, cut.detail.variants).map((variant) => briefVariant(variant, state, cut)),
  };
}

function briefVariant(variant: VariantState, state: RunState, cut: Cut): BriefVariantJson {
  const { phase, changes, checks } = variant;
  // What is known against it comes first where not all of it fits.
  const order = checks.toSorted((a, b) => Number(standingOf(a) === 'passed') - Number(standingOf(b) === 'passed'));
  return {
    name: variant.name,
    state: phase.kind,
    outcome: phase.kind === 'finished' ? phase.outcome : null,
    reason: phase.kind === 'finished' ? cut.textOrNull(phase.reason) : null,
    activity: isFinished(variant) ? null : cut.textOrNull(variant.attempts.at(-1)?.activity ?? ''),
    costUsd: money(variantTotals(variant).costUsd),
    changes: { files: changes.files, insertions: changes.insertions, deletions: changes.deletions },
    checks: cut
      .list(order)
      .map((check) => ({ name: cut.text(check.name), standing: standingOf(check), detail: cut.text(check.detail) })),
    denials: cut
      .list(denialsOf(variant))
      .map(({ input, count, allow }) => ({ input: cut.text(input), count, allow: allow === null ? null : cut.text(allow) })),
    next: nextFor(variant, state),
  };
}

function nextOf(run: StatusRun, { commands, git }: BriefOptions): readonly NextJson[] {
  const { state } = run;
  if (state.phase.kind !== 'finished') {
    const why = isInterrupted(run) ? 'Collect its work: its supervisor is gone.' : 'Wait until it ends.';
    return [nextJson(`copse wait ${shellWord(state.id)}`, why)];
  }
  const now = git?.get(state.id);
  return nextCommands(state, { commands, ...(now === undefined ? {} : { git: now }) }).map(({ label, command }) =>
    nextJson(command, label),
  );
}
