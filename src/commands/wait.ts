import * as z from 'zod/mini';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { latestRun, type RunReport, readRun } from '../repository/read-runs.ts';
import { runNow } from '../repository/run-now.ts';
import { ensureSupervisor } from '../run/watch/ensure-supervisor.ts';
import { exitOf } from '../run/watch/exit-of-run.ts';
import { followNews, type News } from '../run/watch/follow-news.ts';
import { followRun } from '../run/watch/follow-run.ts';
import { needsSettling } from '../run/watch/needs-settling.ts';
import { DENIALS_TOLD, lastLine, newsLine } from '../view/run/news-line.ts';
import { statusJson } from '../view/run/status-json.ts';
import { verdictText } from '../view/run/verdict-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { duration } from './option-values.ts';
import { forReader } from './refuse-agent.ts';
import { printBrief } from './run/print-brief.ts';
import { writeOut } from './write-out.ts';

/** 24.8 days. Node's timers fire at once if they are set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const command = defineCommand({
  description:
    'Blocks until the runs end and prints a verdict of at most 20 lines. The exit code tells how they ended: 0 all good, 1 something failed, 4 the agent is missing or not logged in, 8 still running after --timeout. Without a terminal the last line says it all. With --events it prints a line for each variant that ends, each call that is denied, and when a person has to act; if it is stopped, the next call continues from there.',
  examples: [
    { line: 'copse wait', does: 'the latest run' },
    { line: 'copse wait ui ui-2 --timeout 30m', does: 'two runs, half an hour at most' },
    { line: 'copse wait ui --events', does: 'a line for each event that you want to be woken for' },
  ],
  arguments: { run: 'runs to wait for (default: the latest)' },
  options: {
    timeout: { kind: 'text', summary: 'give up after this long (exit 8)' },
    events: { kind: 'flag', summary: 'a line for each variant that ends, is denied a call or needs a person' },
    json: JSON_OPTION,
    full: { kind: 'flag', summary: 'with --json: all there is to know of the runs' },
  },
  schema: z.strictObject({
    run: z.array(z.string()),
    timeout: z.optional(duration()),
    events: z.boolean(),
    json: z.boolean(),
    full: z.boolean(),
  }),
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
      const found = await Promise.all(
        names.map((name) => waitFor(here, name, { signal: stop.signal, tells: options.events }, context)),
      );
      const reports = found.map((report) => ({ ...report, state: forReader(report.state, context) }));
      if (interrupted !== null) return interrupted;
      if (options.json && options.full) context.stdout.write(`${JSON.stringify(statusJson(reports))}\n`);
      else if (options.json) await printBrief(here, reports, context);
      else {
        const git = new Map(await Promise.all(reports.map(async ({ state }) => [state.id, await runNow(here, state)] as const)));
        const screen = { ...context.screen('stdout'), now: context.clock.now(), commands: context.verbs, git };
        // A model that is woken by the end may see no more than the last line.
        const last = screen.terminal === true ? [] : [lastLine(reports, screen)];
        const lines = options.events ? last : [verdictText(reports, { ...screen, lines: LINES - last.length }), ...last];
        context.stdout.write(lines.map((line) => `${line}\n`).join(''));
      }
      return worst(reports);
    } finally {
      if (timer !== null) clearTimeout(timer);
      release();
    }
  },
});

/** A verdict with its last line: what a script or another agent reads, and never more. */
const LINES = 20;

/** Supervisors that die one after the other have a reason that another would not change. */
const MOST_ADOPTIONS = 3;

async function waitFor(
  here: Here,
  name: string,
  { signal, tells }: { readonly signal: AbortSignal; readonly tells: boolean },
  context: Context,
): Promise<RunReport> {
  for (let adopted = 0; ; ) {
    const report = await readRun(here.store, name);
    if (needsSettling(report)) {
      if (adopted === MOST_ADOPTIONS || signal.aborted) return report;
      adopted += 1;
      await ensureSupervisor(here.store, report.paths, report.state.id, 'adopt', context);
    }
    const news = tells ? await followNews(report.paths, (one) => tell(one, context)) : SILENT;
    const end = await followRun(report.paths, { clock: context.clock, signal, ...news });
    // If its supervisor died meanwhile, a new one has to collect its work.
    if (end.kind !== 'interrupted' || !needsSettling(await readRun(here.store, name))) return readRun(here.store, name);
  }
}

const SILENT = { history: 'none', onEvents: () => {} } as const;

/** One line, if it is worth one. */
async function tell({ event, state, denialsBefore }: News, context: Context): Promise<boolean> {
  const isTold = denialsBefore !== null && denialsBefore < DENIALS_TOLD;
  const line = newsLine(event, state, isTold);
  if (line !== null) await writeOut(context.stdout, `${line}\n`);
  return line !== null;
}

function worst(reports: readonly RunReport[]): ExitCode {
  if (reports.some(({ state, alive }) => alive && state.phase.kind !== 'finished')) return EXIT.running;
  const exits = reports.map(({ state }) => exitOf(state));
  return exits.find((exit) => exit === EXIT.agent) ?? exits.find((exit) => exit !== EXIT.ok) ?? EXIT.ok;
}
