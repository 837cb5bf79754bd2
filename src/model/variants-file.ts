import type { Position } from './errors.ts';
import type { VariantName } from './ids.ts';
import type { Isolation } from './outcome.ts';
import type { Limits, PlannedCheck, PlannedJudge, PlannedMetric, PlannedServe, Runner } from './plan.ts';
import type { CopyRule } from './settings.ts';

type SaidLimits = { readonly [K in keyof Limits]?: NonNullable<Limits[K]> };

/** The options of a variant or of `defaults`; absent means not said. Durations in ms. */
export interface VariantOptions extends SaidLimits {
  readonly model?: string;
  readonly fallbackModel?: string;
  readonly effort?: string;
  readonly agent?: string;
  /** `claude`, or a command; model, effort and agent are beside it. */
  readonly runner?: 'claude' | Extract<Runner, { kind: 'command' }>;
  readonly isolation?: Isolation;
  readonly allowedTools?: readonly string[];
  readonly disallowedTools?: readonly string[];
  readonly mcp?: Readonly<Record<string, unknown>>;
  /** Names passed on from the person's environment, and literals with `{run}` and `{variant}` unexpanded. */
  readonly env?: { readonly pass: readonly string[]; readonly set: Readonly<Record<string, string>> };
  /** For `{{name}}` in prompts. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly expect?: 'changes' | 'answer';
}

export interface VariantDeclaration extends VariantOptions {
  readonly name: VariantName;
  /** Added after the shared prompt. */
  readonly approach?: string;
  /** Own prompt instead of the shared one. */
  readonly prompt?: string;
  readonly needs?: readonly VariantName[];
  readonly branch?: string;
}

/** A variants file, read and validated, `each` expanded; only what it says, nothing defaulted. */
export interface VariantsFile {
  /** Absolute path; null for one made from flags. */
  readonly path: string | null;
  /** Made from flags, but with commands of the repository's own file, or typed by an agent: these need approval as any. */
  readonly lent?: true;
  readonly name: string;
  readonly base?: string;
  readonly target?: string;
  readonly prompt?: string;
  readonly preamble?: string;
  readonly defaults: VariantOptions;
  /** In the file's order. */
  readonly variants: readonly VariantDeclaration[];
  readonly concurrency?: number;
  readonly totalBudgetUsd?: number;
  readonly onLimit?: 'resume' | 'stop';
  readonly copy?: readonly CopyRule[];
  readonly setup?: readonly string[];
  readonly verify?: readonly PlannedCheck[];
  readonly protect?: readonly string[];
  /** The place of each entry of `protect` in the file. */
  readonly protectAt?: readonly Position[];
  readonly metrics?: readonly PlannedMetric[];
  readonly judge?: PlannedJudge;
  readonly serve?: PlannedServe;
  readonly teardown?: readonly string[];
  readonly disposable?: readonly string[];
  readonly commandTimeoutMs?: number;
  readonly commit?: {
    readonly message?: string;
    readonly allow?: readonly string[];
    readonly maxBytes?: string;
    readonly maxTotalBytes?: string;
  };
}
