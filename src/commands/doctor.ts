import * as z from 'zod/mini';
import { portRegistry } from '../config/port-registry.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Leftover } from '../prune/leftovers/leftover.ts';
import { findLeftovers } from '../prune/leftovers/leftovers.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { type GitAudit, gitAudit } from '../repository/git-audit.ts';
import { lookAtRuns, type RunReport } from '../repository/read-runs.ts';
import { ensureSupervisor } from '../run/watch/ensure-supervisor.ts';
import { endDeadServing } from '../serve/serving-now.ts';
import { diagnose } from '../survey/doctor.ts';
import { type DoctorCheck, ok } from '../survey/doctor-check.ts';
import { clearStaleLock, isAbandoned } from '../survey/stale-state.ts';
import { doctorText } from '../view/doctor-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { forReader } from './refuse-agent.ts';

export const command = defineCommand({
  description:
    'Checks git, Claude Code, its login, the sandbox tools and your settings, and looks for leftovers: runs, locks, worktrees, journals, ports. Changes nothing without --fix.',
  examples: [
    { line: 'copse doctor', does: 'what is missing or left behind, and what to do about it' },
    { line: 'copse doctor --fix', does: 'and fix what needs no decision' },
  ],
  options: {
    fix: { kind: 'flag', summary: 'fix what needs no decision; touch only what copse created' },
    json: JSON_OPTION,
  },
  schema: z.strictObject({ fix: z.boolean(), json: z.boolean() }),
  async run(options, context) {
    const here = await hereOrNull(context.cwd);
    if (options.fix && here !== null) await putRight(here, context);
    const checks = await diagnose({ cwd: context.cwd, environment: context.environment });
    const left = here === null ? [] : await leftovers(here, context);
    const audit = here === null ? [] : await auditLines(here);
    const all = forReader([...checks, ...audit, ...left.map(asCheck)], context);
    if (options.json) {
      const shown = all.map(({ name, state, found, fix }) => ({ name, state, found, fix }));
      context.stdout.write(`${JSON.stringify({ schema: 1, checks: shown })}\n`);
    } else {
      context.stdout.write(`${doctorText(all, context.screen('stdout'))}\n`);
    }
    return all.find((check) => check.state === 'failed')?.exit ?? EXIT.ok;
  },
});

/** Without a repository, or with one that cannot be opened, there is nothing to put right; the checks say why. */
async function hereOrNull(cwd: string): Promise<Here | null> {
  try {
    return await openHere(cwd);
  } catch (error) {
    if (error instanceof CopseError) return null;
    throw error;
  }
}

async function leftovers(here: Here, context: Context): Promise<readonly Leftover[]> {
  try {
    const { runs } = await lookAtRuns(here.store);
    return await findLeftovers({
      ...here,
      clock: context.clock,
      runs,
      portRegistry: portRegistry(context.environment, here.store),
    });
  } catch (error) {
    if (!(error instanceof CopseError)) throw error;
    return [{ found: `Leftovers cannot be checked: ${error.message}`, fix: error.hint ?? '', mend: null }];
  }
}

/** Hooks, filters, attributes and settings of git that are not as before the first agent, each with the command that shows it. */
async function auditLines(here: Here): Promise<readonly DoctorCheck[]> {
  const audit = await gitAudit(here);
  if (audit === null) return [];
  const { planted, others } = audit;
  const since = audit.since.slice(0, 10);
  const looks = (lines: GitAudit['planted']): string => lines.map(({ look }) => look).join('\n');
  const words = (lines: GitAudit['planted']): string => lines.map(({ what, change }) => `${what} (${change})`).join(', ');
  const own: DoctorCheck =
    others.length === 0
      ? ok('git settings', `as before the first agent (${since}), or accepted`)
      : {
          ...ok('git settings', `Since before the first agent (${since}) you changed: ${words(others)}.`),
          fix: looks(others),
        };
  if (planted.length === 0) return [own];
  const found = `Changed while agents worked, so copse does not use it: ${words(planted)}.`;
  const fix = `${looks(planted)}\nPut it back, or accept it: copse trust --git`;
  return [{ name: 'git settings', state: 'warning', found, fix, exit: EXIT.precondition }, ...(others.length === 0 ? [] : [own])];
}

function asCheck({ found, fix }: Leftover): DoctorCheck {
  return { name: 'leftovers', state: 'warning', found, fix: fix === '' ? null : fix, exit: EXIT.precondition };
}

async function putRight(here: Here, context: Context): Promise<void> {
  const say = (sentence: string): void => {
    if (sentence !== '') context.stderr.write(`${sentence}\n`);
  };
  await trying(say, async () => {
    if (await clearStaleLock(here.store)) say('Removed the lock of a dead process.');
  });
  await trying(say, async () => {
    if ((await endDeadServing(here.store)) > 0) say('Stopped servers whose copse serve had ended.');
  });
  const { runs } = await lookAtRuns(here.store);
  for (const run of runs) await trying(say, () => bringHome(here, run, say, context));
  // A repair may leave something to repair (a port of a worktree that is gone): repeat until nothing new is found.
  const tried = new Set<string>();
  for (;;) {
    const found = (await leftovers(here, context)).filter((one) => one.mend !== null && !tried.has(one.found));
    if (found.length === 0) return;
    for (const { found: what, mend } of found) {
      tried.add(what);
      await trying(say, async () => say((await mend?.()) ?? ''));
    }
  }
}

/** A run whose supervisor is provably dead gets one that settles what ended and starts nothing new. */
async function bringHome(here: Here, { state, paths }: RunReport, say: (text: string) => void, context: Context): Promise<void> {
  if (!(await isAbandoned(paths, state))) return;
  await ensureSupervisor(here.store, paths, state.id, 'adopt', context);
  say(`A new supervisor settles the finished variants of run ${state.id}. Start the rest: copse resume ${state.id}`);
}

/** If one repair fails, the others are still done. */
async function trying(say: (text: string) => void, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof CopseError)) throw error;
    say(`${error.message} ${error.hint ?? ''}`.trim());
  }
}
