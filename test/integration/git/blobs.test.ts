import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBlobs } from '../../../src/git/objects/blobs.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

test('contents of objects; missing ones are left out', async () => {
  const sandbox = new Sandbox();
  const git = objectsGit(join(sandbox.root, '.git'));
  const id = sandbox.git('rev-parse', 'HEAD:a.txt');
  const other = sandbox.git('rev-parse', 'HEAD:b.txt');
  const blobs = await readBlobs(git, [id, 'f'.repeat(40), other, id]);
  expect([...blobs].map(([name, content]) => [name, content.toString()])).toEqual([
    [id, 'a\n'],
    [other, 'b\n'],
  ]);
});

test('where all together are too much, large ones are left out', { timeout: 120_000 }, async () => {
  const sandbox = new Sandbox();
  write(sandbox.root, { large: new Uint8Array(66 * 1024 * 1024) });
  const large = sandbox.git('hash-object', '-w', 'large');
  const small = sandbox.git('rev-parse', 'HEAD:a.txt');
  const blobs = await readBlobs(objectsGit(join(sandbox.root, '.git')), [large, small]);
  expect([...blobs.keys()]).toEqual([small]);
});
