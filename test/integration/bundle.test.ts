import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

test('what several bundles use is in dist/shared/ alone', () => {
  const outside = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.js') && !path.startsWith('shared/'),
  );
  const copies = outside.filter((path) =>
    /^\/\/ (node_modules\/(execa|highlight\.js|yaml|yargs)|src\/view\/html\/diff\/highlighter)\b/m.test(
      readFileSync(join(DIST, path), 'utf8'),
    ),
  );
  expect(copies).toEqual([]);
});

test.each(['execa', 'highlighter', 'yaml', 'yargs'])('dist/shared/%s.js has all that is imported from it', async (name) => {
  const library = (await import(join(DIST, 'shared', `${name}.js`))) as Record<string, unknown>;
  const wanted = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => [
      ...readFileSync(join(DIST, path), 'utf8').matchAll(
        new RegExp(`import \\{([^}]*)\\} from "[./]*/shared/${name}\\.js"`, 'g'),
      ),
    ])
    .flatMap(([, names = '']) => names.split(',').map((one) => one.trim().split(' as ')[0] ?? ''));
  for (const one of wanted) expect(library).toHaveProperty(one);
  expect(Object.keys(library).length).toBeGreaterThan(0);
});
