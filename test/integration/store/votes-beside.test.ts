import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPaths, storeAt } from '../../../src/store/layout.ts';
import { readVotes } from '../../../src/store/votes.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const CASTER = join(import.meta.dirname, '../../support/vote-caster.ts');

test('several processes that serve one run keep each other’s votes', async () => {
  const home = await temporaryFolder();
  const paths = runPaths(storeAt(home), 'ui');
  await mkdir(paths.dir, { recursive: true });
  const voters = ['a', 'b', 'c'].map((page) => Array.from({ length: 25 }, (_, n) => `${page}${n}`));
  const codes = await Promise.all(
    voters.map(async (names) => {
      const child = spawn(process.execPath, [CASTER, home, 'ui', 'dark', ...names], { stdio: 'inherit' });
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    }),
  );
  expect(codes).toEqual([0, 0, 0]);
  const kept = (await readVotes(storeAt(home), 'ui')).map(({ voter }) => voter);
  expect(kept.toSorted()).toEqual(voters.flat().toSorted());
  expect(await readdir(paths.dir)).toEqual(['votes.json']);
});
