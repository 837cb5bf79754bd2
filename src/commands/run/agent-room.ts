import type { CopseError } from '../../model/errors.ts';
import { ISOLATIONS } from '../../model/outcome.ts';
import type { Plan } from '../../model/plan.ts';
import { dollars } from '../../text/amounts.ts';
import type { Context } from '../command.ts';
import { needsPerson } from '../refuse-agent.ts';
import { type DrawnUp, drawUp, type PlanningOptions } from './planning.ts';

const WHERE = 'Your person can allow more in ~/.config/copse/config.yaml:';

/**
 * What in a plan an agent cannot grant itself: its flags count as a file of the repository does, so they tighten and never widen, and what a
 * run costs stays within `agentMay` of the person's settings. null: it may start this. `line`: what was typed.
 */
export async function beyondAgent(
  { settings }: DrawnUp,
  plan: Plan,
  options: PlanningOptions,
  line: string,
  context: Context,
): Promise<CopseError | null> {
  if (context.agent === null) return null;
  if (options['allowed-tools'].length > 0)
    return needsPerson({
      what: 'An agent cannot allow tools with --allowed-tools.',
      why: 'Without it, variants have the tools that your person and the variants file allow.',
      line,
    });
  if (options.isolation !== undefined && (await loosens(plan, options, context)))
    return needsPerson({
      what: 'An agent cannot loosen the isolation of a run.',
      why: 'Without --isolation, the run has the isolation that your person has set.',
    });
  const { budgetUsd, variants } = settings.agentMay.value;
  if (plan.variants.length > variants)
    return needsPerson({
      what: `This run has ${plan.variants.length} variants; a run that an agent starts may have ${variants}.`,
      why: `${WHERE} agentMay: {variants: ${plan.variants.length}}`,
      line,
    });
  if (plan.totalBudgetUsd > budgetUsd)
    return needsPerson({
      what: `This run may cost ${dollars(plan.totalBudgetUsd)}; a run that an agent starts may cost ${dollars(budgetUsd)}.`,
      why: `Lower it with --total-budget-usd ${budgetUsd}. ${WHERE} agentMay: {budgetUsd: ${plan.totalBudgetUsd}}`,
      line,
    });
  return null;
}

/** Whether a variant is looser than it would be without the flag. */
async function loosens(plan: Plan, options: PlanningOptions, context: Context): Promise<boolean> {
  const { isolation: _, ...without } = options;
  const asSet = (await drawUp(without, context)).result.plan;
  return plan.variants.some(({ name, isolation }) => {
    const own = asSet?.variants.find((variant) => variant.name === name)?.isolation ?? 'sandbox';
    return ISOLATIONS.indexOf(isolation) > ISOLATIONS.indexOf(own);
  });
}
