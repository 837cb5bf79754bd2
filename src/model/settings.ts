import type { NotifySetting } from './notice.ts';
import type { Isolation } from './outcome.ts';
import type { Limits } from './plan.ts';

/** The sources of an effective value, strongest first. */
export type SettingSource = 'flag' | 'variants file' | 'repository' | 'person' | 'built in';

export interface Sourced<T> {
  readonly value: T;
  readonly source: SettingSource;
  /** Its file, if there is one. */
  readonly file: string | null;
}

/** A pattern of files to copy. `follow`: a symlink's target instead of the link; `optional`: may match nothing. */
export type CopyRule = string | { readonly path: string; readonly how: 'follow' | 'optional' };

/** Settings of repository and person, built-in defaults filled in. Durations in ms. */
export interface Settings extends Limits {
  /** Template of a worktree's path, relative to the checkout's top; `{repo}`, `{run}`, `{variant}`. */
  readonly worktree: string;
  /** Template of a branch; `{run}`, `{variant}`. */
  readonly branch: string;
  /** Default variants file, relative to the checkout's top. */
  readonly variantsFile: string;
  readonly base: string | null;
  readonly target: string | null;
  readonly model: string | null;
  readonly effort: string | null;
  readonly isolation: Isolation;
  readonly concurrency: number;
  readonly commandTimeoutMs: number;
  readonly copy: readonly CopyRule[] | null;
  readonly setup: readonly string[];
  readonly disposable: readonly string[];
  /** How long the trash keeps files, and commits, before they are deleted by themselves. */
  readonly keepTrashMs: number;
  readonly keepCommitsMs: number;
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  readonly env: readonly string[];
  readonly notify: NotifySetting;
  /** What a run may be that an agent starts without a person. Only the person says so. */
  readonly agentMay: AgentRoom;
}

export interface AgentRoom {
  /** Maximum cost of the run, US dollars. */
  readonly budgetUsd: number;
  readonly variants: number;
}

export type SourcedSettings = { readonly [K in keyof Settings]: Sourced<Settings[K]> };
