/**
 * How the agent's work on a variant ended. Checks are separate facts.
 *
 * - `no-changes`: success, nothing changed although changes were expected
 * - `blocked`: nothing changed and calls were denied
 * - `limited`: a rate limit; `retry` or `resume` after its reset
 * - `lost`: ended without a trace
 * - `skipped`: a need failed or conflicts
 */
export const OUTCOMES = [
  'succeeded',
  'no-changes',
  'blocked',
  'failed',
  'timed-out',
  'stalled',
  'over-budget',
  'limited',
  'stopped',
  'lost',
  'skipped',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const ISOLATIONS = ['sandbox', 'guarded', 'bypass'] as const;
/** From tightest to loosest in {@link ISOLATIONS}; `docs/security.md` says what each promises. */
export type Isolation = (typeof ISOLATIONS)[number];

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export const NO_TOKENS: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** A tool call that isolation denied, with how often the same one was. */
export interface Denial {
  readonly tool: string;
  /** The call in one line: the command of a Bash call, the path of a file tool. */
  readonly input: string;
  readonly count: number;
  /** The `allowedTools` entry that would allow it, e.g. `Bash(npm install *)`; null: no sensible entry would. */
  readonly allow: string | null;
}

/** A variant's changes since its start. */
export interface Changes {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  readonly commits: number;
}

export const NO_CHANGES: Changes = { files: 0, insertions: 0, deletions: 0, commits: 0 };

/**
 * A path in the worktree that is not in the commit, and why. The file stays where it is.
 *
 * - `ignored`: `by` is the rule, e.g. `.gitignore:1` or `~/.config/git/ignore:3`
 * - `submodule`: work inside a submodule, `by` its path; `by` null: the submodule itself is at another commit
 * - `too-large`: `by` is its size, e.g. `21 GB`
 * - `not-committed`: it differs from the commit for another reason (it cannot be read, its filter failed, it changed later)
 */
export interface HeldBack {
  readonly path: string;
  readonly why: 'secret-name' | 'secret-content' | 'nested-repository' | 'ignored' | 'submodule' | 'too-large' | 'not-committed';
  readonly by: string | null;
}
