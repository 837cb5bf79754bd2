import { CopseError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { Here } from '../../repository/current-repository.ts';
import { type AuditLine, acceptAudit, gitAudit } from '../../repository/git-audit.ts';
import { visibleText } from '../../text/plain-text.ts';
import type { Context } from '../command.ts';
import { refuseAgent } from '../refuse-agent.ts';

const LINE = 'copse trust --git';

/** Shows what changed in the shared git directory while agents worked, and takes it for the person's once they say so. */
export async function trustGit(here: Here, given: string | undefined, json: boolean, context: Context): Promise<ExitCode> {
  const audit = await gitAudit(here);
  const { planted, others, since, hash } = audit ?? { planted: [], others: [], since: null, hash: '' };
  if (json)
    context.stdout.write(
      `${JSON.stringify({ schema: 1, since, planted, others, hash: context.agent === null ? hash : null })}\n`,
    );
  if (planted.length === 0) {
    if (!json) context.stdout.write('Nothing in the git directory changed while agents worked.\n');
    return EXIT.ok;
  }
  refuseAgent(context, { what: 'An agent cannot accept what agents changed.', line: LINE });
  if (json && given === undefined) return EXIT.ok;
  if (given === undefined) {
    context.stderr.write(`Changed while agents worked, and not used by copse:\n${planted.map(shown).join('\n')}\n`);
    if (!context.interactive)
      throw unapproved('There is no terminal to ask on.', `Accept what is shown above:\n  ${LINE} ${hash}`);
    const answer = await context.ask('Is all of this yours? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw unapproved('You did not accept it.', `To be asked again:\n  ${LINE}`);
  } else if (given !== hash) {
    throw unapproved('The hash does not match what is there now.', `Look again:\n  ${LINE}`);
  }
  await acceptAudit(here);
  context.stderr.write('Accepted. From now on copse uses it.\n');
  return EXIT.ok;
}

const shown = ({ what, change, look }: AuditLine): string => `  ${visibleText(what)} (${change})\n    ${visibleText(look)}`;

function unapproved(why: string, hint: string): CopseError {
  return new CopseError({ code: 'not-trusted', exit: EXIT.precondition, what: 'Nothing was accepted.', why, hint });
}
