import type { VariantEvidence } from '../../src/model/reports/evidence.ts';

/** A variant's row where everything went well, with what a test wants different. */
export function evidenceOf(label: string, parts: Partial<VariantEvidence> = {}): VariantEvidence {
  return {
    ref: { run: 'ui', variant: label },
    label,
    branch: `ui/${label}`,
    worktree: `/w/ui-${label}`,
    phase: 'finished',
    outcome: 'succeeded',
    reason: '',
    start: '1'.repeat(40),
    from: '1'.repeat(40),
    tip: '2'.repeat(40),
    changes: { files: 1, insertions: 10, deletions: 2, commits: 1 },
    files: [],
    uncommitted: [],
    checks: [],
    metrics: [],
    merges: { clean: true, conflicts: [] },
    costUsd: 0.4,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    turns: 5,
    durationMs: 60_000,
    agentMs: parts.agentMs ?? parts.durationMs ?? 60_000,
    setupMs: 0,
    checksMs: 0,
    waitingMs: 0,
    model: null,
    summary: '',
    work: 'open',
    votes: [],
    notes: [],
    ...parts,
  };
}
