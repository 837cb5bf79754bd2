import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureStore, storeAt } from '../../../src/store/layout.ts';
import {
  listIntents,
  readIntent,
  readRecord,
  removeIntent,
  writeIntent,
  writeRecord,
} from '../../../src/worktree/worktree-record.ts';
import { temporaryDirectory } from '../../support/git-repository.ts';

const RECORD = {
  schema: 1,
  run: 'ui',
  variant: 'dark',
  path: '/w',
  branch: 'ui/dark',
  start: 'a'.repeat(40),
  nonce: '4b3f1a52-9c1e-4c55-8d1e-0f8a1f1f1f1f',
  gitDir: '/g',
  port: 41_000,
  copied: ['.env'],
} as const;

test('records and intents come back as they were', async () => {
  const gitDir = temporaryDirectory();
  await writeRecord({ ...RECORD, gitDir });
  expect(await readRecord(gitDir)).toEqual({ ...RECORD, gitDir });
  const commonDir = temporaryDirectory();
  const store = storeAt(commonDir);
  const begun = { ...RECORD, gitDir: join(commonDir, 'worktrees', 'ui-dark'), port: null };
  await ensureStore(store);
  expect(await listIntents(store)).toEqual([]);
  await writeIntent(store, begun);
  expect(await readIntent(store, 'ui', 'dark')).toEqual(begun);
  expect(await listIntents(store)).toEqual([begun]);
  await removeIntent(store, 'ui', 'dark');
  await removeIntent(store, 'ui', 'dark');
  expect(await readIntent(store, 'ui', 'dark')).toBeNull();
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"schema":2}',
  JSON.stringify({ ...RECORD, nonce: 1 }),
  JSON.stringify({ ...RECORD, port: 'x' }),
])('a broken one proves nothing: %s', async (text) => {
  const gitDir = temporaryDirectory();
  writeFileSync(join(gitDir, 'copse.json'), text);
  expect(await readRecord(gitDir)).toBeNull();
});
