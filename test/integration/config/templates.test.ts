import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { initFacts } from '../../../src/config/init/init-facts.ts';
import { initFiles, TEMPLATES } from '../../../src/config/init/init-files.ts';
import { BUILT_IN_SETTINGS } from '../../../src/config/settings/built-in-settings.ts';
import { loadSettings } from '../../../src/config/settings/load-settings.ts';
import { loadVariantsFile } from '../../../src/config/variants/load-variants-file.ts';
import type { SourcedSettings } from '../../../src/model/settings.ts';
import type { VariantsFile } from '../../../src/model/variants-file.ts';
import { folderOf } from '../../support/folder-of.ts';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** What `init` writes into a folder with these files, read back. */
async function initialised(
  template: string,
  files: Record<string, string>,
): Promise<{ file: VariantsFile; settings: SourcedSettings; texts: readonly string[] }> {
  const root = await folderOf(files);
  const made = initFiles({
    template: await readFile(join(PACKAGE, 'templates', `${template}.yaml`), 'utf8'),
    facts: await initFacts(root),
  });
  for (const { path, text } of made) await writeFile(join(root, path), text);
  const loaded = await loadVariantsFile(join(root, 'variants.yaml'), { root });
  const { settings, problems } = await loadSettings({ root, environment: {}, flags: {} });
  expect(problems).toEqual([]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return { file: loaded.file, settings, texts: made.map(({ text }) => text) };
}

it.each(TEMPLATES)('the template %s loads as it is', async (template) => {
  const root = join(PACKAGE, 'templates');
  const loaded = await loadVariantsFile(join(root, `${template}.yaml`), { root });
  expect(loaded).toMatchObject({ ok: true });
});

it.each(TEMPLATES)('the template %s loads after init, in a repository of any kind', async (template) => {
  const bare = await initialised(template, {});
  expect(bare.file.verify).toBeUndefined();
  expect(bare.file.serve).toBeUndefined();
  expect(bare.settings.setup.value).toEqual([]);
  expect(bare.texts[0]).toContain('# verify:\n#   test: npm test');
  const node = await initialised(template, {
    'package.json': JSON.stringify({ scripts: { test: 'vitest', typecheck: 'tsc', lint: 'biome check', start: 'x' } }),
    'package-lock.json': '{}',
    '.env': 'A=1',
    '.env.example': 'A=',
    '.gitignore': 'node_modules\n.env*\n!.env.example\n',
  });
  expect(node.file.serve?.run).toBe(template === 'demo' ? 'npm run start' : undefined);
  expect(node.file.verify).toEqual([
    {
      name: 'test',
      run: 'npm test -- --reporter=default --reporter=junit --outputFile.junit=node_modules/.test-report.xml',
      report: 'node_modules/.test-report.xml',
      repeat: 1,
      tests: [],
    },
    { name: 'types', run: 'npm run typecheck', report: null, repeat: 1, tests: [] },
    { name: 'lint', run: 'npm run lint', report: null, repeat: 1, tests: [] },
  ]);
  expect(node.settings.setup).toMatchObject({ value: ['npm ci --prefer-offline'], source: 'repository' });
  expect(node.settings.copy.value).toEqual([{ path: '.env', how: 'optional' }]);
  expect(node.settings.disposable.value).toEqual(['node_modules']);
});

it.each([
  [{ 'pnpm-lock.yaml': '' }, ['pnpm install --frozen-lockfile --prefer-offline'], undefined],
  [{ 'yarn.lock': '# yarn lockfile v1\n' }, ['yarn install --frozen-lockfile'], undefined],
  [{ 'yarn.lock': '__metadata:\n  version: 8\n' }, ['yarn install --immutable'], undefined],
  [{ 'bun.lock': '' }, ['bun install --frozen-lockfile'], undefined],
  [{ 'Cargo.toml': '' }, ['cargo fetch'], ['cargo test']],
  [{ 'go.mod': '' }, ['go mod download'], ['go test -json ./...']],
  [{ 'pom.xml': '' }, ['mvn -B -q dependency:go-offline'], ['mvn -B test']],
  [
    { 'uv.lock': 'name = "pytest"', 'requirements.txt': '' },
    ['uv sync --frozen'],
    ['uv run pytest --junitxml=.pytest_cache/junit.xml'],
  ],
  [{ 'poetry.lock': 'name = "pytest"' }, ['poetry install'], ['poetry run pytest --junitxml=.pytest_cache/junit.xml']],
  [
    { 'requirements.txt': 'pytest>=8\n' },
    ['python3 -m venv .venv && .venv/bin/pip install -r requirements.txt'],
    ['.venv/bin/python -m pytest --junitxml=.pytest_cache/junit.xml'],
  ],
  [{ 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' }, [], undefined],
  [
    { 'package.json': '{"scripts":{"test":"x"}}', 'pnpm-lock.yaml': '' },
    ['pnpm install --frozen-lockfile --prefer-offline'],
    ['pnpm test'],
  ],
  [
    { 'package.json': '{"scripts":{"test":"x"}}', 'package-lock.json': '', 'go.mod': '' },
    ['npm ci --prefer-offline', 'go mod download'],
    ['npm test', 'go test -json ./...'],
  ],
  [{ 'package.json': 'not json' }, [], undefined],
  [{ 'package.json': '["mocha"]' }, [], undefined],
  [{ 'package.json': '{"scripts":{"test":"x"}}' }, [], ['npm test']],
  [
    { 'package.json': '{"scripts":{"test":"x"},"devDependencies":{"mocha":"^11"}}' },
    ['npm install --no-package-lock --prefer-offline'],
    ['npm test'],
  ],
  [
    // What git ignores is in no worktree.
    {
      'package.json': '{"scripts":{"test":"x"},"devDependencies":{"mocha":"^11"}}',
      'package-lock.json': '{}',
      '.gitignore': 'node_modules\npackage-lock.json\n',
    },
    ['npm install --no-package-lock --prefer-offline'],
    ['npm test'],
  ],
  [
    { 'package.json': '{"packageManager":"pnpm@10.1.0","scripts":{"test":"x"},"dependencies":{"a":"1"}}' },
    ['pnpm install --no-lockfile --prefer-offline'],
    ['pnpm test'],
  ],
  [
    { 'package.json': '{"packageManager":"yarn@4.5.0","scripts":{"test":"x"},"workspaces":["packages/*"]}' },
    ['yarn install --no-immutable'],
    ['yarn test'],
  ],
  [
    { 'package.json': '{"packageManager":"yarn@1.22.22","scripts":{"test":"x"},"dependencies":{"a":"1"}}' },
    ['yarn install --no-lockfile'],
    ['yarn test'],
  ],
  [{ Gemfile: '' }, ['bundle install'], ['bundle exec rake test']],
  [
    {
      'pyproject.toml':
        '[project]\nname = "a"\n[project.optional-dependencies]\ntest = ["pytest>=8"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
    },
    ["python3 -m venv .venv && .venv/bin/pip install -e '.[test]' pytest"],
    ['.venv/bin/python -m pytest --junitxml=.pytest_cache/junit.xml'],
  ],
  [
    { 'pyproject.toml': '[project]\nname = "a"\n[dependency-groups]\ndev = ["ruff"]\n' },
    ['python3 -m venv .venv && .venv/bin/pip install -e .'],
    undefined,
  ],
  [{ 'setup.py': 'setup()' }, ['python3 -m venv .venv && .venv/bin/pip install -e .'], undefined],
] satisfies [Record<string, string>, string[], string[] | undefined][])('finds what %j wants', async (files, setup, verify) => {
  const { file, settings } = await initialised('ab', files);
  expect(settings.setup.value).toEqual(setup);
  expect(file.verify?.map(({ run }) => run)).toEqual(verify);
});

it('copies only what is ignored', async () => {
  expect((await initialised('ab', { '.env': 'A=1' })).settings.copy.value).toBeNull();
  expect((await initialised('ab', { '.env': 'A=1', '.gitignore': '*.local\n' })).settings.copy.value).toBeNull();
});

it('tells editors where the schema is, where copse is installed in the repository', async () => {
  const without = await initialised('demo', {});
  expect(without.texts.join('')).not.toContain('yaml-language-server');
  const within = await initialised('demo', { 'node_modules/copse/schemas/variants.schema.json': '{}' });
  expect(within.texts[0]).toMatch(/^# yaml-language-server: \$schema=node_modules\/copse\/schemas\/variants\.schema\.json\n/);
  expect(within.texts[1]).toContain('settings.schema.json');
});

it('.worktreerc.example shows every key with its default', async () => {
  const root = await folderOf();
  await copyFile(join(PACKAGE, '.worktreerc.example'), join(root, '.worktreerc'));
  const { settings, problems } = await loadSettings({ root, environment: {}, flags: {} });
  expect(problems).toEqual([]);
  expect(Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, value]))).toEqual(BUILT_IN_SETTINGS);
  const text = await readFile(join(root, '.worktreerc'), 'utf8');
  const active = text.replace(/^# (?=(?:base|target|model|effort|maxTurns|copy): )/gm, '');
  await writeFile(join(root, '.worktreerc'), active);
  const all = await loadSettings({ root, environment: {}, flags: {} });
  expect(all.problems).toEqual([]);
  const unsaid = Object.entries(all.settings).filter(([, { source }]) => source !== 'repository');
  // Those that a repository may only tighten or lengthen say nothing where they say what holds anyway; agentMay is the person's.
  expect(unsaid.map(([key]) => key)).toEqual(['isolation', 'keepTrashMs', 'keepCommitsMs', 'disallowedTools', 'agentMay']);
  expect(text).toContain('# agentMay: {budgetUsd: 25, variants: 5}');
});

it.each([
  [{ 'package-lock.json': '{}' }, 'vite', 'npm run dev -- --port $PORT'],
  [{ 'pnpm-lock.yaml': '' }, 'vite --open', 'pnpm run dev --port $PORT'],
  [{ 'yarn.lock': '' }, 'next dev', 'yarn run dev'],
] satisfies [Record<string, string>, string, string][])('with %j serves the script dev %j', async (files, dev, serve) => {
  const { file } = await initialised('demo', { ...files, 'package.json': JSON.stringify({ scripts: { dev, start: 'x' } }) });
  expect(file.serve).toMatchObject({ run: serve, ready: { kind: 'path', path: '/' } });
});
