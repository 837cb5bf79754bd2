import { trustStore } from '../../config/trust/trust-store.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import { fileFlag } from '../../model/file-flag.ts';
import type { Plan } from '../../model/plan.ts';
import { trustText } from '../../view/plan/trust-text.ts';
import type { Context } from '../command.ts';

/**
 * Everything that the repository supplies and that runs or grants something needs the person's approval once. Asks if a
 * person is there; else throws `CopseError` (exit 3) with the hash to pass. `given`: the hash from `--trust`; `line`: what was
 * typed, to be typed again.
 */
export async function requireTrust(plan: Plan, given: string | undefined, line: string, context: Context): Promise<void> {
  const { trust } = plan;
  if (!trust.needed || trust.approved) return;
  // Without a file there is nothing that `trust` could read: the line itself asks.
  const askPerson = plan.file === null ? line : `copse trust${fileFlag(plan)}`;
  const approve = (): Promise<void> =>
    trustStore(context.environment).approve({
      hash: trust.hash,
      commonDir: plan.record?.commonDir ?? plan.repository.commonDir,
      items: trust.items,
    });
  // An agent that runs copse must not approve for the person who runs the agent.
  if (context.agent !== null) {
    throw new CopseError({
      code: 'not-trusted',
      exit: EXIT.precondition,
      what: 'What this repository wants to run is not approved.',
      why: 'Only a person can approve it.',
      hint: `Ask a person to run, in their own terminal: ${askPerson}`,
    });
  }
  if (given !== undefined) {
    if (given === trust.hash) return approve();
    throw new CopseError({
      code: 'other-hash',
      exit: EXIT.precondition,
      what: 'The hash given with --trust does not match this plan.',
      why: 'What the repository wants to run has changed since it was read.',
      hint: `Review it again: ${line.replace(/^copse run\b/, 'copse plan')}`,
    });
  }
  context.stderr.write(`${trustText(trust, context.screen('stderr'))}\n`);
  if (context.interactive) {
    const answer = await context.ask('Approve this for this repository? [y/N] ');
    if (/^y(es)?$/i.test(answer.trim())) return approve();
    throw new CopseError({
      code: 'not-trusted',
      exit: EXIT.precondition,
      what: 'Nothing was started.',
      why: 'What this repository wants to run is not approved.',
    });
  }
  throw new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: 'What this repository wants to run is not approved.',
    why: 'There is no terminal to ask on.',
    hint: `Approve what is shown above:\n  ${line} --trust ${trust.hash}`,
  });
}
