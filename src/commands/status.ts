import * as z from 'zod/mini';
import { decisionAbout } from '../compare/choose.ts';
import { EXIT } from '../model/exit-code.ts';
import type { ServeRecord } from '../model/reports/served.ts';
import { openHere } from '../repository/current-repository.ts';
import { lookAtLatestRuns, lookAtRuns, type RunReport, readable, readRun } from '../repository/read-runs.ts';
import { cutShort } from '../run/watch/cut-short.ts';
import { servingNow } from '../serve/serving-now.ts';
import { runWord, type StatusRun } from '../view/run/run-word.ts';
import { statusJson } from '../view/run/status-json.ts';
import { statusText } from '../view/run/status-text.ts';
import { serveLine } from '../view/serve/serve-list.ts';
import * as say from '../view/serve/serve-words.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { forReader } from './refuse-agent.ts';

const WATCH_MS = 1_000;
/** Without a name the finished ones of long ago are left out. */
const RECENT = 5;

export const command = defineCommand({
  description: 'Shows all runs and their variants: what is running, how each one ended, what to do next.',
  examples: [
    { line: 'copse status', does: 'the latest runs' },
    { line: 'copse status ui --json', does: 'one run in a few words, for an agent; --full for a script' },
    { line: 'copse status --watch', does: 'again every second' },
  ],
  arguments: { run: 'one run (default: the latest)' },
  options: {
    watch: { kind: 'flag', alias: 'w', summary: 'show it again every second, until Ctrl-C' },
    all: { kind: 'flag', summary: 'also runs that ended long ago' },
    json: JSON_OPTION,
    full: { kind: 'flag', summary: 'with --json: all there is to know of one run' },
  },
  schema: z.strictObject({
    run: z.optional(z.string()),
    watch: z.boolean(),
    all: z.boolean(),
    json: z.boolean(),
    full: z.boolean(),
  }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const look = async (): Promise<readonly RunReport[]> => {
      if (options.run !== undefined) return [await readRun(here.store, options.run)];
      const looked = await (options.all ? lookAtRuns(here.store) : lookAtLatestRuns(here.store, RECENT));
      const all = readable(looked);
      for (const { id, error } of looked.unreadable) context.stderr.write(`Run ${id} cannot be read: ${error.message}\n`);
      return options.all ? all : all.filter((one, index) => index >= all.length - RECENT || runWord(one) !== 'finished');
    };
    const decided = (runs: readonly RunReport[]): Promise<readonly StatusRun[]> =>
      Promise.all(runs.map(async ({ state, alive }) => ({ state, alive, decision: await decisionAbout(here.store, state) })));
    for (const sentence of await cutShort(here.store)) context.stderr.write(`${sentence}\n`);
    const isBrief = options.run !== undefined && options.json && !options.full;
    const print = async (before: string): Promise<void> => {
      const [runs, serving] = await Promise.all([look(), isBrief ? [] : servingNow(here.store)]);
      context.stdout.write(before);
      if (!isBrief) return show(await decided(runs), serving, options.json, context);
      const { printBrief } = await import('./run/print-brief.ts');
      await printBrief(here, runs, context);
    };
    if (!options.watch) {
      await print('');
      return EXIT.ok;
    }
    const ended = new AbortController();
    const release = context.onSignal(() => ended.abort());
    const clear = context.stdout.isTTY === true && !options.json;
    while (!ended.signal.aborted) {
      await print(clear ? '\u001b[H\u001b[2J' : '');
      await context.clock.sleep(WATCH_MS, ended.signal);
    }
    release();
    return EXIT.ok;
  },
});

function show(runs: readonly StatusRun[], serving: readonly ServeRecord[], json: boolean, context: Context): void {
  const reports = forReader(runs, context);
  if (json) {
    context.stdout.write(`${JSON.stringify(statusJson(reports, serving))}\n`);
    return;
  }
  const served = serving.flatMap(servedLines);
  const lines = served.length === 0 ? [] : ['', ...served, say.statusStop];
  const text = statusText(reports, { ...context.screen('stdout'), now: context.clock.now() });
  context.stdout.write(`${[text, ...lines].join('\n')}\n`);
}

/** Those that are up or on their way in a line; a line for each of the others, with why. */
function servedLines(record: ServeRecord): readonly string[] {
  const isDown = ({ state }: ServeRecord['servers'][number]): boolean => state === 'failed' || state === 'stopped';
  const down = record.servers.filter(isDown);
  const labels = record.servers.filter((one) => !isDown(one)).map(({ label }) => label);
  return [say.status({ ...record, labels }), ...down.map((one) => `  ${serveLine({ ...one, tail: [] })}`)];
}
