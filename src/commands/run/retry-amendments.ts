import type { Amendment } from '../../model/amendment.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { VariantName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { variantTotals } from '../../model/run-state/run-facts.ts';
import type { RequestBody } from '../../model/run-state/run-request.ts';
import { allowsEveryCommand } from '../../plan/tool-rules.ts';
import type { RunReport } from '../../repository/read-runs.ts';
import { sealAmendment } from '../../run/amend.ts';
import { dollars } from '../../text/amounts.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Context } from '../command.ts';

interface Options {
  readonly allow: readonly string[];
  readonly 'budget-usd'?: number | undefined;
  readonly timeout?: number | undefined;
  readonly 'max-turns'?: number | undefined;
  readonly model?: string | undefined;
}

interface Retried {
  readonly plan: Plan;
  readonly run: RunReport;
  readonly names: readonly VariantName[];
}

type Amendments = Pick<Extract<RequestBody, { kind: 'retry' }>, 'amendments'>;

/**
 * What the options change of the variants' plans, sealed as the person's own. Throws `CopseError` for an agent, which cannot grant another one
 * anything, and for what cannot be changed.
 */
export async function amendmentsOf(options: Options, { plan, run, names }: Retried, context: Context): Promise<Amendments> {
  const amendment = amendmentOf(options);
  if (Object.keys(amendment).length === 0) return {};
  requirePerson(names, context);
  requirePossible(amendment, { plan, run, names });
  const sealed = await Promise.all(
    names.map(async (variant) => {
      const place = { commonDir: plan.repository.commonDir, run: plan.run, variant };
      return [variant, await sealAmendment(amendment, place, context.environment)] as const;
    }),
  );
  return { amendments: Object.fromEntries(sealed) };
}

function amendmentOf(o: Options): Amendment {
  return {
    ...(o.allow.length === 0 ? {} : { allowedTools: o.allow }),
    ...(o['budget-usd'] === undefined ? {} : { budgetUsd: o['budget-usd'] }),
    ...(o.timeout === undefined ? {} : { timeoutMs: o.timeout }),
    ...(o['max-turns'] === undefined ? {} : { maxTurns: o['max-turns'] }),
    ...(o.model === undefined ? {} : { model: o.model }),
  };
}

function requirePerson(names: readonly VariantName[], context: Context): void {
  if ((context.environment['CLAUDECODE'] ?? '') === '') return;
  throw new CopseError({
    code: 'needs-person',
    exit: EXIT.precondition,
    what: 'An agent cannot change what another agent may do or spend.',
    why: 'Only a person can.',
    hint: `Ask a person to run copse retry ${names.map(shellWord).join(' ')} with these options in their own terminal. Without them: copse retry ${names.map(shellWord).join(' ')}`,
  });
}

function requirePossible(amendment: Amendment, { plan, run, names }: Retried): void {
  const every = amendment.allowedTools?.find(allowsEveryCommand);
  if (every !== undefined)
    throw refused(`${every} would allow every command.`, 'Name the command: --allow "Bash(npm install *)"');
  for (const variant of run.state.variants.filter(({ name }) => names.includes(name))) {
    const spent = variantTotals(variant).costUsd;
    if (amendment.budgetUsd !== undefined && amendment.budgetUsd <= spent) {
      const what = `${variant.name} has cost ${dollars(spent)} already, so ${dollars(amendment.budgetUsd)} leaves nothing to spend.`;
      throw refused(what, `Choose more than ${dollars(spent)}.`);
    }
    const planned = plan.variants.find(({ name }) => name === variant.name);
    if (planned?.runner.kind === 'command' && (amendment.model !== undefined || amendment.allowedTools !== undefined))
      throw refused(
        `${variant.name} is run by a program of its own, which has no model and no tools.`,
        'Leave out --model and --allow.',
      );
  }
}

function refused(what: string, hint: string): CopseError {
  return new CopseError({ code: 'not-possible', exit: EXIT.usage, what, hint });
}
