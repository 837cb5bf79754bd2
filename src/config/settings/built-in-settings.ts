import type { Settings } from '../../model/settings.ts';
import { BUILT_IN_OPTIONS } from '../shared-options.ts';

/** The defaults. `.worktreerc.example` shows each. */
export const BUILT_IN_SETTINGS: Settings = {
  worktree: '../{repo}.worktrees/{run}-{variant}',
  branch: '{run}/{variant}',
  variantsFile: 'variants.yaml',
  base: null,
  target: null,
  ...BUILT_IN_OPTIONS,
  concurrency: 3,
  commandTimeoutMs: 30 * 60_000,
  copy: null,
  setup: [],
  disposable: ['node_modules', '.next', 'target'],
  keepTrashMs: 14 * 86_400_000,
  keepCommitsMs: 90 * 86_400_000,
  allowedTools: [],
  disallowedTools: [],
  env: [],
  notify: true,
  // Five variants with the built-in budget each.
  agentMay: { budgetUsd: 25, variants: 5 },
};
