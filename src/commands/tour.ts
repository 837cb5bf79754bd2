import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { trustStore } from '../config/trust/trust-store.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Here } from '../repository/current-repository.ts';
import { readRun } from '../repository/read-runs.ts';
import { ask } from '../run/watch/ask-supervisor.ts';
import { stopTargets } from '../run/watch/stop-targets.ts';
import { shellWord } from '../text/shell-word.ts';
import { endpointEnvironment, startEndpoint } from '../tour/endpoint.ts';
import { createSampleRepository } from '../tour/sample-repository.ts';
import { tourScript } from '../tour/tour-script.ts';
import { compareText } from '../view/compare/compare-text.ts';
import { type Context, defineCommand } from './command.ts';
import { compareTargets } from './compare/compare-targets.ts';
import { gather, report } from './compare.ts';
import { drawUp, NO_PLANNING_OPTIONS, soundPlan } from './run/planning.ts';
import { start } from './run/start-planned.ts';
import { watchRun } from './run/watch-run.ts';
import { showLanding } from './tour/tour-landing.ts';
import * as say from './tour/tour-messages.ts';
import { showServing } from './tour/tour-serving.ts';

/** The variant that the tour merges: the approach that follows the system's preference. */
const TOUR_WINNER = 'adaptive';

export const command = defineCommand({
  description:
    'Shows the whole workflow in a sample repository: three UI variants, built side by side by the real claude. A script on this machine plays the model, so it needs no account or network, costs nothing and asks nothing.',
  examples: [{ line: 'copse tour', does: 'about a minute; leaves a sample repository to look at' }],
  options: {},
  schema: z.strictObject({}),
  async run(_, context) {
    const folder = await mkdtemp(join(tmpdir(), 'copse-tour-'));
    const repository = join(folder, 'app');
    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o700 });
    const endpoint = await startEndpoint(tourScript());
    try {
      await createSampleRepository(repository);
      const environment = tourEnvironment(context.environment, endpointEnvironment(endpoint.url, home));
      const tour: Context = Object.create(context, {
        cwd: { value: repository },
        environment: { value: environment },
      }) as Context;
      context.stderr.write(`${say.intro(repository)}\n\n`);
      const exit = await runSample(tour);
      if (exit === EXIT.ok)
        context.stdout.write(`\n${say.outro({ repository, folder, verbs: context.verbs, alias: aliasFor(context) })}\n`);
      else context.stderr.write(`${say.cutShort(folder)}\n`);
      return exit;
    } finally {
      await endpoint.close();
    }
  },
});

async function runSample(context: Context): Promise<ExitCode> {
  const drawn = await drawUp(NO_PLANNING_OPTIONS, context);
  const plan = soundPlan(drawn.result);
  // The sample is copse's own; it needs no approval by the user.
  const { hash, items } = plan.trust;
  await trustStore(context.environment).approve({ hash, commonDir: plan.repository.commonDir, items });
  const { run, paths } = await start(drawn, plan, 'copse tour', context);
  const exit = await watchRun({ here: drawn.here, run, owner: true, json: false }, context);
  // A user who leaves (`d`, a closed terminal) ends the endpoint too: the agents would have no model.
  const report = await readRun(drawn.here.store, run);
  if (stopTargets(report, [])) {
    await ask(drawn.here.store, paths, run, { kind: 'stop', variants: [], force: false }, context);
    context.stderr.write(`${say.stoppedToo}\n`);
    return EXIT.interrupted;
  }
  if (exit !== EXIT.ok) return exit;
  await showComparison(drawn.here, run, context);
  const served = await showServing(drawn.here, run, context);
  return served === EXIT.ok ? showLanding(TOUR_WINNER, context) : served;
}

/** The second half of the loop: which one, and why; and a page to send. */
async function showComparison(here: Here, run: string, context: Context): Promise<void> {
  const choices = { fresh: false, judge: undefined, 'judge-model': undefined, 'judge-budget-usd': undefined, order: [] };
  const { signal } = new AbortController();
  const gathered = await gather(here, await compareTargets(here, [run]), choices, context, { signal });
  const shown = compareText(gathered.evidence, { ...context.screen('stdout'), commands: context.verbs });
  context.stdout.write(`\n$ copse compare\n${shown}\n\n`);
  await report(here, gathered, join('..', 'report.html'), context, signal);
}

/** Started by `npm run`, copse is not on PATH: the commands to type must define it. */
function aliasFor(context: Context): string | null {
  if (context.environment['npm_lifecycle_event'] === undefined) return null;
  return `alias copse=${shellWord(context.self.map(shellWord).join(' '))}`;
}

/** Nothing of the person's Claude Code or git takes part: no key, no login, no configuration. */
function tourEnvironment(
  person: Readonly<Record<string, string>>,
  sample: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(person).filter(
    ([name]) => !/^(ANTHROPIC_|CLAUDE|GIT_|AWS_|GOOGLE_|XDG_|COPSE_|NODE_OPTIONS$)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...sample, COPSE_NO_NOTIFY: '1' };
}
