import { expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';

it('takes a typed name that has nothing to do with the name in the file', async () => {
  const person = await Person.create({
    claude: WRITES_A_FILE,
    files: { 'variants.yaml': 'name: ui\nprompt: Rework it.\nvariants:\n  dark: Dark.\n' },
  });
  const started = await person.copse(['run', '--detach', '--name', 'other']);
  expect(started).toMatchObject({ exit: 0, stdout: 'other\n' });
  await person.waitForEvent('run.finished', { run: 'other' });
  expect(await person.outcomes('other')).toEqual({ dark: 'succeeded' });
});
