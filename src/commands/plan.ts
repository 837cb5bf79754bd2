import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import { exitOfProblems } from '../plan/problems-error.ts';
import { plannedArgv } from '../survey/planned-argv.ts';
import { planJson } from '../view/plan/plan-json.ts';
import { planText } from '../view/plan/plan-text.ts';
import { defineCommand, JSON_OPTION } from './command.ts';
import { drawUp, PLANNING_OPTIONS, planningShape } from './run/planning.ts';
import { startCommand } from './run/start-command.ts';

export const command = defineCommand({
  description:
    'Shows what run would create and execute, under which isolation, and what it may cost at most, with everything that is in the way. Creates nothing.',
  examples: [
    { line: 'copse plan', does: 'all variants of variants.yaml' },
    { line: 'copse plan docs', does: 'one, and what it needs' },
    { line: 'copse plan --json | jq .problems', does: 'for a script' },
  ],
  arguments: { variant: 'variants of the file; without one all' },
  options: { ...PLANNING_OPTIONS, json: JSON_OPTION },
  schema: z.strictObject({ ...planningShape(), json: z.boolean() }),
  async run(options, context) {
    const { result } = await drawUp(options, context);
    const { problems } = result;
    // The hash is what approves: an agent must not approve for the person who runs it.
    const forAgent = (context.environment['CLAUDECODE'] ?? '') !== '';
    if (options.json) {
      const { plan } = result;
      const json = planJson(plan, problems, (variant) => plannedArgv(variant, plan?.verify ?? []));
      const shown = forAgent && json.trust !== null ? { ...json, trust: { ...json.trust, hash: null } } : json;
      context.stdout.write(`${JSON.stringify(shown)}\n`);
    } else {
      const plan = forAgent && result.plan !== null ? withoutTrustHash(result.plan) : result.plan;
      const screen = { ...context.screen('stdout'), startCommand: startCommand(options) };
      context.stdout.write(`${planText(plan, problems, screen)}\n`);
    }
    return problems.length === 0 ? EXIT.ok : exitOfProblems(problems);
  },
});

function withoutTrustHash(plan: Plan): Plan {
  return { ...plan, trust: { ...plan.trust, hash: '<a person gets it from copse trust>' } };
}
