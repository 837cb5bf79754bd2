import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadVariantsFile } from '../../../../src/config/variants/load-variants-file.ts';
import { folderOf } from '../../../support/folder-of.ts';
import { sentences, variantsFile, variantsProblems } from '../../../support/variants-problems.ts';

const HEAD = 'name: ui\nprompt: "Do {{page}}."\n';

it('makes a variant for each entry of a list, in place', async () => {
  const file = await variantsFile(
    `${HEAD}each: { page: [Home, UserCard] }\nvariants:\n  first: { vars: { page: all } }\n  "p-{{page}}": { approach: "{{index}}", needs: [first] }\n  "d-{{page}}": { needs: ["p-{{page}}"], branch: "docs/{{page}}" }\n`,
  );
  expect(file.variants.map(({ name, needs, branch, vars }) => ({ name, needs, branch, vars }))).toEqual([
    { name: 'first', vars: { page: 'all' } },
    { name: 'p-home', needs: ['first'], vars: { page: 'Home', index: '1' } },
    { name: 'p-user-card', needs: ['first'], vars: { page: 'UserCard', index: '2' } },
    { name: 'd-home', needs: ['p-home'], branch: 'docs/home', vars: { page: 'Home', index: '1' } },
    { name: 'd-user-card', needs: ['p-user-card'], branch: 'docs/user-card', vars: { page: 'UserCard', index: '2' } },
  ]);
});

it('takes the files of a glob, sorted, without those below .git and node_modules', async () => {
  const files = {
    'src/b.tsx': '',
    'src/a.tsx': '',
    'src/x/c.tsx': '',
    'src/d.ts': '',
    'node_modules/m/e.tsx': '',
    '.git/f.tsx': '',
  };
  const file = await variantsFile(`${HEAD}each: { page: { files: "**/*.tsx" } }\nvariants: { "p-{{page.name}}": x }\n`, files);
  expect(file.variants.map(({ vars }) => vars)).toEqual([
    { page: 'src/a.tsx', 'page.name': 'a', 'page.dir': 'src', 'page.ext': 'tsx', index: '1' },
    { page: 'src/b.tsx', 'page.name': 'b', 'page.dir': 'src', 'page.ext': 'tsx', index: '2' },
    { page: 'src/x/c.tsx', 'page.name': 'c', 'page.dir': 'src/x', 'page.ext': 'tsx', index: '3' },
  ]);
});

it('takes the rows of a table and zips it with a list', async () => {
  const file = await variantsFile(
    'name: t\neach: { task: { table: tasks.csv }, tone: [formal, casual] }\nvariants: { "{{task.id}}": "{{task.title}}, {{tone}}" }\n',
    { 'tasks.csv': 'id,title\nT 1,"Fix, please"\nT 2,Add\n' },
  );
  expect(file.variants).toEqual([
    {
      name: 't-1',
      approach: '{{task.title}}, {{tone}}',
      vars: { 'task.id': 'T 1', 'task.title': 'Fix, please', tone: 'formal', index: '1' },
    },
    {
      name: 't-2',
      approach: '{{task.title}}, {{tone}}',
      vars: { 'task.id': 'T 2', 'task.title': 'Add', tone: 'casual', index: '2' },
    },
  ]);
});

it.each([
  ['each: { page: [a, b], x: [a] }\nvariants: { "{{page}}": x }', 'zipped and must have the same length'],
  ['each: { page: [a, A] }\nvariants: { "{{page}}": x }', 'Rows 1 and 2 of each both create a variant a.'],
  ['each: { page: [a] }\nvariants: { a: x, "{{page}}": x }', 'second variant a'],
  ['each: { page: [日本] }\nvariants: { "{{page}}": x }', 'no usable name'],
  ['each: { page: [nul] }\nvariants: { "{{page}}": x }', 'no usable name'],
  ['each: { page: [a] }\nvariants: { "{{pag}}": x }', '{{pag}} is not a variable of each'],
  ['each: { page: [a] }\nvariants: { a: { vars: { page: x } } }', 'each creates no variant'],
  ['each: { page: { files: "*.none" } }\nvariants: { "{{page}}": x }', 'matches no file'],
  ['each: { page: { files: "../*" } }\nvariants: { "{{page}}": x }', 'without ".."'],
  ['each: { page: { files: "/etc/*" } }\nvariants: { "{{page}}": x }', 'a glob within the repository'],
  ['each: { page: { table: gone.csv } }\nvariants: { "{{page}}": x }', 'not a file within the repository'],
  ['each: { page: { table: bad.csv } }\nvariants: { "{{page}}": x }', 'bad.csv, line 2: The row has 1 cells'],
  ['each: { index: [a] }\nvariants: { "{{index}}": x }', 'other than index'],
  ['each: { page: [] }\nvariants: { "{{page}}": x }', 'at least one entry'],
  ['each: { page: { glob: x } }\nvariants: { "{{page}}": x }', 'each.page'],
  ['variants: { "{{page}}": x }', '"{{page}}" needs each'],
])('refuses %s', async (text, sentence) => {
  const problems = await variantsProblems(`${HEAD}${text}\n`, { 'bad.csv': 'a,b\n1\n' });
  expect(sentences(problems)).toContain(sentence);
});

it('refuses more variants than anybody wants', async () => {
  const files = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}.txt`, '']));
  expect(
    sentences(await variantsProblems(`${HEAD}each: { page: { files: "*.txt" } }\nvariants: { "{{page}}": x }\n`, files)),
  ).toContain('more than 200 files');
});

it('reads nothing through a link out of the repository', async () => {
  const outside = await folderOf({ 'secret.csv': 'a\nb\n', 'sub/x.txt': '' });
  const root = await folderOf({
    'variants.yaml': `${HEAD}each: { page: { table: link.csv }, f: { files: "sub/*.txt" } }\nvariants: { "{{page.a}}": x }\n`,
  });
  await symlink(join(outside, 'secret.csv'), join(root, 'link.csv'));
  await symlink(join(outside, 'sub'), join(root, 'sub'));
  const loaded = await loadVariantsFile(join(root, 'variants.yaml'), { root });
  expect(loaded).toMatchObject({ ok: false });
  const text = sentences(loaded.ok ? [] : loaded.problems);
  expect(text).toContain('link.csv is not a file within the repository');
  expect(text).toContain('sub/*.txt matches no file');
});
