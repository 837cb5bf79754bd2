import * as z from 'zod/mini';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { latestRun, type RunReport, readRun } from '../repository/read-runs.ts';
import { runNow } from '../repository/run-now.ts';
import { ensureSupervisor } from '../run/watch/ensure-supervisor.ts';
import { exitOf } from '../run/watch/exit-of-run.ts';
import { followRun } from '../run/watch/follow-run.ts';
import { needsSettling } from '../run/watch/needs-settling.ts';
import { statusJson } from '../view/run/status-json.ts';
import { verdictText } from '../view/run/verdict-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { duration } from './option-values.ts';

/** 24.8 days. Node's timers fire at once if they are set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const command = defineCommand({
  description:
    'Blocks until the runs end and prints a verdict of at most 20 lines. The exit code tells how they ended: 0 all good, 1 something failed, 4 the agent is missing or not logged in, 8 still running after --timeout.',
  examples: [
    { line: 'copse wait', does: 'the latest run' },
    { line: 'copse wait ui ui-2 --timeout 30m', does: 'two runs, half an hour at most' },
  ],
  arguments: { run: 'runs to wait for (default: the latest)' },
  options: {
    timeout: { kind: 'text', summary: 'give up after this long (exit 8)' },
    json: JSON_OPTION,
  },
  schema: z.strictObject({ run: z.array(z.string()), timeout: z.optional(duration()), json: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const names = options.run.length > 0 ? options.run : [(await latestRun(here.store)).state.id];
    const stop = new AbortController();
    let interrupted: ExitCode | null = null;
    const release = context.onSignal((signal) => {
      interrupted = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
      stop.abort();
    });
    const timer =
      options.timeout === undefined ? null : setTimeout(() => stop.abort(), Math.min(options.timeout, LONGEST_TIMER_MS));
    try {
      const reports = await Promise.all(names.map((name) => waitFor(here, name, stop.signal, context)));
      if (interrupted !== null) return interrupted;
      if (options.json) context.stdout.write(`${JSON.stringify(statusJson(reports))}\n`);
      else {
        const git = new Map(await Promise.all(reports.map(async ({ state }) => [state.id, await runNow(here, state)] as const)));
        const screen = { ...context.screen('stdout'), now: context.clock.now(), commands: context.verbs, git };
        context.stdout.write(`${verdictText(reports, screen)}\n`);
      }
      return worst(reports);
    } finally {
      if (timer !== null) clearTimeout(timer);
      release();
    }
  },
});

/** Supervisors that die one after the other have a reason that another would not change. */
const MOST_ADOPTIONS = 3;

async function waitFor(here: Here, name: string, signal: AbortSignal, context: Context): Promise<RunReport> {
  for (let adopted = 0; ; ) {
    const report = await readRun(here.store, name);
    if (needsSettling(report)) {
      if (adopted === MOST_ADOPTIONS || signal.aborted) return report;
      adopted += 1;
      await ensureSupervisor(here.store, report.paths, report.state.id, 'adopt', context);
    }
    const end = await followRun(report.paths, { clock: context.clock, signal, history: 'none', onEvents: () => {} });
    // If its supervisor died meanwhile, a new one has to collect its work.
    if (end.kind !== 'interrupted' || !needsSettling(await readRun(here.store, name))) return readRun(here.store, name);
  }
}

function worst(reports: readonly RunReport[]): ExitCode {
  if (reports.some(({ state, alive }) => alive && state.phase.kind !== 'finished')) return EXIT.running;
  const exits = reports.map(({ state }) => exitOf(state));
  return exits.find((exit) => exit === EXIT.agent) ?? exits.find((exit) => exit !== EXIT.ok) ?? EXIT.ok;
}
