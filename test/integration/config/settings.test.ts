import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_SETTINGS } from '../../../src/config/settings/built-in-settings.ts';
import { WORKTREERC_PLACES } from '../../../src/config/settings/find-worktreerc.ts';
import { type LoadedSettings, loadSettings } from '../../../src/config/settings/load-settings.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { folderOf } from '../../support/folder-of.ts';
import { sentences } from '../../support/variants-problems.ts';

/** Settings of a repository with these files and a person with this configuration. */
async function load(o: {
  repository?: Record<string, string>;
  person?: string;
  flags?: Partial<Settings>;
}): Promise<LoadedSettings & { root: string; home: string }> {
  const root = await folderOf(o.repository ?? {});
  const home = await folderOf(o.person === undefined ? {} : { '.config/copse/config.yaml': o.person });
  return { ...(await loadSettings({ root, environment: { HOME: home }, flags: o.flags ?? {} })), root, home };
}

it('has a value for everything without any file', async () => {
  const { settings, problems, files } = await load({});
  expect(problems).toEqual([]);
  expect(files).toEqual([]);
  expect(Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, value]))).toEqual(BUILT_IN_SETTINGS);
  expect(new Set(Object.values(settings).map(({ source }) => source))).toEqual(new Set(['built in']));
});

it('takes flag over repository over person over built in, and says where each comes from', async () => {
  const { settings, files, root, home } = await load({
    repository: { '.worktreerc': 'model: opus\nconcurrency: 4\ntimeout: 1h\n' },
    person: 'model: haiku\nconcurrency: 2\nbudgetUsd: 1\nnotify: false\n',
    flags: { concurrency: 9 },
  });
  const rc = join(root, '.worktreerc');
  const config = join(home, '.config/copse/config.yaml');
  expect(settings.concurrency).toEqual({ value: 9, source: 'flag', file: null });
  expect(settings.model).toEqual({ value: 'opus', source: 'repository', file: rc });
  expect(settings.timeoutMs).toEqual({ value: 3_600_000, source: 'repository', file: rc });
  expect(settings.budgetUsd).toEqual({ value: 1, source: 'person', file: config });
  expect(settings.notify).toEqual({ value: false, source: 'person', file: config });
  expect(settings.retries).toEqual({ value: 2, source: 'built in', file: null });
  expect(files).toEqual([rc, config]);
});

it.each(WORKTREERC_PLACES)('reads %s', async (place) => {
  const text = place === 'package.json' ? '{"name": "x", "worktree": {"model": "opus"}}' : '{"model": "opus"}';
  const { settings, problems, root } = await load({ repository: { [place]: text } });
  expect(problems).toEqual([]);
  expect(settings.model).toEqual({ value: 'opus', source: 'repository', file: join(root, place) });
});

it.each(['{}', '{"worktree"', '[]', '{"name": "x"}', ''])('is not bothered by a package.json %j', async (text) => {
  expect(await load({ repository: { 'package.json': text } })).toMatchObject({ problems: [], files: [] });
});

it.each(['', '# only a comment\n', '{}'])('takes an empty settings file %j as saying nothing', async (text) => {
  expect(await load({ repository: { '.worktreerc': text }, person: text })).toMatchObject({ problems: [] });
});

it('refuses two settings files, whichever they are', async () => {
  const { problems } = await load({ repository: { '.worktreerc': 'model: opus', '.config/worktreerc.yml': 'model: haiku' } });
  expect(sentences(problems)).toBe(
    'The repository has two settings files: .worktreerc and .config/worktreerc.yml. Keep one of them.',
  );
  const other = await load({ repository: { '.worktreerc.json': '{}', 'package.json': '{"worktree": {}}' } });
  expect(sentences(other.problems)).toContain('.worktreerc.json and package.json');
});

it('tells all problems of both files with their places, and takes nothing of either', async () => {
  const { problems, settings, root } = await load({
    repository: { 'package.json': '{\n  "worktree": {\n    "modle": "opus",\n    "timeout": 5\n  }\n}' },
    person: 'concurrency: 2\nisolation: open\n',
  });
  expect(problems.map(({ position, path }) => [position?.line, position?.column, path])).toEqual([
    [3, 5, 'modle'],
    [4, 16, 'timeout'],
    [2, 12, 'isolation'],
  ]);
  expect(problems[0]?.position?.file).toBe(join(root, 'package.json'));
  expect(settings.concurrency.source).toBe('built in');
});

describe('isolation', () => {
  it.each([
    // person, repository → value, source
    [undefined, 'sandbox', 'sandbox', 'repository'],
    ['sandbox', 'guarded', 'sandbox', 'person'],
    ['bypass', 'guarded', 'guarded', 'repository'],
    ['bypass', undefined, 'bypass', 'person'],
    ['guarded', 'sandbox', 'sandbox', 'repository'],
  ])('of person %s and repository %s is %s', async (person, repository, value, source) => {
    const { settings } = await load({
      ...(person === undefined ? {} : { person: `isolation: ${person}` }),
      ...(repository === undefined ? {} : { repository: { '.worktreerc': `isolation: ${repository}` } }),
    });
    expect(settings.isolation).toMatchObject({ value, source });
  });

  it('is what the flag says', async () => {
    const { settings } = await load({ repository: { '.worktreerc': 'isolation: sandbox' }, flags: { isolation: 'bypass' } });
    expect(settings.isolation).toMatchObject({ value: 'bypass', source: 'flag' });
  });
});

it.each([
  ['isolation: bypass', 'cannot choose bypass'],
  ['allowedTools: [Bash]', 'cannot allow every Bash command'],
  ['env: [NODE_OPTIONS=--require=./x.js]', 'NODE_OPTIONS cannot be set'],
  ['worktree: "/tmp/{variant}"', 'outside the directory that holds the repository'],
  ['worktree: "../../{variant}"', 'outside the directory that holds the repository'],
  ['variantsFile: ../other/variants.yaml', 'a path within the repository'],
  ['$import: /etc/passwd', 'Unknown key "$import"'],
])('refuses %s in a file of the repository', async (text, sentence) => {
  const { problems } = await load({ repository: { '.worktreerc': text } });
  expect(sentences(problems)).toContain(sentence);
});

it('takes all of that from the person', async () => {
  const { problems, settings, home } = await load({
    person: 'isolation: bypass\nallowedTools: [Bash]\nenv: [NODE_OPTIONS=--x]\nworktree: "~/trees/{repo}/{run}-{variant}"\n',
  });
  expect(problems).toEqual([]);
  expect(settings.isolation.value).toBe('bypass');
  expect(settings.worktree.value).toBe(join(home, 'trees/{repo}/{run}-{variant}'));
});

it('adds up what anybody forbids', async () => {
  const { settings } = await load({
    repository: { '.worktreerc': 'disallowedTools: []' },
    person: 'disallowedTools: [WebFetch]',
  });
  expect(settings.disallowedTools).toMatchObject({ value: ['WebFetch'], source: 'person' });
});

it('reads the person alone outside a repository, and nobody without a home', async () => {
  const home = await folderOf({ 'x/copse/config.yaml': 'model: opus' });
  const alone = await loadSettings({ root: null, environment: { XDG_CONFIG_HOME: join(home, 'x') }, flags: {} });
  expect(alone.settings.model).toMatchObject({ value: 'opus', source: 'person' });
  expect((await loadSettings({ root: null, environment: { XDG_CONFIG_HOME: 'relative' }, flags: {} })).files).toEqual([]);
});

it('refuses a settings file that leads out of the repository, and follows one within', async () => {
  const outside = await folderOf({ 'rc.yaml': 'model: opus' });
  const root = await folderOf({ 'shared/rc.yaml': 'model: haiku' });
  await symlink(join(outside, 'rc.yaml'), join(root, '.worktreerc'));
  const led = await loadSettings({ root, environment: {}, flags: {} });
  expect(sentences(led.problems)).toContain('.worktreerc leads outside the repository');
  expect(led.settings.model.source).toBe('built in');
  const other = await folderOf({ 'shared/rc.yaml': 'model: haiku' });
  await symlink('shared/rc.yaml', join(other, '.worktreerc'));
  expect((await loadSettings({ root: other, environment: {}, flags: {} })).settings.model.value).toBe('haiku');
});

it('leaves the working directory as it was', async () => {
  const before = process.cwd();
  const root = await folderOf();
  await writeFile(join(root, '.worktreerc'), 'model: opus');
  await loadSettings({ root, environment: {}, flags: {} });
  expect(process.cwd()).toBe(before);
});
