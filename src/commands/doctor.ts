import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { openHere } from '../run/here.ts';
import { diagnose } from '../survey/doctor.ts';
import { clearStaleLock } from '../survey/stale-state.ts';
import { doctorText } from '../view/doctor-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';

export const command = defineCommand({
  description:
    'Looks at git, Claude Code, its login, the tools of the sandbox, your settings, and at runs and locks that were left behind. Changes nothing without --fix.',
  examples: [
    { line: 'copse doctor', does: 'what is missing or stale, and what to do about it' },
    { line: 'copse doctor --fix', does: 'and clear a lock that a dead process left' },
  ],
  options: {
    fix: { kind: 'flag', summary: 'put right what can be put right without a choice' },
    json: JSON_OPTION,
  },
  schema: z.strictObject({ fix: z.boolean(), json: z.boolean() }),
  async run(options, context) {
    if (options.fix) await putRight(context);
    const checks = await diagnose({ cwd: context.cwd, environment: context.environment });
    if (options.json) {
      const shown = checks.map(({ name, state, found, fix }) => ({ name, state, found, fix }));
      context.stdout.write(`${JSON.stringify({ schema: 1, checks: shown })}\n`);
    } else {
      context.stdout.write(`${doctorText(checks, context.screen('stdout'))}\n`);
    }
    return checks.find((check) => check.state === 'failed')?.exit ?? EXIT.ok;
  },
});

async function putRight(context: Context): Promise<void> {
  try {
    const { store } = await openHere(context.cwd);
    if (await clearStaleLock(store)) context.stderr.write('Cleared a lock that a dead process had left.\n');
  } catch (error) {
    // Without a repository, or with one that cannot be opened, there is nothing to put right; the checks say why.
    if (!(error instanceof CopseError)) throw error;
  }
}
