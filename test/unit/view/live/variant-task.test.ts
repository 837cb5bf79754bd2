import { Listr } from 'listr2';
import { expect, test } from 'vitest';
import type { VariantPhase, VariantState } from '../../../../src/model/run-state/state.ts';
import { FrameRenderer } from '../../../../src/view/live/frame-renderer.ts';
import { VariantTask } from '../../../../src/view/live/variant-task.ts';
import { anAttempt, at, aVariant, aVerdict, COMMIT, check, ended, running } from '../a-run.ts';

const dark = (phase: VariantPhase, more: Partial<VariantState> = {}): VariantState => aVariant('dark', { phase, ...more });
const queued = dark({ kind: 'queued' });
const preparing = dark({ kind: 'preparing', step: 'npm ci' });
const agent = running('dark', 'Edit src/a.ts');
const attempts = [anAttempt({ verdict: aVerdict() })];
const commit = { commit: COMMIT, tree: 't', parked: null };
const verifying = dark({ kind: 'verifying', check: 'test' }, { attempts, commit });

/** The task of `variant` under listr2, once it is open; `now`: its state, its steps, and what it does. */
function taskOf(variant: VariantState) {
  const task = new VariantTask(variant);
  const listr = new Listr<void, typeof FrameRenderer, typeof FrameRenderer>([task.definition()], {
    exitOnError: false,
    registerSignalListeners: false,
    renderer: FrameRenderer,
    silentRendererCondition: true,
  });
  const end = listr.run();
  const now = () => {
    const [one] = listr.tasks;
    const steps = (one?.subtasks ?? []).map(({ title, state }) => `${title} ${state.toLowerCase()}`);
    const shown = one?.subtasks?.find((step) => step.isStarted()) ?? one;
    return [one?.state.toLowerCase(), steps.join(', '), shown?.output];
  };
  const becomes = (next: VariantState, activity: string): void => task.update(next, activity);
  return { task, now, becomes, end };
}

test('each step begins when the one before it is over', async () => {
  const { task, now, becomes, end } = taskOf(queued);
  becomes(queued, 'queued');
  await expect.poll(now).toEqual(['waiting', '', 'queued']);
  becomes(preparing, 'preparing: npm ci');
  const waiting = 'agent waiting, commit waiting, checks waiting';
  await expect.poll(now).toEqual(['started', `prepare started, ${waiting}`, 'preparing: npm ci']);
  becomes(agent, 'Edit src/a.ts');
  const inAgent = 'prepare completed, agent started, commit waiting, checks waiting';
  await expect.poll(now).toEqual(['started', inAgent, 'Edit src/a.ts']);
  becomes(dark({ kind: 'retrying', attempt: 1, at: at(9) }, { attempts }), 'retrying in 9s');
  await expect.poll(now).toEqual(['paused', inAgent, 'retrying in 9s']);
  becomes(verifying, 'running check test');
  const inChecks = 'prepare completed, agent completed, commit completed, checks started';
  await expect.poll(now).toEqual(['started', inChecks, 'running check test']);
  becomes(ended('dark', {}, { commit, checks: [check('test', 'failed')] }), 'succeeded, but check test fails');
  const failed = 'prepare completed, agent completed, commit completed, checks failed';
  await expect.poll(now).toEqual(['failed', failed, 'succeeded, but check test fails']);
  task.close();
  await end;
});

test('a retry opens the task again, with steps of its own', async () => {
  const { task, now, becomes, end } = taskOf(ended('dark', { outcome: 'failed', reason: 'Overloaded.' }));
  becomes(ended('dark', { outcome: 'failed', reason: 'Overloaded.' }), 'failed: Overloaded.');
  await expect.poll(() => now()[0]).toBe('failed');
  becomes(queued, 'queued');
  await expect.poll(() => [now()[0], now()[2]]).toEqual(['waiting', 'queued']);
  becomes(agent, 'Edit src/a.ts');
  await expect
    .poll(now)
    .toEqual(['started', 'prepare completed, agent started, commit waiting, checks waiting', 'Edit src/a.ts']);
  becomes(ended('dark', {}, { commit, checks: [check('test', 'passed')] }), 'succeeded');
  await expect
    .poll(now)
    .toEqual(['completed', 'prepare completed, agent completed, commit completed, checks completed', 'succeeded']);
  task.close();
  await end;
});

test('the step that went wrong has failed, and what came to nothing is skipped', async () => {
  const { task, now, becomes, end } = taskOf(preparing);
  becomes(preparing, 'preparing: npm ci');
  await expect.poll(() => now()[2]).toBe('preparing: npm ci');
  const reason = 'Set-up failed: npm ci.';
  becomes(dark({ kind: 'finished', outcome: 'failed', reason, at: at(5) }), `failed: ${reason}`);
  await expect
    .poll(now)
    .toEqual(['failed', 'prepare failed, agent skipped, commit skipped, checks skipped', `failed: ${reason}`]);
  task.close();
  await end;
});

test('a view that leaves ends the task at any step', async () => {
  for (const variant of [queued, preparing, agent, verifying, ended('dark')]) {
    const { task, becomes, end } = taskOf(variant);
    becomes(variant, 'x');
    task.close();
    await expect(end).resolves.toBeDefined();
  }
});
