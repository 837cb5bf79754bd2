import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const registries = {
  'below XDG_STATE_HOME': { set: true, unset: [] },
  'in the repository’s store, without a home': { set: false, unset: ['HOME', 'XDG_STATE_HOME'] },
};

it.each(Object.entries(registries))('what is leased is given back where it was leased: %s', async (_, { set, unset }) => {
  const person = await Person.create({
    claude: WRITES_A_FILE,
    files: { 'variants.yaml': variantsYaml(['dark', 'light']) },
  });
  const state = join(person.home, 'a-state');
  await mkdir(state, { recursive: true });
  const where = { unset, env: set ? { XDG_STATE_HOME: state } : {} };
  const registry = join(set ? join(state, 'copse') : join(person.repo, '.git/copse/v1'), 'ports');
  expect(await person.copse(['run'], where)).toMatchObject({ exit: 0 });
  expect(await readdir(registry)).toHaveLength(2);
  expect(await person.copse(['prune', '--run', 'ui', '--yes'], where)).toMatchObject({ exit: 0 });
  expect(await readdir(registry)).toEqual([]);
});
