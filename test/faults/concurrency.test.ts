import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

describe('several at once', () => {
  it('fault 40: two copse run at once get two ids, and each its own work', async () => {
    const person = await Person.create({ claude: WRITES_A_FILE, files: { 'variants.yaml': variantsYaml(['dark', 'light']) } });
    const before = await person.fingerprint();
    const ends = await Promise.all([person.copse(['run']), person.copse(['run'])]);
    expect(ends.map((end) => end.exit)).toEqual([0, 0]);
    for (const run of ['ui', 'ui-2']) {
      expect(await person.outcomes(run)).toEqual({ dark: 'succeeded', light: 'succeeded' });
      expect(await person.git('diff', '--name-only', `main...${run}/dark`)).toBe('dark.txt');
    }
    await person.supervisorGone('ui-2');
    await person.holds(before);
  });

  it('fault 41: 50 variants: no lock fails, the limit holds, nothing is mixed up', { timeout: 180_000 }, async () => {
    const names = Array.from({ length: 50 }, (_, index) => `v${index + 1}`);
    const person = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', variant); done();`,
      files: { 'variants.yaml': variantsYaml(names, { concurrency: 4 }) },
    });
    const before = await person.fingerprint();
    expect((await person.copse(['run'])).exit).toBe(0);
    expect(Object.values(await person.outcomes())).toEqual(names.map(() => 'succeeded'));
    let running = 0;
    let most = 0;
    for (const event of await person.events()) {
      if (event.type === 'variant.preparing') running += 1;
      if (event.type === 'variant.finished') running -= 1;
      most = Math.max(most, running);
    }
    expect(most).toBe(4);
    for (const name of names) expect(await person.git('diff', '--name-only', `main...ui/${name}`)).toBe(`${name}.txt`);
    await person.holds(before);
  });
});
