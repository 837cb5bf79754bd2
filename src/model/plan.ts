import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from './ids.ts';
import type { Isolation } from './outcome.ts';

/** A command with the name it is shown under. The command is a line for `sh -c`. */
export interface NamedCommand {
  readonly name: string;
  readonly run: string;
}

/** A command of `verify:`, which must exit 0. */
export interface PlannedCheck extends NamedCommand {
  /** Where the command writes its results by test: path or glob from the worktree's top, taken literally; `-`: its own output; null: nowhere. */
  readonly report: string | null;
  /** How often it runs, 1 to 20; tests with both verdicts are flaky. */
  readonly repeat: number;
  /** Patterns (gitignore's manner) of the test files that its verdict depends on; empty: not said. */
  readonly tests: readonly string[];
}

/** A command that prints a number. `run` is a line for `sh -c`. */
export interface PlannedMetric extends NamedCommand {
  /** Which direction is better; null: neither. */
  readonly goal: 'min' | 'max' | null;
  readonly unit: string | null;
  /** The place of the number in JSON output, e.g. `$.size`; null: the last number of the output. */
  readonly path: string | null;
  /** Differences up to this are ties: an amount, or `percent` of the value; null: only those within the spread. */
  readonly tolerance: { readonly amount: number; readonly percent: boolean } | null;
  /** How often it is measured; the median counts. */
  readonly repeat: number;
}

/** A Claude run that scores the variants against each other. */
export interface PlannedJudge {
  /** null: Claude Code's own choice. */
  readonly model: string | null;
  /** The criteria; null: the built-in ones. */
  readonly criteria: readonly string[] | null;
  /** Most that all rounds together may cost, US dollars. */
  readonly budgetUsd: number;
  /** 2: asked again in the reversed order. */
  readonly rounds: 1 | 2;
}

/** When a server counts as ready: an HTTP answer below 500 at a path of its own port, or at a URL; or a text in its output. */
export type Ready =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string };

/** How a variant is served. Unexpanded: `env` and a URL may hold `{run}`, `{variant}` and `{port}`. */
export interface PlannedServe {
  /** A line for `sh -c`, with `PORT` in its environment. */
  readonly run: string;
  readonly ready: Ready;
  /** How long it may take to become ready, ms. */
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface Limits {
  /** Time limit of one attempt, ms. */
  readonly timeoutMs: number;
  /** Silence while no tool call is open, ms. */
  readonly idleTimeoutMs: number;
  /** One variant, all its attempts, US dollars. */
  readonly budgetUsd: number;
  readonly maxTurns: number | null;
  /** How often a transient failure starts a new attempt. */
  readonly retries: number;
}

/** The agent of a variant: Claude Code, or any program whose exit code decides. */
export type Runner =
  | {
      readonly kind: 'claude';
      readonly model: string | null;
      readonly fallbackModel: string | null;
      readonly effort: string | null;
      readonly agent: string | null;
    }
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** The model that a runner was told to use; null: its own choice, or it has none. */
export function modelOf(runner: Runner): string | null {
  return runner.kind === 'claude' ? runner.model : null;
}

/** Environment of a variant beyond the built-in list: names passed on from the person's, and literals (already expanded). */
export interface PlannedEnvironment {
  readonly pass: readonly string[];
  readonly set: Readonly<Record<string, string>>;
}

export interface PlannedVariant {
  readonly name: VariantName;
  readonly branch: BranchName;
  readonly worktree: AbsolutePath;
  /** The agent's complete prompt. */
  readonly prompt: string;
  /** Its further instructions (how to behave here), from the preamble template. */
  readonly preamble: string;
  readonly needs: readonly VariantName[];
  readonly expect: 'changes' | 'answer';
  readonly runner: Runner;
  readonly isolation: Isolation;
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  /** MCP servers by name, Claude Code's own format; null for none. */
  readonly mcp: Readonly<Record<string, unknown>> | null;
  readonly env: PlannedEnvironment;
  readonly limits: Limits;
}

/** Something the repository supplies that runs or grants, as shown for approval; `text` is unexpanded. */
export interface TrustItem {
  readonly kind:
    | 'setup'
    | 'verify'
    | 'metrics'
    | 'serve'
    | 'teardown'
    | 'runner'
    | 'mcp'
    | 'allowedTools'
    | 'env'
    | 'copy'
    | 'judge'
    | 'disposable'
    // Only of a plan whose record is not sealed, which is approved whole.
    | 'prompt'
    | 'isolation'
    | 'budget'
    | 'place'
    | 'record';
  /** Key path it comes from, e.g. `variants.dark.allowedTools`. */
  readonly where: string;
  readonly text: string;
}

export interface TrustPlan {
  /** Whether anything needs approval at all. */
  readonly needed: boolean;
  /** sha256, hex, over the common directory's real path and the unexpanded items. */
  readonly hash: string;
  readonly approved: boolean;
  readonly items: readonly TrustItem[];
}

/** A record as it is on disk, and the seal beside it (`config/trust/seal.ts`). */
export interface RecordSeal {
  readonly commonDir: AbsolutePath;
  readonly run: RunId;
  /** sha256, hex, of the record's bytes. */
  readonly digest: string;
  /** null: it has none. */
  readonly seal: string | null;
}

/** The files copied into worktrees, and their source. */
export interface CopySet {
  /** Repository-relative paths of ignored files and folders; of the main worktree unless `from` says otherwise. */
  readonly entries: readonly string[];
  /** By entry: the top of the linked worktree that it is copied from. */
  readonly from?: Readonly<Record<string, AbsolutePath>>;
  /** Entries of which what their symlinks lead to is copied, also from outside of the repository: a person approved that. */
  readonly follow?: readonly string[];
}

/** The files that `copy` matches, and their size. */
export interface CopyPlan extends CopySet {
  /** Patterns of optional files that are not there. */
  readonly missing?: readonly string[];
  /** Bytes of one copy. */
  readonly bytes: number;
  readonly files: number;
}

/**
 * A variants file resolved for this repository now. Pure data: prints, has a hash, is stored unchanged as `plan.json`.
 */
export interface Plan {
  readonly schema: 1;
  readonly run: RunId;
  /** `name` of the variants file; `run` is it or `name-2` … */
  readonly name: string;
  /** sha256, hex, over everything else in here but `disk`, which differs from second to second. */
  readonly hash: string;
  /** The variants file, or null for one made on the fly. */
  readonly file: AbsolutePath | null;
  readonly repository: {
    readonly commonDir: AbsolutePath;
    /** Top of the main worktree (the checkout), or the bare repository itself. */
    readonly root: AbsolutePath;
  };
  readonly base: { readonly ref: string; readonly commit: CommitId };
  /** Branch that a winner is merged into; null if HEAD is detached and none is named. */
  readonly target: BranchName | null;
  /** The loosest that any variant has. */
  readonly isolation: Isolation;
  readonly concurrency: number;
  /** Variants that a rate limit ended are continued at its reset; absent: a person does that. */
  readonly onLimit?: 'resume';
  readonly totalBudgetUsd: number;
  readonly copy: CopyPlan;
  readonly setup: readonly string[];
  readonly verify: readonly PlannedCheck[];
  /** Paths (gitignore's manner) of which checks and metrics see the base's version. */
  readonly protect: readonly string[];
  readonly metrics: readonly PlannedMetric[];
  /** Set if the variants file asks for a judge in every comparison. */
  readonly judge: PlannedJudge | null;
  /** What `copse serve` starts for each variant; null: the variants file says nothing about it. */
  readonly serve: PlannedServe | null;
  readonly teardown: readonly string[];
  /** Time-out of one setup command or check, ms. */
  readonly commandTimeoutMs: number;
  readonly disposable: readonly string[];
  /** Bytes of one file, and of all together; absent: the usual limits. */
  readonly commit: {
    readonly message: string | null;
    readonly allow: readonly string[];
    readonly maxBytes?: number;
    readonly maxTotalBytes?: number;
  };
  readonly trust: TrustPlan;
  /** The parts of the person's Claude setup that do not apply, e.g. `.claude/settings.json (3 hooks)`. */
  readonly notUsed: readonly string[];
  /** `reflinks`: whether copies share their blocks with the original here. `setupBytes`: what set-up took in a worktree before. */
  readonly disk: {
    readonly freeBytes: number;
    readonly trackedBytes: number;
    readonly reflinks?: boolean;
    readonly setupBytes?: number;
  };
  /** Worth knowing, but no obstacle: dirty files that are not in the base, a base behind its remote. */
  readonly warnings: readonly string[];
  readonly variants: readonly PlannedVariant[];
  /** Of a plan that was read from a run's record; it is no part of that. */
  readonly record?: RecordSeal;
}
