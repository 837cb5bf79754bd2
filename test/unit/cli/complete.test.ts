import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { complete } from '../../../src/cli/complete.ts';
import { typedVerbs } from '../../../src/commands/registry.ts';

let repo = '';

/** Runs as `copse run` leaves them: a folder each, with the plan and the beginning of the log in it. */
function addRun(name: string, variants: readonly string[]): void {
  const folder = join(repo, '.git/copse/v1/runs', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'events.ndjson'),
    `${JSON.stringify({ seq: 1, at: '2026-01-01T00:00:00.000Z', gen: 1, type: 'run.created' })}\n`,
  );
  writeFileSync(
    join(folder, 'plan.json'),
    JSON.stringify({ schema: 1, variants: variants.map((variant) => ({ name: variant })) }),
  );
}

beforeAll(() => {
  repo = mkdtempSync(join(tmpdir(), 'complete-'));
  mkdirSync(join(repo, '.git'));
  mkdirSync(join(repo, 'src'));
  writeFileSync(join(repo, 'variants.yaml'), 'name: ui\nprompt: Do it.\nvariants:\n  dark: A\n  docs: B\n');
  addRun('ui', ['dark', 'light']);
  addRun('api', ['rest', 'dark']);
  addRun('broken', []);
  writeFileSync(join(repo, '.git/copse/v1/runs/broken/plan.json'), '{"varia');
});

async function offers(...words: string[]): Promise<string[]> {
  const text = await complete(words, join(repo, 'src'));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '')
    .sort();
}

describe('complete', () => {
  it('offers the verbs, with what they do', async () => {
    expect(await offers('')).toEqual(
      typedVerbs()
        .map(({ name }) => name)
        .sort(),
    );
    expect(await offers('st')).toEqual(['status', 'stop']);
    expect(await complete(['pat'], repo)).toBe("path\tprint the path of a variant's worktree\n");
    expect(await complete([], repo)).toBe(await complete([''], repo));
  });

  it('offers variants of runs, with their run once it is begun', async () => {
    expect(await offers('path', '')).toEqual(['dark', 'light', 'rest']);
    expect(await offers('logs', 'ui')).toEqual(['ui/dark', 'ui/light']);
    expect(await offers('logs', 'ui/d')).toEqual(['ui/dark']);
    expect(await offers('stop', 'dark', 'l')).toEqual(['light']);
  });

  it('offers runs, and the variants that the file declares', async () => {
    expect(await offers('status', '')).toEqual(['api', 'broken', 'ui']);
    expect(await offers('run', '')).toEqual(['dark', 'docs']);
  });

  it('offers options, and what they take', async () => {
    expect(await offers('logs', 'dark', '--che')).toEqual(['--check']);
    expect(await offers('--no')).toEqual(['--no-color']);
    expect(await offers('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    expect(await offers('init', '--template', '')).toEqual(['ab', 'demo', 'features']);
  });

  it('leaves files to the shell', async () => {
    expect(await offers('exec', 'dark', '--', 'npm', '')).toEqual([':files']);
    expect(await offers('plan', '-f', 'va')).toEqual([':files']);
  });

  it('offers nothing, and says nothing, where it knows nothing', async () => {
    expect(await complete(['path', ''], tmpdir())).toBe('');
    expect(await complete(['xyzzy', ''], repo)).toBe('');
    expect(await complete(['path', ''], join(repo, 'gone'))).not.toBeNull();
  });
});
