import type { Voting } from '../decision.ts';
import type { CheckResult } from '../evidence/check.ts';
import type { BranchName, CommitId, Instant, RunId, VariantName } from '../ids.ts';
import type { Changes, Outcome, Tokens } from '../outcome.ts';
import type { VariantPhaseKind } from '../run-state/state.ts';
import type { ChecksFrom } from './check-changes.ts';

/** A variant of a run, since evidence may reach across runs. */
export interface VariantRef {
  readonly run: RunId;
  readonly variant: VariantName;
}

/** How one path changed against what the variant's work is measured from. `from` set: renamed or copied. */
export interface FileChange {
  readonly path: string;
  readonly from: string | null;
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed' | 'copied' | 'type-changed';
  /** null: binary. */
  readonly insertions: number | null;
  readonly deletions: number | null;
  readonly binary: boolean;
  /** Octal modes as git writes them; null: added or deleted. */
  readonly modes: { readonly before: string; readonly after: string } | null;
  readonly submodule: { readonly before: CommitId | null; readonly after: CommitId | null } | null;
}

export interface CheckEvidence extends CheckResult {
  /** Files that decide the check's verdict and that the variant changed: it may pass only because of that. Empty: it changed none. */
  readonly changedFiles: readonly string[];
}

export interface MetricEvidence {
  readonly name: string;
  /** null: it printed no number, or failed; never zero instead. */
  readonly value: number | null;
  readonly unit: string | null;
  readonly goal: 'min' | 'max' | null;
  /** Of the base; null: not measured there. */
  readonly onBase: number | null;
  /** value − onBase. */
  readonly delta: number | null;
  /** Largest − smallest of the repeats; 0 for a single one. */
  readonly spread: number;
  /** Differences up to this are ties as well, in the metric's unit; 0: none are. */
  readonly tolerance: number;
  /** Best of all variants, ties included (differences within the spread are ties). */
  readonly best: boolean;
  /** Why there is no value; empty otherwise. */
  readonly failure: string;
}

/** A vote for it. */
export interface VoteEvidence {
  /** Empty: without a reason. */
  readonly note: string;
  /** Name or initials; empty: the voter gave none. */
  readonly name: string;
  /** The variant has another commit now than the voter saw. */
  readonly changed: boolean;
  readonly at: Instant;
  /** Cast while names were hidden. */
  readonly blind: boolean;
}

/** One variant's row. Whatever could not be found out is null and has a note. */
export interface VariantEvidence {
  readonly ref: VariantRef;
  /** `dark`, or `ui-2/dark` if several runs are compared. */
  readonly label: string;
  readonly branch: BranchName;
  readonly worktree: string;
  readonly phase: VariantPhaseKind;
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly start: CommitId | null;
  /** The commit that its changes are measured from: its start, or the newest commit of the target or of a need that it has merged in since. */
  readonly from: CommitId | null;
  readonly tip: CommitId | null;
  /** Its own, committed. */
  readonly changes: Changes;
  readonly files: readonly FileChange[];
  /** Paths in the worktree that are not committed; null: its worktree is missing. */
  readonly uncommitted: readonly string[] | null;
  readonly checks: readonly CheckEvidence[];
  readonly metrics: readonly MetricEvidence[];
  /** Into the target as it is now; null: unknown. */
  readonly merges: { readonly clean: boolean; readonly conflicts: readonly string[] } | null;
  readonly costUsd: number;
  readonly tokens: Tokens;
  readonly turns: number;
  /** From its start to its end, without the pauses between corrections. */
  readonly durationMs: number;
  /** Of that the agent's own work, */
  readonly agentMs: number;
  /** set-up, */
  readonly setupMs: number;
  /** checks, */
  readonly checksMs: number;
  /** and the rest: waiting for the base, for another try, for git. */
  readonly waitingMs: number;
  readonly model: string | null;
  readonly summary: string;
  /** The state of its branch: `open`, can be merged; `landed`, still there; `gone`: removed, deleted, or its work is parked elsewhere. */
  readonly work: 'open' | 'landed' | 'gone';
  /** Favourites of people, oldest first. Ranking and judge do not see them. */
  readonly votes: readonly VoteEvidence[];
  /** Labels of what has to be merged before it, or with it, in order; null: some of that cannot be. Absent: nothing. */
  readonly needs?: readonly string[] | null;
  /** One sentence each: branch deleted, worktree missing, needs an unlanded variant … */
  readonly notes: readonly string[];
}

/** Two variants compared with each other. */
export interface OverlapEvidence {
  readonly a: string;
  readonly b: string;
  /** Paths that both touch. */
  readonly files: readonly string[];
  /** Paths that conflict when both are merged, names that differ only in case included. */
  readonly conflicts: readonly string[];
}

/** A hunk that several variants share: a reader may skip it. */
export interface AgreementEvidence {
  readonly path: string;
  /** Labels of the variants that made it. */
  readonly variants: readonly string[];
  /** Lines of the start that it replaces, counted from 1; `count` 0: an insertion after `line`. */
  readonly line: number;
  readonly count: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export interface RankedVariant {
  readonly label: string;
  /** From 1; tied variants share one. */
  readonly rank: number;
  /** In words, the deciding one first, e.g. `all checks pass`, `bundle 38 kB smaller than base`. */
  readonly reasons: readonly string[];
}

export interface JudgeScore {
  readonly label: string;
  /** 0 to 10 for each criterion. */
  readonly scores: Readonly<Record<string, number>>;
  readonly reasons: string;
  readonly risks: string;
}

export interface JudgeEvidence {
  readonly model: string | null;
  readonly costUsd: number;
  readonly rounds: readonly { readonly order: readonly string[]; readonly scores: readonly JudgeScore[] }[];
  /** Labels whose total differs between the rounds by more than a point a criterion; empty with one round. */
  readonly disagreements: readonly string[];
  /** The parts of the diffs that were left out of the question. */
  readonly leftOut: readonly string[];
  readonly failure: string;
}

/** What people settled on. */
export interface DecisionEvidence {
  readonly voting: Voting;
  /** Label; null: nothing is chosen. */
  readonly chosen: string | null;
  /** Empty: no one said. */
  readonly why: string;
  readonly at: Instant | null;
  /** The chosen variant has another commit now. */
  readonly changed: boolean;
}

/** Everything that `copse compare` knows. Plain data: table, Markdown, HTML and JSON are views of it. */
export interface Evidence {
  readonly at: Instant;
  readonly runs: readonly RunId[];
  readonly base: { readonly ref: string; readonly commit: CommitId } | null;
  /** Runs with another base than the first. */
  readonly differingBases: readonly RunId[];
  readonly target: {
    readonly branch: BranchName;
    readonly commit: CommitId | null;
    readonly behindRemote: { readonly remote: string; readonly commits: number } | null;
  } | null;
  /** The shared prompt, for readers who do not know it. */
  readonly task: string;
  readonly isolation: string;
  readonly variants: readonly VariantEvidence[];
  readonly overlap: readonly OverlapEvidence[];
  readonly agreement: readonly AgreementEvidence[];
  readonly ranking: readonly RankedVariant[];
  /** Ranking and judge do not see it. */
  readonly decision: DecisionEvidence;
  readonly judge: JudgeEvidence | null;
  /** The look was stopped: unfinished parts are not known. */
  readonly stopped: boolean;
  /** Where checks and metrics come from; null: from the runs' own plans. */
  readonly checksFrom: ChecksFrom | null;
  readonly notes: readonly string[];
}
