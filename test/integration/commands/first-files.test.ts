import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/commands/command.ts';
import { command as trust } from '../../../src/commands/trust.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { copseFromSource } from '../../support/copse-from-source.ts';
import { hermeticEnvironment } from '../../support/environment.ts';
import { folderOf } from '../../support/folder-of.ts';
import { repositoryOf } from '../../support/repository-of.ts';

async function personWith(files: Readonly<Record<string, string>> = {}) {
  const { root, env } = await repositoryOf(files);
  const copse = (args: readonly string[], o: { cwd?: string; env?: Record<string, string> } = {}) =>
    copseFromSource(args, { cwd: o.cwd ?? root, env: { ...env, ...o.env } });
  return { root, env, copse };
}

describe('copse init', () => {
  it('writes both files at the top, from a subfolder, and what it wrote can be used', async () => {
    const { root, copse } = await personWith({
      'package.json': '{"scripts":{"test":"x"}}',
      'package-lock.json': '{}',
      'sub/x': '',
    });
    const ended = await copse(['init', '--template', 'demo'], { cwd: join(root, 'sub') });
    expect(ended).toMatchObject({ exit: 0, stdout: 'variants.yaml\n.worktreerc\n' });
    expect(ended.stderr).toContain('Read package-lock.json, package.json.');
    const config = await copse(['config', '--json']);
    expect(config.exit).toBe(0);
    const { settings, files } = JSON.parse(config.stdout) as {
      settings: { key: string; value: unknown; source: string }[];
      files: string[];
    };
    expect(files).toEqual([join(root, 'variants.yaml'), join(root, '.worktreerc')]);
    expect(settings.find(({ key }) => key === 'setup')).toMatchObject({
      value: ['npm ci --prefer-offline'],
      source: 'repository',
    });
    expect(settings.find(({ key }) => key === 'timeout')).toMatchObject({ value: '30m', source: 'defaults' });
  });

  it('says that it recognised nothing, and what to write', async () => {
    const { copse } = await personWith({ 'notes.txt': '' });
    const { stderr, exit } = await copse(['init']);
    expect(exit).toBe(0);
    expect(stderr).toContain('Recognised no project here.');
    expect(stderr).toContain('Found no set-up and no check.');
    expect(stderr).toContain('verify: { test: make test }');
  });

  it('--update shows what the files lack, and changes nothing', async () => {
    const files = {
      'variants.yaml': 'name: ui\nvariants: { a: x }\nverify: { unit: npm test }\n',
      '.worktreerc': 'setup: [make deps]\n',
    };
    const { root, copse } = await personWith({
      ...files,
      'package.json': '{"scripts":{"test":"x","lint":"y"}}',
      'package-lock.json': '{}',
      '.gitignore': '.env\n',
    });
    await writeFile(join(root, '.env'), 'A=1');
    const { exit, stdout, stderr } = await copse(['init', '--update']);
    expect(exit).toBe(0);
    expect(stdout).toBe(
      '# .worktreerc\nsetup:\n  - npm ci --prefer-offline\ncopy:\n  - .env: optional\n\n# variants.yaml\nverify:\n  lint: npm run lint\n',
    );
    expect(stderr).toContain('Nothing was changed.');
    for (const [path, text] of Object.entries(files)) expect(await readFile(join(root, path), 'utf8')).toBe(text);
    await writeFile(join(root, '.worktreerc'), 'setup: [npm ci --prefer-offline]\ncopy: [{.env: optional}]\n');
    await writeFile(
      join(root, 'variants.yaml'),
      'name: ui\nvariants: { a: x }\nverify: { test: npm test, lint: npm run lint }\n',
    );
    expect(await copse(['init', '--update'])).toMatchObject({ exit: 0, stdout: '' });
  });

  it('overwrites nothing without --force', async () => {
    const { root, copse } = await personWith({ 'variants.yaml': 'mine\n', '.worktreerc': 'model: opus\n' });
    expect(await copse(['init'])).toMatchObject({
      exit: 3,
      stdout: '',
      stderr: expect.stringContaining('variants.yaml already exists'),
    });
    expect(await readFile(join(root, 'variants.yaml'), 'utf8')).toBe('mine\n');
    await rm(join(root, 'variants.yaml'));
    expect(await copse(['init'])).toMatchObject({ exit: 0, stdout: 'variants.yaml\n' });
    expect(await readFile(join(root, '.worktreerc'), 'utf8')).toBe('model: opus\n');
  });

  it('writes through no link, with and without --force', async () => {
    const { root, copse } = await personWith();
    const outside = await folderOf({ 'mine.yaml': 'mine\n' });
    await symlink(join(outside, 'mine.yaml'), join(root, 'variants.yaml'));
    expect((await copse(['init'])).exit).toBe(3);
    expect((await copse(['init', '--force'])).exit).toBe(0);
    expect(await readFile(join(outside, 'mine.yaml'), 'utf8')).toBe('mine\n');
  });

  it('refuses an unknown template', async () => {
    const { copse } = await personWith();
    expect(await copse(['init', '--template', 'x'])).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe('copse config', () => {
  it('shows every problem of all files with its place', async () => {
    const { copse } = await personWith({
      'variants.yaml': 'name: ui\nprmopt: x\nvariants: { a: x }\n',
      '.worktreerc': 'modle: x\n',
    });
    const ended = await copse(['config']);
    expect(ended).toMatchObject({ exit: 2, stdout: '' });
    expect(ended.stderr).toContain('.worktreerc:1:1');
    expect(ended.stderr).toContain('variants.yaml:2:1');
    expect(ended.stderr).toContain('Did you mean prompt?');
  });

  it('finds variants.yml, refuses one that leads out of the repository', async () => {
    const { root, copse } = await personWith({ 'variants.yml': 'name: ui\nprompt: x\nconcurrency: 7\nvariants: { a: x }\n' });
    expect((await copse(['config'])).stdout).toMatch(/concurrency +7 +variants file \(variants\.yml\)/);
    await rm(join(root, 'variants.yml'));
    await symlink('/etc/hostname', join(root, 'variants.yaml'));
    expect(await copse(['config'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('leads outside the repository') });
  });

  it('shows the settings of the person outside a repository', async () => {
    const folder = await folderOf({ 'xdg/copse/config.yaml': 'model: haiku\n' });
    const env = hermeticEnvironment({ XDG_CONFIG_HOME: join(folder, 'xdg'), GIT_CEILING_DIRECTORIES: folder });
    await mkdir(join(folder, 'nowhere'));
    const ended = await copseFromSource(['config'], { cwd: join(folder, 'nowhere'), env });
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toMatch(/model +haiku +person/);
  });

  it.each(['variants', 'settings'])('prints the schema of %s as it is published', async (name) => {
    const { copse } = await personWith();
    const published = await readFile(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8');
    expect(await copse(['config', '--schema', name])).toMatchObject({ exit: 0, stdout: published });
  });
});

describe('copse trust', () => {
  const FILE = 'name: ui\nprompt: x\nsetup: [npm ci]\nvariants: { a: x }\n';

  it('tells no agent the hash, and lets none approve', async () => {
    const { copse } = await personWith({ 'variants.yaml': FILE });
    const hash = /[0-9a-f]{64}/.exec((await copse(['trust'])).stderr)?.[0] ?? '';
    expect(hash).not.toBe('');
    for (const args of [['trust'], ['trust', '--json'], ['trust', hash]]) {
      const ended = await copse(args, { env: { CLAUDECODE: '1' } });
      expect(ended).toMatchObject({
        exit: 3,
        stderr: expect.stringContaining('Ask a person to run, in their own terminal: copse trust'),
      });
      expect(ended.stdout + ended.stderr).not.toContain(hash);
    }
    expect(JSON.parse((await copse(['trust', '--json'])).stdout)).toMatchObject({ needed: true, approved: false, hash });
  });

  it('lists approvals and takes them back', async () => {
    const { root, copse } = await personWith({ 'variants.yaml': FILE });
    const hash = /[0-9a-f]{64}/.exec((await copse(['trust'])).stderr)?.[0] ?? '';
    await copse(['trust', hash]);
    expect((await copse(['trust', '--list'])).stdout).toBe(`${hash}  1 items  ${join(root, '.git')}\n`);
    expect(await copse(['trust', '--revoke'])).toMatchObject({ exit: 0, stderr: 'Revoked 1 approval.\n' });
    expect((await copse(['trust'])).exit).toBe(3);
  });

  it.each([
    ['y', true],
    ['Yes', true],
    ['n', false],
    ['', false],
    ['yep', false],
  ])('takes %j for %s', async (answer, approved) => {
    const { root, env } = await personWith({ 'variants.yaml': FILE });
    const options = { git: false, list: false, revoke: false, json: false };
    const asked: string[] = [];
    const context = interactive(root, env, (question) => {
      asked.push(question);
      return answer;
    });
    const run = trust.run(options, context);
    await (approved ? expect(run).resolves.toBe(0) : expect(run).rejects.toMatchObject({ code: 'not-trusted', exit: 3 }));
    expect(asked).toHaveLength(1);
    const again = trust.run(
      options,
      interactive(root, env, () => 'n'),
    );
    await (approved ? expect(again).resolves.toBe(0) : expect(again).rejects.toMatchObject({ exit: 3 }));
  });

  it('needs nothing where nothing runs', async () => {
    const { root, copse } = await personWith({ 'variants.yaml': FILE });
    await writeFile(join(root, 'variants.yaml'), 'name: ui\nprompt: x\nvariants: { a: x }\n');
    expect(await copse(['trust'])).toMatchObject({ exit: 0, stdout: 'Nothing in these files needs your approval.\n' });
  });
});

/** A person at a terminal who answers like this. */
function interactive(cwd: string, environment: Readonly<Record<string, string>>, answer: (question: string) => string): Context {
  const stream = () => new PassThrough().resume() as unknown as NodeJS.WriteStream;
  return {
    cwd,
    environment,
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: stream(),
    stderr: stream(),
    screen: () => ({ columns: 80, rows: 24, colour: false, unicode: true }),
    ci: false,
    agent: null,
    interactive: true,
    ask: (question) => Promise.resolve(answer(question)),
    clock: systemClock,
    openBrowser: () => Promise.resolve(false),
    onSignal: () => () => undefined,
    onExit: () => () => undefined,
    pid: 1,
    self: [process.execPath],
    version: '0.0.0',
    packageRoot: new URL('../../../', import.meta.url).pathname,
    verbs: new Set(['trust']),
  };
}
