import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendFor } from '../../src/agent/backend.ts';
import { loadVariantsFile } from '../../src/config/variants-file.ts';
import { runCommand } from '../../src/system/run-command.ts';
import { endpointEnvironment, startEndpoint } from '../../src/tour/endpoint.ts';
import { createSampleRepository } from '../../src/tour/sample-repository.ts';
import { tourScript } from '../../src/tour/tour-script.ts';
import { CLAUDE, Place, samplePlan, sampleVariant } from '../support/claude-attempt.ts';

describe('the tour', () => {
  it('builds three different themes with the real claude; each passes checks that the base fails', async () => {
    const place = await Place.create();
    const root = join(place.top, 'sample');
    const { variantsFile } = await createSampleRepository(root);
    const loaded = await loadVariantsFile(variantsFile, { root });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.file.variants.map(({ name }) => name)).toEqual(['dark', 'light', 'adaptive']);
    const verify = loaded.file.verify ?? [];
    const check = async (cwd: string) =>
      await Promise.all(verify.map(async ({ run }) => (await runCommand('sh', ['-c', run], { cwd, env: place.env })).exitCode));
    expect(await check(root)).toEqual([0, 1]);
    const endpoint = await startEndpoint(tourScript(20));
    try {
      const attempts = loaded.file.variants.map(async ({ name, approach = '' }) => {
        const worktree = join(place.top, name);
        await runCommand('git', ['-C', root, 'worktree', 'add', '-q', '-b', `ui/${name}`, worktree], {
          cwd: root,
          env: place.env,
        });
        const folder = join(place.top, `attempt-${name}`);
        await mkdir(join(folder, 'extras'), { recursive: true });
        const file = (suffix: string) => join(folder, suffix);
        const files = {
          prompt: file('prompt'),
          stdout: file('out'),
          stderr: file('err'),
          exit: file('exit'),
          extras: file('extras'),
        };
        const variant = sampleVariant({ worktree }, { name, runner: { ...CLAUDE, model: 'sonnet' } });
        const backend = backendFor(variant.runner);
        const plan = samplePlan({ repo: root }, variant, { verify });
        const environment = { ...place.env, ...endpointEnvironment(endpoint.url, place.home) };
        const request = {
          variant,
          plan,
          worktree,
          files,
          sessionId: crypto.randomUUID(),
          resume: false,
          message: `${loaded.file.prompt}\n${approach}`,
          budgetUsd: 2,
        };
        const command = await backend.prepare({ ...request, environment, variables: {}, sessionCostUsd: 0 });
        const input = await readFile(command.stdin);
        const ran = await runCommand(command.file, command.args, { cwd: worktree, env: command.env, input });
        const reader = backend.reader({ sessionCostUsd: 0, secretValues: [], model: null });
        for (const line of ran.stdout.toString('utf8').split('\n')) reader.push(Buffer.from(line));
        const verdict = reader.settle({ exit: { code: ran.exitCode ?? 1, timedOut: false }, stderrTail: '', stopped: null });
        expect([name, await check(worktree)]).toEqual([name, [0, 0]]);
        return { verdict, css: await readFile(join(worktree, 'src/theme.css'), 'utf8') };
      });
      const done = await Promise.all(attempts);
      expect(done.map(({ verdict }) => verdict.outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect(new Set(done.map(({ css }) => css)).size).toBe(3);
      expect(done.map(({ verdict }) => verdict.denials.map(({ allow }) => allow))).toEqual([[], ['Bash(npm install *)'], []]);
      for (const { verdict } of done) {
        expect(verdict.costUsd).toBeGreaterThan(0.01);
        expect(verdict.costUsd).toBeLessThan(1);
        expect(verdict.turns).toBeGreaterThan(5);
      }
    } finally {
      await endpoint.close();
    }
  });
});
