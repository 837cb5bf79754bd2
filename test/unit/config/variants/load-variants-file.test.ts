import { describe, expect, it } from 'vitest';
import { places, sentences, variantsFile, variantsProblems } from '../../../support/variants-problems.ts';

const HEAD = 'name: ui\nprompt: Rework it.\n';

it('reads everything that a variants file may say', async () => {
  const file = await variantsFile(`
name: ui
base: main~2
target: release/2.0
prompt: Rework the {{what}}.
preamble: Be brief.
defaults:
  model: sonnet
  fallbackModel: haiku
  effort: high
  agent: designer
  isolation: sandbox
  allowedTools: ["Bash(npm test *)", WebFetch]
  disallowedTools: [WebSearch]
  mcp: { docs: { type: http, url: https://example.com/mcp } }
  env: [DATABASE_URL, "APP=app-{variant}"]
  vars: { what: theme }
  timeout: 45m
  idleTimeout: 10m
  budgetUsd: 2
  maxTurns: 100
  retries: 0
  expect: changes
variants:
  dark: High contrast.
  light:
  docs: { prompt: Document it., needs: [dark, dark], branch: "docs/{variant}", expect: answer }
  own: { runner: { command: [node, build.mjs] }, env: { A: 1, B: } }
concurrency: 2
totalBudgetUsd: 8
copy: [.env, config/local]
setup: [npm ci]
verify: { test: { run: npm test, report: junit.xml, repeat: 3, tests: ["spec/**"] }, types: npx tsc }
teardown: [dropdb "app_$COPSE_VARIANT"]
disposable: [node_modules]
commandTimeout: 5m
commit: { message: Work, allow: [.env.example] }
`);
  expect(file).toMatchObject({
    name: 'ui',
    base: 'main~2',
    target: 'release/2.0',
    prompt: 'Rework the {{what}}.',
    defaults: {
      model: 'sonnet',
      isolation: 'sandbox',
      timeoutMs: 2_700_000,
      idleTimeoutMs: 600_000,
      env: { pass: ['DATABASE_URL'], set: { APP: 'app-{variant}' } },
      mcp: { docs: { type: 'http', url: 'https://example.com/mcp' } },
      retries: 0,
    },
    variants: [
      { name: 'dark', approach: 'High contrast.' },
      { name: 'light' },
      { name: 'docs', prompt: 'Document it.', needs: ['dark'], branch: 'docs/{variant}', expect: 'answer' },
      { name: 'own', runner: { kind: 'command', command: ['node', 'build.mjs'] }, env: { pass: ['B'], set: { A: '1' } } },
    ],
    verify: [
      { name: 'test', run: 'npm test', report: 'junit.xml', repeat: 3, tests: ['spec/**'] },
      { name: 'types', run: 'npx tsc', report: null, repeat: 1, tests: [] },
    ],
    commandTimeoutMs: 300_000,
    commit: { message: 'Work', allow: ['.env.example'] },
  });
  expect(Object.keys(file.variants[1] ?? {})).toEqual(['name']);
});

it('reads JSON, with the address of a schema', async () => {
  const file = await variantsFile(
    '{"$schema": "./x.json", "name": "ui", "prompt": "Do it.", "variants": {"a": null, "b": "So."}}',
  );
  expect(file.variants).toEqual([{ name: 'a' }, { name: 'b', approach: 'So.' }]);
  expect(file).not.toHaveProperty('$schema');
});

it('keeps the order of the file, also of names that look like numbers', async () => {
  const file = await variantsFile(`${HEAD}variants: { b: x, "10": x, "2": x, a: x }\nverify: { z: x, "1": y }\n`);
  expect(file.variants.map(({ name }) => name)).toEqual(['b', '10', '2', 'a']);
  expect(file.verify?.map(({ name }) => name)).toEqual(['z', '1']);
});

it('tells all problems at once, in the order of the file, each with its place', async () => {
  const problems = await variantsProblems(`nam: ui
prompt: hello
defaults: { modle: sonnet, timeout: 45, budgetUsd: .nan }
variants:
  Dark: 3
  dark: { aproach: x, needs: [drak], effort: "--x" }
  a: { needs: [b] }
  b: { needs: [a], model: 5 }
copy: ../x
`);
  expect(places(problems)).toEqual([
    '1:1 name',
    '1:1 nam',
    '3:13 defaults.modle',
    '3:37 defaults.timeout',
    '3:52 defaults.budgetUsd',
    '5:3 variants.Dark',
    '5:9 variants.Dark',
    '6:3 variants.dark',
    '6:11 variants.dark.aproach',
    '6:31 variants.dark.needs[0]',
    '6:46 variants.dark.effort',
    '7:8 variants.a.needs',
    '8:27 variants.b.model',
    '9:7 copy',
  ]);
  expect(sentences(problems)).toMatchInlineSnapshot(`
    "name is missing: it needs a short name like ui.
    Unknown key "nam". Did you mean name?
    Unknown key "modle". Did you mean model?
    defaults.timeout needs a duration like 45m, 90s or 1h30m; found 45.
    defaults.budgetUsd needs an amount in US dollars like 2.50; found NaN.
    "Dark" is not a usable name: lower-case letters, digits and "-", starting with a letter or digit, at most 64. For example: dark
    variants.Dark needs a text, or a map of what this variant overrides; found 3.
    "Dark" and "dark" are the same name on file systems that ignore case or normalise accents. Rename one of them.
    Unknown key "aproach". Did you mean approach?
    dark needs "drak", which is not a variant of this file. Did you mean Dark?
    variants.dark.effort needs an effort like low, medium or high; found "--x".
    These variants wait for each other: a → b → a. Remove one need.
    variants.b.model needs a model like sonnet; found 5.
    copy needs a list of paths within the repository, or a map like {".env": follow}; found "../x"."
  `);
});

it('refuses an empty file and one of only comments', async () => {
  for (const text of ['', '\n', '# nothing\n', '---\n']) expect(sentences(await variantsProblems(text))).toContain('is empty');
});

it.each(['[]', '5', 'text', 'true'])('refuses %s as a whole file', async (text) => {
  expect(sentences(await variantsProblems(text))).toContain('a map');
});

it('wants a prompt for every variant', async () => {
  const problems = await variantsProblems('name: ui\nvariants: { a: do it, b: { model: opus }, c: { prompt: do it } }\n');
  expect(places(problems)).toEqual(['2:23 variants.b']);
  expect(sentences(problems)).toContain('b has nothing to do');
});

describe('variables', () => {
  it('are looked for in every text, with those of the variant', async () => {
    const problems = await variantsProblems(`name: ui
prompt: Do {{what}} and {{waht}}.
variants:
  a: { vars: { what: x, waht: y } }
  b: { approach: "So {{how}}", vars: { what: x } }
  c: { prompt: "Own {{thing}}", vars: { things: x } }
`);
    expect(places(problems)).toEqual(['2:1 prompt', '5:8 variants.b.approach', '6:8 variants.c.prompt']);
    expect(sentences(problems)).toContain('{{thing}} has no value here. Did you mean {{things}}?');
  });

  it('are left alone behind a backslash', async () => {
    expect((await variantsFile('name: ui\nprompt: Write \\{{name}}.\nvariants: { a: x }\n')).prompt).toBe('Write \\{{name}}.');
  });
});

describe('needs', () => {
  it('names a cycle once', async () => {
    const problems = await variantsProblems(`${HEAD}variants: { a: { needs: [b] }, b: { needs: [c] }, c: { needs: [b] } }\n`);
    expect(sentences(problems)).toBe('These variants wait for each other: b → c → b. Remove one need.');
  });

  it('refuses a need of oneself', async () => {
    expect(sentences(await variantsProblems(`${HEAD}variants: { a: { needs: [a] } }\n`))).toContain('a needs itself');
  });

  it('bears a chain of all variants', async () => {
    const chain = Array.from({ length: 200 }, (_, index) => `  v${index}: { needs: [${index === 0 ? '' : `v${index - 1}`}] }`);
    expect((await variantsFile(`${HEAD}variants:\n${chain.join('\n')}\n`)).variants).toHaveLength(200);
  });
});

describe('what a file of the repository may not say', () => {
  it.each([
    ['defaults: { isolation: bypass }', 'cannot choose bypass'],
    ['defaults: { allowedTools: [Bash] }', 'cannot allow every Bash command'],
    ['defaults: { allowedTools: ["Bash(*)"] }', 'cannot allow every Bash command'],
    ['defaults: { allowedTools: ["Read,Bash"] }', 'one tool per entry'],
    ['defaults: { env: [PATH=/x] }', 'The variable PATH cannot be set'],
    ['defaults: { env: { https_proxy: http://x } }', 'The variable https_proxy cannot be set'],
    ['defaults: { env: { ANTHROPIC_BASE_URL: http://x } }', 'ANTHROPIC_BASE_URL cannot be set'],
    ['defaults: { env: ["A B=1"] }', 'a name of letters'],
    ['setup: ["echo \\e[2K"]', 'control characters'],
    ['verify: { a: "echo \\u202e" }', 'control characters'],
    ['defaults: { mcp: { a: { command: "x\\e[1A" } } }', 'control characters'],
    ['defaults: { mcp: { a: npx } }', 'a map with command'],
    ['copy: [/etc/passwd]', 'a path within the repository'],
    ['copy: [../secrets]', 'a path within the repository'],
    ['copy: [.git/config]', 'a path within the repository'],
    ['disposable: ["**"]', 'not everything'],
    ['disposable: [.]', 'not everything'],
    ['base: --upload-pack=x', 'does not start with'],
    ['target: -x', 'starts with'],
    ['verify: { ../x: a }', 'The check "../x"'],
    ['verify: { a: { report: x.xml } }', 'verify.a'],
    ['verify: { a: { run: "echo \\u202e" } }', 'control characters'],
    ['verify: { a: { run: x, report: ../x.xml } }', 'without ".." and .git'],
    ['verify: { a: { run: x, report: /tmp/x.xml } }', 'a path or glob within the repository'],
    ['verify: { a: { run: x, report: "**/*" } }', 'a path or glob within the repository'],
    ['verify: { a: { run: x, report: .git/x.xml } }', 'without ".." and .git'],
    ['verify: { a: { run: x, repeat: 21 } }', 'a whole number from 1 to 20'],
    ['verify: { a: { run: x, tests: [../x] } }', 'without ".." and .git'],
    ['defaults: { timeout: 9d }', 'from 1s to 7d'],
    ['concurrency: 0', 'a whole number from 1 to 64'],
    ['totalBudgetUsd: -1', 'above zero'],
  ])('%s', async (line, sentence) => {
    const problems = await variantsProblems(`${HEAD}${line}\nvariants: { a: x }\n`);
    expect(problems).toHaveLength(1);
    expect(sentences(problems)).toContain(sentence);
    expect(problems[0]?.position?.line).toBe(3);
  });

  it('passes a name of the person on', async () => {
    const file = await variantsFile(`${HEAD}defaults: { env: [ANTHROPIC_API_KEY, HTTPS_PROXY] }\nvariants: { a: x }\n`);
    expect(file.defaults.env).toEqual({ pass: ['ANTHROPIC_API_KEY', 'HTTPS_PROXY'], set: {} });
  });
});

it('reads what variants are measured and judged by, short forms and all', async () => {
  const file = await variantsFile(
    `${HEAD}variants: { a: x }\nprotect: ["test/**"]\nmetrics:\n  size: du -s dist\n  start: { run: node bench.js, goal: min, unit: ms, path: "$.median[0]", repeat: 5 }\njudge: true\n`,
  );
  expect(file.protect).toEqual(['test/**']);
  expect(file.protectAt).toMatchObject([{ line: expect.any(Number) as number, column: 11 }]);
  expect(file.metrics).toEqual([
    { name: 'size', run: 'du -s dist', goal: null, unit: null, path: null, repeat: 1, tolerance: null },
    { name: 'start', run: 'node bench.js', goal: 'min', unit: 'ms', path: '$.median[0]', repeat: 5, tolerance: null },
  ]);
  expect(file.judge).toEqual({ model: null, criteria: null, budgetUsd: 1, rounds: 1 });
});

it('reads how variants are served, short form and all', async () => {
  const served = async (line: string) => (await variantsFile(`${HEAD}variants: { a: x }\nserve: ${line}\n`)).serve;
  expect(await served('npm run dev')).toEqual({
    run: 'npm run dev',
    ready: { kind: 'path', path: '/' },
    timeoutMs: 120_000,
    env: {},
  });
  expect(await served('{ run: x, ready: /health, timeout: 30s, env: { DB: "app_{variant}", N: 1 } }')).toEqual({
    run: 'x',
    ready: { kind: 'path', path: '/health' },
    timeoutMs: 30_000,
    env: { DB: 'app_{variant}', N: '1' },
  });
  expect((await served('{ run: x, ready: "http://localhost:{port}/up" }'))?.ready).toEqual({
    kind: 'url',
    url: 'http://localhost:{port}/up',
  });
  expect((await served('{ run: x, ready: ready in }'))?.ready).toEqual({ kind: 'text', text: 'ready in' });
});

it.each([
  'serve: {}',
  'serve: { run: "" }',
  'serve: { run: x, ready: "" }',
  'serve: { run: x, ready: "http://" }',
  'serve: { run: x, env: { TOKEN: } }',
  'serve: { run: x, env: { PATH: /tmp } }',
  'serve: { run: x, timeout: 0s }',
  'protect: ["../x"]',
  'metrics: { Size: x }',
  'metrics: { size: { goal: min } }',
  'metrics: { size: { run: x, path: "$..a" } }',
  'metrics: { size: { run: x, repeat: 0 } }',
  'judge: false',
  'judge: { rounds: 3 }',
  'judge: { criteria: [] }',
])('refuses %s', async (line) => {
  expect(await variantsProblems(`${HEAD}variants: { a: x }\n${line}\n`)).not.toEqual([]);
});
