import { expect, test } from 'vitest';
import { pruneLine } from '../../../../src/commands/prune/prune-line.ts';

const plain = { variant: [], all: false, others: false, fetch: false, purge: false, 'skip-teardown': false };

test('a prune is repeated as it was typed, with all that narrows it', () => {
  expect(pruneLine(plain)).toBe('copse prune');
  expect(pruneLine({ ...plain, all: true, older: '30d', others: true, fetch: true, purge: true, 'skip-teardown': true })).toBe(
    'copse prune --all --older 30d --others --fetch --purge --skip-teardown',
  );
  expect(pruneLine({ ...plain, variant: ['ui/dark', 'my branch'], run: 'ui' })).toBe('copse prune ui/dark "my branch" --run ui');
});
