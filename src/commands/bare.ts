import { join } from 'node:path';
import * as z from 'zod/mini';
import { variantsFilePath } from '../config/read-configuration.ts';
import { loadSettings } from '../config/settings/load-settings.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { NOTHING_MOVED } from '../model/run-state/run-choice.ts';
import type { SourcedSettings } from '../model/settings.ts';
import { countOthers } from '../prune/candidates/count-others.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { lookAtLatestRuns, lookAtRuns, type RunReport, readable } from '../repository/read-runs.ts';
import { runNow } from '../repository/run-now.ts';
import { cutShort } from '../run/watch/cut-short.ts';
import { planHints } from '../run/watch/plan-hints.ts';
import { readiness } from '../survey/readiness.ts';
import { MANY, welcomeText } from '../view/run/welcome-text.ts';
import { defineCommand } from './command.ts';
import { tellPlanted } from './tell-planted.ts';

/** Finished runs that are still shown; live ones always are. */
const FINISHED_SHOWN = 1;

export const command = defineCommand({
  description: 'Shows the state of your runs and what to do next; the first time, three ways to start.',
  examples: [{ line: 'copse', does: 'state and next steps' }],
  options: {},
  schema: z.strictObject({}),
  async run(_, context) {
    const here = await hereOrNull(context.cwd);
    tellPlanted(context);
    const latest = here === null ? [] : readable(await lookAtLatestRuns(here.store, FINISHED_SHOWN));
    for (const sentence of here === null ? [] : await cutShort(here.store)) context.stderr.write(`${sentence}\n`);
    const runs = worthShowing(latest);
    const { settings } = await loadSettings({ root: here?.repository.here ?? null, environment: context.environment, flags: {} });
    const variantsFile = here === null ? null : await variantsFileOf(here, settings);
    const others = here === null ? null : await othersHere(here);
    const facts = {
      ...(others === null ? {} : { others }),
      ...(await readiness({ environment: context.environment, variantsFile })),
      runs: runs.map(({ state, alive }) => ({ state, alive })),
      repository: here === null ? null : { branch: here.repository.headBranch, hasCommit: here.repository.headCommit !== null },
    };
    const last = runs.at(-1);
    const hints = last === undefined ? {} : await planHints(last.paths);
    const git = here === null || last === undefined ? NOTHING_MOVED : await runNow(here, last.state);
    const screen = {
      ...context.screen('stdout'),
      now: context.clock.now(),
      commands: canInit(here) ? context.verbs : new Set([...context.verbs].filter((verb) => verb !== 'init')),
      ...hints,
      git,
    };
    context.stdout.write(`${welcomeText(facts, screen)}\n`);
    return EXIT.ok;
  },
});

/** A bare repository has no checkout to write files into. */
function canInit(here: Here | null): boolean {
  return here === null || !here.repository.bare || here.repository.here !== here.repository.root;
}

/** One that leads outside is there as well: the commands that read it say what is wrong. */
async function variantsFileOf({ repository }: Here, settings: SourcedSettings): Promise<string | null> {
  const usual = join(repository.here, settings.variantsFile.value);
  try {
    return (await variantsFilePath(repository.here, repository.here, null, settings)) ?? usual;
  } catch (error) {
    if (error instanceof CopseError) return usual;
    throw error;
  }
}

/** Worktrees that copse did not create, if there are many. */
async function othersHere({ repository, store }: Here): Promise<{ count: number; landed: number } | null> {
  const runs = async (): Promise<readonly RunReport[]> => readable(await lookAtRuns(store));
  try {
    return await countOthers({ repository, runs, least: MANY, signal: new AbortController().signal });
  } catch (error) {
    // A hint is not worth an error: if git fails here, it also fails in prune, which reports it.
    if (error instanceof CopseError) return null;
    throw error;
  }
}

/** Outside a repository this screen still has something to say; an unsafe or broken one is an error as everywhere. */
async function hereOrNull(cwd: string): Promise<Here | null> {
  try {
    return await openHere(cwd);
  } catch (error) {
    if (error instanceof CopseError && (error.code === 'not-a-repository' || error.code === 'git-missing')) return null;
    throw error;
  }
}

function worthShowing(runs: readonly RunReport[]): readonly RunReport[] {
  const finished = runs.filter(({ state }) => state.phase.kind === 'finished');
  const kept = new Set(finished.slice(-FINISHED_SHOWN));
  return runs.filter((run) => run.state.phase.kind !== 'finished' || kept.has(run));
}
