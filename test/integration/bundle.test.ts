import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** Text of each file that copse can load, by path. Not all of `dist/`: a build keeps the chunks of earlier ones. */
function loadable(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const queue = ['start', 'run-process', 'complete', 'quick/path', 'quick/status', 'quick/compare', 'quick/complete'];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(join(DIST, `${path}.js`), 'utf8');
    found.set(path, text);
    const loads = text.matchAll(/(?:from |import\(|import )"(\.{1,2}\/[^"]*)\.js"/g);
    for (const [, to = ''] of loads) queue.push(join(dirname(path), to));
  }
  return found;
}

test('what several bundles use is in dist/shared/ alone', () => {
  const files = [...loadable()];
  expect(files.length).toBeGreaterThan(100);
  const library = /^\/\/ (node_modules\/(execa|highlight\.js|yaml|yargs)|src\/view\/html\/diff\/highlighter)\b/m;
  expect(files.filter(([path, text]) => !path.startsWith('shared/') && library.test(text)).map(([path]) => path)).toEqual([]);
});

test.each(['execa', 'highlighter', 'yaml', 'yargs'])('dist/shared/%s.js has all that is imported from it', async (name) => {
  const imports = [...loadable().values()].flatMap((text) => [
    ...text.matchAll(new RegExp(`import \\{([^}]*)\\} from "[./]*/shared/${name}\\.js"`, 'g')),
  ]);
  const wanted = imports.flatMap(([, names = '']) => names.split(',').map((one) => one.trim().split(' as ')[0] ?? ''));
  const library = (await import(join(DIST, 'shared', `${name}.js`))) as Record<string, unknown>;
  expect(Object.keys(library)).toEqual(expect.arrayContaining(wanted));
  expect(Object.keys(library)).not.toEqual([]);
});
