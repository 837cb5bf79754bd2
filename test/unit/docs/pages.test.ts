import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { typedVerbs } from '../../../src/commands/registry.ts';
import { loadSettings } from '../../../src/config/settings/load-settings.ts';
import { loadVariantsFile } from '../../../src/config/variants/load-variants-file.ts';
import { withDecisions } from '../../support/docs/decisions.ts';
import { wordsOfSet } from '../../support/docs/declarations.ts';
import { READ_BY_COPSE } from '../../support/docs/environment-variables.ts';
import { fencedBlocks } from '../../support/docs/fenced-blocks.ts';
import { referenceText } from '../../support/docs/reference.ts';
import { keysWithoutExample, withKeys } from '../../support/docs/variants-keys.ts';
import { folderOf } from '../../support/folder-of.ts';

const TOP = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: TOP }).sort()];
const read = (path: string): string => readFileSync(join(TOP, path), 'utf8');

// Loads every verb: far more than five seconds if the machine is busy.
it('docs/reference.md says what the code says; otherwise: npm run docs', { timeout: 60_000 }, async () => {
  expect(read('docs/reference.md')).toBe(await referenceText());
});

it('docs/variants-file.md has every key as the schema has it; otherwise: npm run docs', () => {
  expect(read('docs/variants-file.md')).toBe(withKeys(read('docs/variants-file.md')));
});

it('every key of the variants file has an example in test/support/docs/variants-examples.ts', () => {
  expect(keysWithoutExample()).toEqual([]);
});

it('every environment variable that copse reads is in the reference', () => {
  const passed = [
    ...wordsOfSet('src/system/environment.ts', 'PASSED'),
    ...wordsOfSet('src/agent/claude/installed/login-variables.ts', 'OWN'),
  ];
  const documented = new Set([...Object.keys(READ_BY_COPSE), ...passed]);
  const found = new Set<string>();
  for (const file of globSync('src/**/*.ts', { cwd: TOP })) {
    for (const match of read(file).matchAll(/\b(?:env|environment|ambient)\[?(?:\.|')([A-Z][A-Z0-9_]+)/g))
      found.add(match[1] ?? '');
    for (const match of read(file).matchAll(/baseDirectory\(environment, '([A-Z_]+)'/g)) found.add(match[1] ?? '');
    for (const match of read(file).matchAll(/\{ ([A-Z][A-Z_, ]+) \} = context\.environment/g)) {
      for (const name of (match[1] ?? '').split(', ')) found.add(name);
    }
  }
  expect(found.size).toBeGreaterThan(10);
  expect([...found].filter((name) => !documented.has(name))).toEqual([]);
});

/** What an example leaves out, so that it loads. */
const REST = { name: 'ui', prompt: 'Rework the theme.', variants: { dark: 'Make it dark.', light: 'Make it light.' } };

const examples = PAGES.flatMap((page) =>
  fencedBlocks(read(page))
    .filter(({ language }) => language === 'yaml')
    .map((block) => ({ where: `${page}:${block.line}`, ...block })),
);

it.each(examples)('the example at $where loads', async ({ text, marks }) => {
  const root = await folderOf({ 'src/pages/home.tsx': '', 'src/pages/about.tsx': '' });
  const file = marks['file'] ?? 'variants.yaml';
  if (file === 'variants.yaml') {
    const path = join(root, file);
    await writeFile(path, stringify({ ...REST, ...(parse(text) as object) }));
    expect(await loadVariantsFile(path, { root })).toMatchObject({ ok: true });
    return;
  }
  const home = join(root, 'home');
  const path = file.startsWith('~/') ? join(home, file.slice(2)) : join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const { problems, files } = await loadSettings({ root, environment: { HOME: home }, flags: {} });
  expect(problems).toEqual([]);
  expect(files).toEqual([path]);
});

it.each(PAGES)('the links of %s lead somewhere', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  const broken = targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(TOP, file))) return true;
    return anchor !== undefined && !anchors(read(file)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

function anchors(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('docs/architecture.md lists every decision; otherwise: npm run docs', () => {
  expect(read('docs/architecture.md')).toBe(withDecisions(read('docs/architecture.md')));
});

it('each decision has a number of its own, the one in its title', () => {
  const files = globSync('docs/decisions/*.md', { cwd: TOP }).sort();
  const numbers = files.map((file) => Number(/(\d{4})-[^/]+$/.exec(file)?.[1]));
  expect(new Set(numbers).size).toBe(files.length);
  expect(files.map((file) => Number(/^# (\d+)\. /.exec(read(file))?.[1]))).toEqual(numbers);
});

const verbs = typedVerbs().map(({ name }) => name);

/** Pages that people follow; the changelog and decisions may mention things that no longer exist. */
const TOLD = [
  'README.md',
  ...globSync('docs/guide*.md', { cwd: TOP }).sort(),
  'docs/variants-file.md',
  'docs/security.md',
  'docs/architecture.md',
];

it.each(TOLD)('%s names only verbs that exist, and denies none', (page) => {
  const text = read(page);
  const code = [...text.matchAll(/`([^`\n]+)`/g), ...fencedBlocks(text).map((block) => [block.text, block.text])];
  const named = code.flatMap(([, inner = '']) =>
    [...inner.matchAll(/(?:^|[\s("])copse ([a-z]+)(?=[\s"`)]|$)/gm)].map((match) => match[1] ?? ''),
  );
  expect(named.filter((verb) => !verbs.includes(verb))).toEqual([]);
  const denied = [...text.matchAll(/copse does not ([^.]*) yet|copse (removes|lands) no/g)].flatMap((match) =>
    match[0].split(/[\s,]+/),
  );
  expect(denied.filter((word) => verbs.includes(word))).toEqual([]);
});
