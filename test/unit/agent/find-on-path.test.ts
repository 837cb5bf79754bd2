import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOnPath } from '../../../src/agent/find-on-path.ts';

describe('findOnPath', () => {
  it('takes the first executable file, and never one of the current directory', async () => {
    const top = await mkdtemp(join(tmpdir(), 'path-'));
    for (const folder of ['one', 'two', 'three']) await mkdir(join(top, folder));
    await mkdir(join(top, 'one/tool'));
    await writeFile(join(top, 'two/tool'), '');
    await writeFile(join(top, 'three/tool'), '');
    await chmod(join(top, 'three/tool'), 0o755);
    const path = (...folders: string[]) => ({ PATH: folders.join(':') });
    const all = ['one', 'two', 'three'].map((folder) => join(top, folder));
    // To root every file is executable only where some x bit is set.
    expect(await findOnPath('tool', path('/nowhere', ...all))).toBe(join(top, 'three/tool'));
    expect(await findOnPath('tool', path('', '.', relative(process.cwd(), join(top, 'three'))))).toBeNull();
    expect(await findOnPath('tool', {})).toBeNull();
  });
});
