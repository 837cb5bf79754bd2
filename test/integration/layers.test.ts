import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importCycles } from '../support/import-cycles.ts';
import { layerViolations } from '../support/layer-violations.ts';
import { MAY_IMPORT, restrictionsOf } from '../support/layers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A `src/` with these files alone. */
function planted(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'src', path)), { recursive: true });
    writeFileSync(join(root, 'src', path), text);
  }
  return root;
}

describe('layers', () => {
  it('nobody in src/ imports what the table forbids', () => {
    expect(layerViolations(join(ROOT, 'src'))).toEqual([]);
  });

  it.each([
    ["import { x } from '../view/x.ts';", 'store must not import view'],
    ["import type { X } from '../view/x.ts';", 'store must not import view'],
    ["export { x } from '../view/x.ts';", 'store must not import view'],
    ["export * from '../view/x.ts';", 'store must not import view'],
    ["import '../view/x.ts';", 'store must not import view'],
    ["const x = await import('../view/x.ts');", 'store must not import view'],
    ['const x = await import(`../view/x.ts`);', 'computed import'],
    ["const x = await import('../' + name);", 'computed import'],
    ['const x = await import(name);', 'computed import'],
    ["import { x } from './../system/../view/x.ts';", 'store must not import view'],
    ["import {\n  x,\n  y,\n} from\n  '../view/x.ts';", 'store must not import view'],
    ["import { x } from '../../test/x.ts';", 'leaves src/'],
    ["import git from 'simple-git';", 'only git may import simple-git'],
    ["import { x } from 'yargs/helpers';", 'only cli and commands may import yargs'],
    ["import { execa } from 'execa';", 'only system may import execa'],
    ["import { env } from 'node:process';", 'must not touch process'],
  ])('finds %s in store/', (text, sentence) => {
    const found = layerViolations(join(planted({ 'store/planted.ts': text }), 'src'));
    expect(found.join('\n')).toContain(sentence);
  });

  it('finds stations that import each other, model that imports anything, a room that nobody knows', () => {
    const root = planted({
      'run/a.ts': "import { b } from '../plan/b.ts';",
      'model/a.ts': "import { b } from '../system/b.ts';",
      'utils/a.ts': '',
      'cli/a.ts': "import { b } from '../git/b.ts';",
    });
    expect(layerViolations(join(root, 'src')).sort()).toEqual([
      'cli/a.ts: cli must not import git (../git/b.ts)',
      'model/a.ts: model must not import system (../system/b.ts)',
      'run/a.ts: run must not import plan (../plan/b.ts)',
      'utils/a.ts: utils/ is not in the table of layers',
    ]);
  });

  it('lets pass what the table allows, and what only a comment says', () => {
    const root = planted({
      'store/a.ts':
        "// import { x } from '../view/x.ts'\nimport { b } from '../system/b.ts';\nimport { c } from './c.ts';\nimport { z } from 'zod';\n",
      'main.ts': "import('./cli/start.ts');",
    });
    expect(layerViolations(join(root, 'src'))).toEqual([]);
  });
});

describe('circles', () => {
  it('no files of src/ import each other, not even a type', () => {
    expect(importCycles(join(ROOT, 'src'))).toEqual([]);
  });

  it('finds them, however long and however the import is spelt', () => {
    const root = planted({
      'run/a.ts': "import { b } from '../git/b.ts';",
      'git/b.ts': "import type { C } from './deep/c.ts';",
      'git/deep/c.ts': "export const c = () => import('../../run/./a.ts');",
      'git/d.ts': "import { b } from './b.ts';\n/* import { e } from './e.ts'; */",
      'git/e.ts': "import { d } from './d.ts';",
      'git/f.ts': "export type { F } from './f.ts';",
    });
    expect(importCycles(join(root, 'src'))).toEqual([['git/b.ts', 'git/deep/c.ts', 'run/a.ts'], ['git/f.ts']]);
  });
});

describe('the linter', () => {
  it('holds the same table', () => {
    const biome = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as { overrides: unknown[] };
    for (const folder of Object.keys(MAY_IMPORT)) {
      expect(biome.overrides, `node test/support/write-layers.ts brings ${folder} up to date`).toEqual(
        expect.arrayContaining([...restrictionsOf(folder)]),
      );
    }
  });

  it('sees a planted import, package and use of process', () => {
    const root = planted({
      'store/room.ts': "import { x } from '../view/x.ts';\nexport const y = x;\n",
      'store/package.ts': "import { execa } from 'execa';\nexport const y = execa;\n",
      'store/deep/process.ts': 'export const y = process.pid;\n',
      'run/fine.ts': "import { x } from '../store/x.ts';\nexport const y = x;\n",
      'git/spawn/room.ts': "import { x } from '../../worktree/x.ts';\nexport const y = x;\n",
      'git/spawn/fine.ts': "import { x } from '../worktree/x.ts';\nexport const y = x;\n",
    });
    cpSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const said = lint(root);
    expect(said).toContain('src/store/room.ts:1');
    expect(said).toContain('src/store/package.ts:1');
    expect(said).toContain('src/store/deep/process.ts:1');
    expect(said).toContain('src/git/spawn/room.ts:1');
    expect(said).not.toContain('fine.ts');
  });
});

function lint(root: string): string {
  try {
    return execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--colors=off', 'src'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}
