import { claudeArguments } from '../agent/claude/flags.ts';
import { unreachable } from '../model/errors.ts';
import type { Plan, PlannedVariant } from '../model/plan.ts';

/** Program and arguments of a variant's first attempt, for reading. Values that only a run can know are in angle brackets. */
export function plannedArgv(variant: PlannedVariant, verify: Plan['verify']): readonly string[] {
  const { runner } = variant;
  switch (runner.kind) {
    case 'command':
      return runner.command;
    case 'claude':
      return [
        'claude',
        ...claudeArguments({
          variant,
          runner,
          verify,
          sessionId: '<session id>',
          resume: false,
          budgetUsd: variant.limits.budgetUsd,
          files: {
            systemPrompt: '<preamble and CLAUDE.md files>',
            settings: variant.isolation === 'sandbox' ? '<sandbox settings>' : null,
            mcp: variant.mcp === null ? null : '<mcp>',
            agents: runner.agent === null ? null : '<agent profile>',
          },
        }),
      ];
    default:
      return unreachable(runner);
  }
}
