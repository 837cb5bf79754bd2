import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

describe('ids of runs', () => {
  it('are the name of the file, then -2, then what --name says', async () => {
    const person = await Person.create({ claude: WRITES_A_FILE, files: { 'variants.yaml': variantsYaml(['dark']) } });
    const ids: string[] = [];
    for (const more of [[], [], ['--name', 'r2'], ['--name', 'ui-7'], []]) {
      const started = await person.copse(['run', '--detach', ...more]);
      expect(started).toMatchObject({ exit: 0 });
      const id = started.stdout.trim();
      ids.push(id);
      await person.copse(['wait', id]);
    }
    expect(ids).toEqual(['ui', 'ui-2', 'r2', 'ui-7', 'ui-3']);
    const taken = await person.copse(['run', '--name', 'r2']);
    expect(taken.exit).not.toBe(0);
    expect(taken.stderr).toContain('r2');
  });
});
