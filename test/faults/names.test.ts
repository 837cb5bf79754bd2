import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const QUICK = `fs.writeFileSync(process.env.HOME + '/spent', ''); init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;

const HOSTILE = [
  '-x',
  '--',
  '..',
  '.',
  'a/../b',
  '../../etc/passwd',
  'a\nb',
  '@',
  'con',
  '/etc',
  'a b',
  '$(touch x)',
  'ä',
  '\u001b[31m',
];

async function nothingWasMade(person: Person, before: Record<string, string>): Promise<void> {
  expect(await person.git('branch', '--list')).toBe('* main');
  expect(await readdir(dirname(person.repo))).toEqual(['app', 'bin']);
  expect(existsSync(join(person.home, 'spent'))).toBe(false);
  expect(await person.fingerprint()).toEqual(before);
}

describe('hostile names on the command line', () => {
  it('fault 44: name no run', async () => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(['dark']) } });
    const before = await person.fingerprint();
    const named = await Promise.all(HOSTILE.map((name) => person.copse(['run', `--name=${name}`])));
    for (const [index, ended] of named.entries()) {
      expect([HOSTILE[index], ended.exit]).toEqual([HOSTILE[index], 2]);
      expect(ended.stderr).not.toContain('bug');
      expect(ended.stderr).not.toContain('\u001b');
    }
    await nothingWasMade(person, before);
  });

  it('fault 44: address no variant and no run', async () => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(['dark']) } });
    const before = await person.fingerprint();
    expect((await person.copse(['run'])).exit).toBe(0);
    for (const name of ['..', '../ui', 'a/../b', '../../../etc', 'a\nb', '\u001b[31m', '']) {
      const asked = ['run', 'path', 'logs', 'status', 'attach', 'wait', 'stop', 'retry', 'resume'];
      const ends = await Promise.all(asked.map((verb) => person.copse([verb, '--', name])));
      for (const [index, ended] of ends.entries()) {
        expect([asked[index], name, ended.exit]).toEqual([asked[index], name, expect.toBeOneOf([2, 3])]);
        expect(ended.stderr).not.toContain('bug');
        expect(ended.stderr).not.toContain('\u001b');
        expect(ended.stdout).toBe('');
      }
    }
    await person.holds(before);
  });
});

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(9).slice(0, -1)}]`),
].join('\n');

/** Variants files that nothing may come of. */
const FILES: readonly (readonly [string, string])[] = [
  ...['-x', '..', 'a/../b', 'a\u0000b', 'a\nb', '@', 'con', '$(touch x)'].map(
    (name) => [`fault 44: a variant ${JSON.stringify(name)}`, variantsYaml({ [name]: 'x' })] as const,
  ),
  ['fault 44: a run ../x', JSON.stringify({ name: '../x', prompt: 'x', variants: { dark: 'x' } })],
  ['fault 45: Foo and foo', variantsYaml({ Foo: 'x', foo: 'x' })],
  ['fault 45: a name composed and decomposed', variantsYaml({ '\u00e9': 'x', 'e\u0301': 'x' })],
  [
    'fault 46: branches foo and foo/bar',
    variantsYaml({ a: { approach: 'x', branch: 'foo' }, b: { approach: 'x', branch: 'foo/bar' } }),
  ],
  ['fault 47: an alias bomb', `${bomb}\nvariants: *h\n`],
  ['fault 47: duplicate keys', 'name: ui\nprompt: x\nvariants:\n  dark: x\n  dark: y\n'],
  ['fault 47: 20,000 levels', `prompt: x\nvariants: ${deep}\n`],
  ['fault 47: __proto__', 'prompt: x\nvariants:\n  __proto__: { model: opus }\n  dark: x\n'],
  [
    'fault 48: a cycle in needs',
    variantsYaml({ a: { approach: 'x', needs: ['b'] }, b: { approach: 'x', needs: ['c'] }, c: { approach: 'x', needs: ['a'] } }),
  ],
  ['fault 48: a variant that needs itself', variantsYaml({ a: { approach: 'x', needs: ['a'] } })],
];

describe('hostile variants files', () => {
  it.each(FILES)('%s: plan and run refuse, and nothing is made', async (_, text) => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': text } });
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended).toMatchObject({ exit: 2, stdout: '' });
    expect(ended.stderr).not.toContain('bug');
    expect(ended.stderr.split('\n').length).toBeLessThan(40);
    expect((await person.copse(['plan'])).exit).toBe(2);
    await nothingWasMade(person, before);
  });

  it('fault 46: a branch ui in the way gives branches below copse/, and plan says so', async () => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(['dark']) } });
    await person.git('branch', 'ui');
    const before = await person.fingerprint();
    expect((await person.copse(['plan'])).stdout).toContain('copse/ui/dark');
    expect((await person.copse(['run'])).exit).toBe(0);
    expect(await person.git('show', 'copse/ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });
});

describe('links out of the repository', () => {
  it('fault 50: a worktree root or a copied file that is one is refused', async () => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(['dark'], { copy: ['.env'] }) } });
    await writeFile(join(person.home, 'secret'), 'TOKEN=abc');
    await symlink(join(person.home, 'secret'), join(person.repo, '.env'));
    const before = await person.fingerprint();
    const copied = await person.approved(['run']);
    expect(copied).toMatchObject({ exit: 3, stdout: '' });
    expect(copied.stderr).toContain('.env is a symlink to');
    await nothingWasMade(person, before);
  });

  it('fault 50: a folder of the worktrees that links elsewhere is refused', async () => {
    const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(['dark']) } });
    const elsewhere = join(person.home, 'elsewhere');
    await mkdir(elsewhere);
    await symlink(elsewhere, `${person.repo}.worktrees`);
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended.exit).not.toBe(0);
    expect(ended.stderr).toContain('app.worktrees');
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await person.fingerprint()).toEqual(before);
  });
});

describe('what a shell would take apart', () => {
  const HARD = `$(touch "$HOME/ran") \`touch ran\` "double" 'single' \\ ; & | > {{x}} %s * é`;
  const PRINTS = `init(); fs.writeFileSync(variant + '.txt', JSON.stringify({ prompt, literal: process.env.LITERAL, args }));
    done({ result: ${JSON.stringify(HARD)} });`;

  it('fault 49: arrives in prompts, literals, variables, commands of checks and messages as it is', async () => {
    const hard = HARD.replace('{{x}}', '');
    const file = variantsYaml(
      { dark: { approach: `${hard} {{said}}`, vars: { said: hard }, env: { LITERAL: hard } } },
      {
        prompt: hard,
        verify: { literal: `test "$LITERAL" = ${`'${hard.replaceAll("'", "'\\''")}'`}` },
        commit: { message: `${hard} {summary}` },
      },
    );
    const person = await Person.create({ claude: PRINTS, files: { 'variants.yaml': file } });
    const before = await person.fingerprint();
    expect(await person.copse(['plan'])).toMatchObject({ exit: 0 });
    const ended = await person.approved(['run']);
    expect(ended.stderr).not.toContain('bug');
    const seen = JSON.parse(await person.git('show', 'ui/dark:dark.txt')) as { prompt: string; literal: string };
    expect(seen.literal).toBe(hard);
    expect(seen.prompt.split(hard)).toHaveLength(4);
    const dark = (await person.state()).variants[0];
    expect(dark?.checks).toMatchObject([{ name: 'literal', status: 'passed' }]);
    const message = await person.git('log', '-1', '--format=%B', 'ui/dark');
    for (const text of [hard, HARD]) expect(message).toContain(text);
    expect(ended.exit).toBe(0);
    expect((await person.copse(['logs', 'dark', '--check', 'literal'])).exit).toBe(0);
    expect((await person.copse(['logs', 'dark', '--answer'])).stdout.trimEnd()).toBe(HARD);
    for (const folder of [person.home, person.repo, join(dirname(person.repo), 'app.worktrees', 'ui-dark')]) {
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    }
    await person.holds(before);
  });
});

describe('a clone that wants to be executed by being looked at', () => {
  it('fault 81: nothing of it runs, whatever copse is asked', async () => {
    const touch = "require('node:fs').writeFileSync(process.env.HOME + '/ran', '');";
    const esm = "import { writeFileSync } from 'node:fs'; writeFileSync(process.env.HOME + '/ran', ''); export default {};";
    const person = await Person.create({
      claude: QUICK,
      files: {
        'variants.yaml': variantsYaml(['dark']),
        '.config/config.js': touch,
        '.worktreerc.js': touch,
        '.worktreerc.cjs': touch,
        '.worktreerc.mjs': esm,
        '.worktreerc.ts': esm,
        'worktree.config.js': touch,
        'worktree.config.ts': esm,
        '.config/worktreerc.js': touch,
        '.config/worktreerc.ts': esm,
        '.config/config.yaml': 'cosmiconfig:\n  searchPlaces: [.worktreerc.js]\n  searchStrategy: global\n',
        'package.json': JSON.stringify({ name: 'x', cosmiconfig: { searchPlaces: ['.worktreerc.js'] } }),
      },
    });
    const before = await person.fingerprint();
    for (const args of [[], ['plan'], ['config'], ['status'], ['doctor'], ['trust'], ['run']]) {
      expect((await person.copse(args)).stderr).not.toContain('bug');
      expect(existsSync(join(person.home, 'ran'))).toBe(false);
    }
    expect(await person.outcomes()).toEqual({ dark: 'succeeded' });
    await person.holds(before);
  });
});
