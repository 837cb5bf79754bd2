import { describe, expect, it } from 'vitest';
import { checkRule, claudeArguments, type FlagOptions } from '../../../../src/agent/claude/flags.ts';
import type { PlannedVariant } from '../../../../src/model/plan.ts';
import { CLAUDE, sampleVariant } from '../../../support/claude-attempt.ts';

const NO_FILES = { systemPrompt: null, settings: null, mcp: null, agents: null };

const argumentsOf = (o: Partial<FlagOptions> = {}, variant: Partial<PlannedVariant> = {}) =>
  claudeArguments({
    variant: sampleVariant({ worktree: '/w' }, variant),
    runner: CLAUDE,
    verify: [],
    sessionId: 'id',
    resume: false,
    budgetUsd: 2,
    files: NO_FILES,
    ...o,
  });

/** The values after a flag, up to the next one. */
function valuesOf(args: readonly string[], flag: string): readonly string[] {
  const rest = args.slice(args.indexOf(flag) + 1);
  const end = rest.findIndex((value) => value.startsWith('--'));
  return args.includes(flag) ? rest.slice(0, end === -1 ? undefined : end) : [];
}

describe('claudeArguments', () => {
  it.each(['guarded', 'sandbox'] as const)('%s: restricted, nothing asks, only named tools', (isolation) => {
    const args = argumentsOf({}, { isolation });
    for (const flag of ['--restricted', '--strict-mcp-config', '--verbose']) expect(args).toContain(flag);
    expect(valuesOf(args, '--permission-mode')).toEqual(['acceptEdits']);
    expect(valuesOf(args, '--permission-prompts')).toEqual(['none']);
    expect(args).not.toContain('--dangerously-skip-permissions');
    const tools = valuesOf(args, '--tools')[0]?.split(',') ?? [];
    expect(tools).toContain('Bash');
    for (const tool of ['Skill', 'WebFetch', 'EnterWorktree', 'SlashCommand']) expect(tools).not.toContain(tool);
  });

  it('at a terminal: the same tools and settings, but the person is asked, and limits are theirs', () => {
    const args = argumentsOf({ interactive: true, resume: true, budgetUsd: 2 }, { isolation: 'guarded' });
    for (const flag of ['-p', '--verbose', '--output-format', '--permission-prompts', '--max-turns'])
      expect(args).not.toContain(flag);
    expect(args).toContain('--restricted');
    expect(valuesOf(args, '--permission-mode')).toEqual(['acceptEdits']);
    expect(valuesOf(args, '--system-prompt-snapshot')).toEqual(['off']);
    expect(argumentsOf({ interactive: true }, { isolation: 'bypass' })).toContain('--setting-sources');
  });

  it('bypass: everything, but no settings of the clone', () => {
    const args = argumentsOf({}, { isolation: 'bypass', disallowedTools: ['WebFetch'] });
    expect(args).toContain('--dangerously-skip-permissions');
    expect(args).toContain('--strict-mcp-config');
    expect(args[args.indexOf('--setting-sources') + 1]).toBe('');
    expect(valuesOf(args, '--disallowedTools')).toContain('WebFetch');
    expect(args).not.toContain('--restricted');
    expect(args).not.toContain('--tools');
  });

  it('allows each check exactly as it is declared, and what the variant allows', () => {
    const verify = [
      { name: 'test', run: 'npm test', report: null, repeat: 1, tests: [] },
      { name: 'types', run: ' npx tsc --noEmit ', report: null, repeat: 1, tests: [] },
      {
        name: 'unit',
        run: 'npm test -- --reporter=default --reporter=junit --outputFile.junit=node_modules/.x.xml',
        report: 'node_modules/.x.xml',
        repeat: 1,
        tests: [],
      },
      // Only what a report needs is left out: the rest may be what keeps the command harmless.
      { name: 'ship', run: 'npm run ship -- --dry-run', report: 'x.xml', repeat: 1, tests: [] },
      { name: 'odd', run: 'npm run x:*', report: null, repeat: 1, tests: [] },
    ];
    const args = argumentsOf({ verify }, { allowedTools: ['Bash(make *)', 'WebFetch(domain:example.com)', 'Bash(npm test)'] });
    expect(valuesOf(args, '--allowedTools')).toEqual([
      'Bash(npm test)',
      'Bash(npx tsc --noEmit)',
      'Bash(npm test -- --reporter=default --reporter=junit --outputFile.junit=node_modules/.x.xml)',
      'Bash(npm run ship -- --dry-run)',
      'Bash(make *)',
      'WebFetch(domain:example.com)',
    ]);
    expect(valuesOf(args, '--tools')[0]).toContain('WebFetch');
    expect(checkRule('')).toBeNull();
  });

  it('passes on model, effort, profile, limits and files', () => {
    const args = argumentsOf(
      {
        runner: { kind: 'claude', model: 'opus', fallbackModel: 'sonnet', effort: 'high', agent: 'reviewer' },
        files: { systemPrompt: '/x/system', settings: '/x/settings', mcp: '/x/mcp', agents: '/x/agents' },
        budgetUsd: 1.23456,
      },
      { limits: { timeoutMs: 1, idleTimeoutMs: 1, budgetUsd: 1, maxTurns: 12, retries: 0 } },
    );
    const wanted = {
      '--model': 'opus',
      '--fallback-model': 'sonnet',
      '--effort': 'high',
      '--agent': 'reviewer',
      '--agents': '/x/agents',
      '--append-system-prompt-file': '/x/system',
      '--settings': '/x/settings',
      '--mcp-config': '/x/mcp',
      '--max-turns': '12',
      '--max-budget-usd': '1.2346',
      '--session-id': 'id',
    };
    for (const [flag, value] of Object.entries(wanted)) expect([flag, ...valuesOf(args, flag)]).toEqual([flag, value]);
    expect(args).not.toContain('--resume');
    expect(valuesOf(argumentsOf({ resume: true }), '--resume')).toEqual(['id']);
    expect(argumentsOf({ resume: true })).not.toContain('--session-id');
  });

  it('never asks for a budget that Claude Code cannot read', () => {
    expect(valuesOf(argumentsOf({ budgetUsd: 1e-7 }), '--max-budget-usd')).toEqual(['0.0001']);
    expect(argumentsOf({ budgetUsd: null })).not.toContain('--max-budget-usd');
  });
});
