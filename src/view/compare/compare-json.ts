import type { Voting } from '../../model/decision.ts';
import type { Instant } from '../../model/ids.ts';
import type { Changes, Outcome, Tokens } from '../../model/outcome.ts';
import type {
  AgreementEvidence,
  Evidence,
  FileChange,
  JudgeEvidence,
  OverlapEvidence,
  VariantEvidence,
} from '../../model/reports/evidence.ts';
import type { VariantPhaseKind } from '../../model/run-state/state.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import { type CheckFactsJson, checkFactsJson } from '../check-json.ts';
import { symbolsFor } from '../kit/style.ts';
import { type CompareColumn, compareColumns } from './compare-columns.ts';
import { checkRemarks } from './compare-facts.ts';

export interface CheckJson extends CheckFactsJson {
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** The variant changed what this check's verdict depends on: these files. */
  readonly changedItsChecks: boolean;
  readonly changedFiles: readonly string[];
}

/** A cell of the table that people see. */
export interface CellJson {
  readonly text: string;
  /** Beside it: a difference to the base, a weakness. */
  readonly note: string | null;
  /** No other variant's is better. */
  readonly best: boolean;
}

export interface MetricJson {
  readonly name: string;
  /** null: it printed no number, or failed. */
  readonly value: number | null;
  readonly unit: string | null;
  readonly goal: 'min' | 'max' | null;
  readonly onBase: number | null;
  /** Against the base. */
  readonly delta: number | null;
  /** Largest less smallest of the repeats. */
  readonly spread: number;
  /** Differences up to this are ties, in its unit. */
  readonly tolerance: number;
  /** No other variant's is better; ties included. */
  readonly best: boolean;
  /** Why there is no value. */
  readonly failure: string | null;
}

export interface VoteJson {
  readonly note: string;
  /** Name or initials; null: the voter gave none. */
  readonly name: string | null;
  /** The variant has another commit now than the voter saw. */
  readonly changed: boolean;
  readonly at: Instant;
  /** Cast while the names were hidden. */
  readonly blind: boolean;
}

export interface ComparedJson {
  /** `dark`, or `ui-2/dark` if several runs are compared. */
  readonly name: string;
  readonly run: string;
  readonly state: VariantPhaseKind;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly branch: string;
  readonly worktree: string;
  readonly start: string | null;
  /** What `changes` and `files` are measured from: `start`, or what it merged in since from the target or a need. */
  readonly from: string | null;
  readonly tip: string | null;
  readonly changes: Changes;
  /** At most 500. */
  readonly files: readonly FileChange[];
  /** Paths that are not committed, at most 500; null: its worktree is missing. */
  readonly uncommitted: readonly string[] | null;
  readonly checks: readonly CheckJson[];
  readonly metrics: readonly MetricJson[];
  /** Into the current target; null: unknown. */
  readonly merges: { readonly clean: boolean; readonly conflicts: readonly string[] } | null;
  readonly costUsd: number;
  readonly tokens: Tokens;
  readonly durationMs: number;
  /** The parts of that: the agent's work, set-up, checks, and waiting (for the base, for another try). */
  readonly agentMs: number;
  readonly setupMs: number;
  readonly checksMs: number;
  readonly waitingMs: number;
  readonly turns: number;
  readonly model: string | null;
  readonly summary: string;
  /** Votes of people who saw the variants served, oldest first. */
  readonly votes: readonly VoteJson[];
  readonly notes: readonly string[];
  /** The results of its checks, in sentences. */
  readonly evidence: readonly string[];
  /** By the id of a column; absent if the variant has nothing in it. */
  readonly cells: Readonly<Record<string, CellJson>>;
}

/** What people decided. */
export interface ChosenJson {
  readonly voting: Voting;
  /** Name of the chosen variant; null: none is. */
  readonly chosen: string | null;
  readonly why: string | null;
  readonly at: Instant | null;
  /** Votes for the chosen variant, and of all. */
  readonly votes: number;
  readonly of: number;
  /** It has other commits now than when it was chosen. */
  readonly changed: boolean;
}

export interface CompareJson {
  readonly schema: 1;
  readonly at: Instant;
  /** The first of `runs`. */
  readonly run: string | null;
  readonly runs: readonly string[];
  readonly base: { readonly ref: string; readonly commit: string } | null;
  /** Runs with another base than the first. */
  readonly differingBases: readonly string[];
  /** Branch that variants are merged into. */
  readonly target: string | null;
  readonly targetCommit: string | null;
  readonly behindRemote: { readonly remote: string; readonly commits: number } | null;
  readonly task: string;
  readonly isolation: string;
  /** Of the table that people see, in its order. */
  readonly columns: readonly { readonly id: string; readonly head: string }[];
  readonly variants: readonly ComparedJson[];
  readonly overlap: readonly OverlapEvidence[];
  readonly agreement: readonly AgreementEvidence[];
  readonly ranking: readonly { readonly name: string; readonly rank: number; readonly reasons: readonly string[] }[];
  readonly judge: JudgeEvidence | null;
  readonly decision: ChosenJson;
  /** It was stopped (exit 130, 143): unfinished results are `skipped` or null. */
  readonly stopped: boolean;
  /** Of `--checks`: the variants file that checks and metrics come from; null: from the runs' own plans. */
  readonly checksFrom: string | null;
  readonly notes: readonly string[];
}

/** Sums of cents in floating point grow tails such as 0.30000000000000004. */
const money = (usd: number): number => Math.round(usd * 1e6) / 1e6;

function comparedJson(v: VariantEvidence, evidence: Evidence, columns: readonly CompareColumn[]): ComparedJson {
  return {
    name: v.label,
    run: v.ref.run,
    state: v.phase,
    outcome: v.outcome,
    reason: v.reason === '' ? null : oneLine(v.reason),
    branch: v.branch,
    worktree: v.worktree,
    start: v.start,
    from: v.from,
    tip: v.tip,
    changes: v.changes,
    files: v.files.slice(0, PATHS),
    uncommitted: v.uncommitted?.slice(0, PATHS) ?? null,
    checks: v.checks.map((c) => ({
      ...checkFactsJson(c),
      exitCode: c.exitCode,
      durationMs: c.durationMs,
      changedItsChecks: c.changedFiles.length > 0,
      changedFiles: c.changedFiles.slice(0, CHANGED_FILES),
    })),
    metrics: v.metrics.map((m) => ({
      name: m.name,
      value: m.value,
      unit: m.unit,
      goal: m.goal,
      onBase: m.onBase,
      delta: m.delta,
      spread: m.spread,
      tolerance: m.tolerance,
      best: m.best,
      failure: m.failure === '' ? null : oneLine(m.failure),
    })),
    merges: v.merges === null ? null : { ...v.merges, conflicts: v.merges.conflicts.slice(0, PATHS) },
    costUsd: money(v.costUsd),
    tokens: v.tokens,
    durationMs: v.durationMs,
    agentMs: v.agentMs,
    setupMs: v.setupMs,
    checksMs: v.checksMs,
    waitingMs: v.waitingMs,
    turns: v.turns,
    model: v.model,
    summary: clipped(plainText(v.summary)),
    votes: v.votes.map(({ note, name, changed, at, blind }) => ({
      note: clipped(plainText(note)),
      name: name === '' ? null : oneLine(name),
      changed,
      at,
      blind,
    })),
    notes: v.notes.map(oneLine),
    evidence: checkRemarks(v, evidence).map(({ text }) => text),
    cells: Object.fromEntries(
      columns.flatMap(({ id, cells }) => {
        const cell = cells.get(v.label);
        if (cell === undefined || cell.text === '') return [];
        return [[id, { text: cell.text, note: cell.note ?? null, best: cell.best === true }]];
      }),
    ),
  };
}

function chosenJson({ decision, variants }: Evidence): ChosenJson {
  const { voting, chosen, why, at, changed } = decision;
  const own = variants.find(({ label }) => label === chosen)?.votes.length ?? 0;
  const of = variants.reduce((sum, { votes }) => sum + votes.length, 0);
  return { voting, chosen, why: why === '' ? null : plainText(why), at, votes: own, of, changed };
}

const CHANGED_FILES = 50;
/** A reader who wants more has git; `changes.files` counts all. */
const PATHS = 500;
const CHARACTERS = 4_000;

function clipped(text: string): string {
  return text.length <= CHARACTERS ? text : `${text.slice(0, CHARACTERS - 1)}…`;
}

/** The answer of `compare --json`. Every key is always there; unknown values are null. Paths are as git has them. */
export function compareJson(evidence: Evidence): CompareJson {
  const columns = compareColumns(evidence, symbolsFor({ unicode: true }));
  return {
    schema: 1,
    at: evidence.at,
    run: evidence.runs[0] ?? null,
    runs: evidence.runs,
    base: evidence.base,
    differingBases: evidence.differingBases,
    target: evidence.target?.branch ?? null,
    targetCommit: evidence.target?.commit ?? null,
    behindRemote: evidence.target?.behindRemote ?? null,
    task: clipped(plainText(evidence.task)),
    isolation: evidence.isolation,
    columns: columns.map(({ id, head }) => ({ id, head })),
    variants: evidence.variants.map((variant) => comparedJson(variant, evidence, columns)),
    overlap: evidence.overlap.slice(0, PATHS),
    agreement: evidence.agreement,
    ranking: evidence.ranking.map(({ label, rank, reasons }) => ({ name: label, rank, reasons })),
    judge: evidence.judge === null ? null : { ...evidence.judge, costUsd: money(evidence.judge.costUsd) },
    decision: chosenJson(evidence),
    stopped: evidence.stopped,
    checksFrom: evidence.checksFrom === null ? null : oneLine(evidence.checksFrom.file),
    notes: evidence.notes.map(oneLine),
  };
}
