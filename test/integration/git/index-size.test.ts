import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { summarizeIndex } from '../../../src/git/worktree/index-size.ts';
import { Sandbox } from '../../support/git-repository.ts';

it('sums the sizes of all files, in each version of the format', async () => {
  const sandbox = new Sandbox();
  let bytes = sandbox
    .git('ls-files', '-s', '--debug')
    .split('\n')
    .reduce((sum, line) => sum + Number(/^ {2}size: (\d+)/.exec(line)?.[1] ?? 0), 0);
  for (const [name, size] of [
    ['a', 1],
    ['x/longer/way/that/shares/a/beginning.txt', 700],
    ['x/longer/way/to/another.txt', 30],
  ] as const) {
    const path = join(sandbox.root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'x'.repeat(size));
    bytes += size;
  }
  sandbox.git('add', '-A');
  const index = join(sandbox.root, '.git/index');
  for (const version of ['2', '3', '4']) {
    sandbox.git('update-index', '--index-version', version);
    expect(await summarizeIndex(index, 20), `version ${version}`).toEqual({ bytes, mayHide: false });
    const without = new Set(['x/longer/way/to/another.txt', 'x/longer/way/that/shares/a/beginning.txt', 'not there']);
    expect(await summarizeIndex(index, 20, without), `version ${version}`).toEqual({ bytes: bytes - 730, mayHide: false });
    for (const option of ['assume-unchanged', 'skip-worktree']) {
      sandbox.git('update-index', `--${option}`, 'a');
      expect(await summarizeIndex(index, 20), `${option} in version ${version}`).toEqual({ bytes, mayHide: true });
      sandbox.git('update-index', `--no-${option}`, 'a');
    }
  }
});

it('does not believe what is no index', async () => {
  const sandbox = new Sandbox();
  const file = join(sandbox.root, 'fake');
  expect(await summarizeIndex(file, 20)).toBe(null);
  for (const content of ['', 'DIRC', 'DIRC\0\0\0\x02\xff\xff\xff\xff', `DIRC\0\0\0\x04\0\0\0\x01${'\xff'.repeat(100)}`]) {
    writeFileSync(file, content, 'latin1');
    expect(await summarizeIndex(file, 20)).toBe(null);
  }
});
