import { describe, expect, it } from 'vitest';
import { nextJson } from '../../../../src/view/next-json.ts';
import { briefJson } from '../../../../src/view/run/brief-json.ts';
import { anAttempt, aRun, check, ended, finishedRun, running } from '../a-run.ts';

const commands = new Set(['compare', 'merge', 'retry', 'logs', 'prune', 'resume', 'exec']);
const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const LONG = 'Ωx '.repeat(500);

/** As much as a variant can have to say. */
const wordy = (name: string) =>
  ended(
    name,
    { outcome: 'failed', reason: LONG, changes: [12_345, 67_890, 12_345], costUsd: 1.23456789 },
    {
      checks: Array.from({ length: 30 }, (_, index) => check(`check-${index}`, 'failed', LONG)),
      attempts: [
        anAttempt({
          denials: Array.from({ length: 80 }, (_, index) => ({ tool: 'Bash', input: `${index} ${LONG}`, count: 3, allow: LONG })),
        }),
      ],
    },
  );

describe('what an agent reads of a run', () => {
  it('is whole for an ordinary run of three variants', () => {
    const json = briefJson([{ state: finishedRun, alive: false }], { commands });
    expect(size(json)).toBeLessThan(2_000);
    expect(json.truncated).toBe(false);
    const [run] = json.runs;
    expect(run).toMatchObject({ id: 'ui', state: 'finished', ending: 'completed', count: 3 });
    expect(run?.variants.find(({ name }) => name === 'light')?.checks[0]).toEqual({
      name: 'test',
      standing: 'broke',
      detail: '2 of 48 fail (theme.spec.ts)',
    });
    expect(json.next.find(({ command }) => command.startsWith('copse retry'))).toMatchObject({ spends: true, destroys: false });
  });

  it('stays below two kilobytes for three variants that have everything to say, and says that it was cut', () => {
    const state = aRun(['dark', 'light', 'adaptive'].map(wordy), { phase: { ...finishedRun.phase } });
    const json = briefJson([{ state, alive: false }], { commands });
    expect(size(json)).toBeLessThan(2_000);
    expect(json.truncated).toBe(true);
    expect(json.runs[0]?.variants.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'dark failed',
      'light failed',
      'adaptive failed',
    ]);
  });

  it('keeps to a bound that is given, for 50 variants too, and counts those it leaves out', () => {
    const state = aRun(Array.from({ length: 50 }, (_, index) => wordy(`v${index}`)));
    const json = briefJson([{ state, alive: true }], { commands, bytes: 2_000 });
    expect(size(json)).toBeLessThan(2_000);
    expect(json.truncated).toBe(true);
    expect(json.runs[0]?.count).toBe(50);
    expect(json.runs[0]?.variants.length).toBeGreaterThan(3);
  });

  it('proposes to wait for what is running', () => {
    const state = aRun([running('dark', 'Edit src/theme.css')]);
    expect(briefJson([{ state, alive: true }], { commands })).toMatchObject({
      runs: [{ variants: [{ activity: 'Edit src/theme.css', outcome: null }] }],
      next: [{ command: 'copse wait ui', spends: false, destroys: false }],
    });
  });

  it.for([
    ['copse retry light', true, false],
    ['copse resume ui', true, false],
    ['copse prune', false, true],
    ['copse merge dark', false, false],
  ] as const)('%s', ([command, spends, destroys]) => {
    expect(nextJson(command, 'x')).toEqual({ command, why: 'x', spends, destroys });
  });
});
