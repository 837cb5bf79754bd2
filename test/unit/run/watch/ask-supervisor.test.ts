import { appendFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../src/run/watch/ask-supervisor.ts';
import { ensureSupervisor } from '../../../../src/run/watch/ensure-supervisor.ts';
import { runPaths } from '../../../../src/store/layout.ts';
import { reserveRun } from '../../../../src/store/run-folders.ts';
import { systemClock } from '../../../../src/system/system-clock.ts';
import { SAMPLE_BODIES } from '../../../support/sample-events.ts';
import { appendAll, temporaryStore } from '../../../support/temporary-run.ts';

/** In place of copse: prints its argument, and ends. */
const launcher = (says: string) => ({
  self: [process.execPath, '-e', `process.stdout.write(${JSON.stringify(says)})`, '--'] as const,
  environment: {},
  clock: systemClock,
});

async function run() {
  const store = await temporaryStore();
  return { store, paths: runPaths(store, await reserveRun(store, 'ui')) };
}

describe('ask', () => {
  it('starts nobody to stop what ended between the look and the question', async () => {
    const { store, paths } = await run();
    await appendAll(paths, [
      SAMPLE_BODIES['run.created'],
      { type: 'run.finished', ending: 'completed', fatal: null, reason: '' },
    ]);
    const stop = { kind: 'stop', variants: [], force: false } as const;
    expect(await ask(store, paths, 'ui', stop, launcher('started'))).toEqual({ accepted: true, detail: 'It has ended already.' });
    expect(await readdir(paths.requests)).toEqual([]);
    expect(await readdir(paths.dir)).not.toContain('supervisor.log');
  });
});

describe('ensureSupervisor', () => {
  it('does not take the last words of an earlier one for those of the one it starts', async () => {
    const { store, paths } = await run();
    await appendFile(paths.supervisorLog, 'There is no space left.\n');
    expect(await ensureSupervisor(store, paths, 'ui', 'adopt', launcher(''))).toBe(true);
    await expect(ensureSupervisor(store, paths, 'ui', 'adopt', launcher('It is broken.'))).rejects.toMatchObject({
      code: 'no-supervisor',
      why: 'It printed: It is broken.',
    });
  });
});
