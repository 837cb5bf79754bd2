import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const WAITS = `init(); fs.writeFileSync(process.env.HOME + '/waits', ''); await sleep(600000); done();`;

const person = (variants: readonly string[], claude = WRITES_A_FILE): Promise<Person> =>
  Person.create({ claude, files: { 'variants.yaml': variantsYaml(variants) } });

describe('the name of a run where a variant is expected', () => {
  it('stops the whole run', async () => {
    const made = await person(['dark', 'light'], WAITS);
    expect((await made.copse(['run', '--detach'])).exit).toBe(0);
    await expect.poll(() => existsSync(join(made.home, 'waits')), { timeout: 30_000 }).toBe(true);
    const stopped = await made.copse(['stop', 'ui']);
    expect(stopped, stopped.stderr).toMatchObject({ exit: 0 });
    await made.copse(['wait', 'ui']);
    expect(await made.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
  });

  it('is its variant if it has one, and otherwise its variants are named', async () => {
    const made = await person(['dark']);
    await made.copse(['run']);
    expect((await made.copse(['path', 'ui'])).stdout).toBe((await made.copse(['path', 'dark'])).stdout);
    expect((await made.copse(['logs', 'ui'])).stdout).toBe((await made.copse(['logs', 'dark'])).stdout);
    await made.write('variants.yaml', variantsYaml(['dark', 'light']));
    await made.copse(['run']);
    const several = await made.copse(['logs', 'ui-2']);
    expect(several.exit).toBe(2);
    expect(several.stderr).toContain('ui-2 is a run with 2 variants.');
    expect(several.stderr).toContain('ui-2/dark');
  });

  it('retries what did not succeed in it, also in an older run', async () => {
    const made = await person(
      ['dark', 'light'],
      `const seen = process.env.HOME + '/' + process.env.COPSE_RUN + variant; const again = fs.existsSync(seen); fs.writeFileSync(seen, ''); init(); if (variant === 'dark' && !again) process.exit(1); fs.writeFileSync(variant + '.txt', ''); done();`,
    );
    await made.copse(['run']);
    await made.copse(['run']);
    expect((await made.copse(['retry', 'ui'])).exit).toBe(0);
    expect(await made.outcomes('ui')).toEqual({ dark: 'succeeded', light: 'succeeded' });
    expect((await made.state('ui-2')).variants.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });

  it('prunes like --run, and gives way to a variant of the same name', async () => {
    const made = await person(['dark', 'ui']);
    await made.copse(['run']);
    const one = await made.copse(['prune', 'ui', '--yes']);
    expect(one, one.stderr).toMatchObject({ exit: 0 });
    expect(one.stderr + one.stdout).toContain('ui/ui');
    expect(one.stderr + one.stdout).not.toContain('ui/dark');
    await made.write('variants.yaml', variantsYaml(['dark', 'light']).replace('"ui"', '"links"'));
    await made.copse(['run']);
    const whole = await made.copse(['prune', 'links', '--yes']);
    expect(whole, whole.stderr).toMatchObject({ exit: 0 });
    for (const name of ['dark', 'light']) expect(whole.stderr + whole.stdout).toContain(`links/${name}`);
  });
});
