import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typedVerbs } from '../../src/commands/registry.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/*
 * Any verb on a repository whose shared git directory an agent has written to: nothing that it planted runs, nothing outside is touched.
 * A new verb is one line of VERBS, a new plant one of PLANTS.
 */

/** Lines of each verb, in an order in which each finds something to do; a verb without lines says why. */
const VERBS: readonly (readonly [verb: string, lines: readonly (readonly string[])[] | string])[] = [
  ['bare', [[]]],
  ['init', [['init']]],
  ['plan', [['plan'], ['plan', '--check']]],
  ['status', [['status'], ['status', '--json']]],
  ['attach', [['attach', 'ui']]],
  [
    'logs',
    [
      ['logs', 'dark'],
      ['logs', 'dark', '--raw'],
    ],
  ],
  ['wait', [['wait', 'ui']]],
  ['stop', [['stop', '--run', 'ui']]],
  ['resume', [['resume', 'ui']]],
  [
    'compare',
    [
      ['compare', '--fresh'],
      ['compare', '--md'],
    ],
  ],
  [
    'diff',
    [
      ['diff', 'dark'],
      ['diff', 'dark', 'light'],
    ],
  ],
  ['path', [['path', 'dark']]],
  [
    'exec',
    [
      ['exec', 'dark', '--', 'git', 'show', '--stat'],
      ['exec', 'dark', '--', 'git', 'status'],
    ],
  ],
  ['config', [['config']]],
  ['choose', [['choose', 'ui/dark']]],
  ['open', [['open', 'dark', '--shell']]],
  ['mcp', 'It serves until its input ends, and runs the other verbs.'],
  ['plugin', 'It writes to the configuration of Claude Code only.'],
  ['trust', [['trust'], ['trust', '--list'], ['trust', '--git']]],
  ['completion', [['completion', 'bash']]],
  ['serve', [['serve', 'dark']]],
  ['run', [['run', '--prompt', 'x', '--count', '1', '--name', 'again']]],
  ['retry', [['retry', 'ui/light', '-m', 'more']]],
  [
    'merge',
    [
      ['merge', 'ui/dark', '--dry-run'],
      ['merge', 'ui/dark'],
      ['merge', 'ui/light', '--as', 'merge'],
    ],
  ],
  [
    'prune',
    [
      ['prune', '--dry-run'],
      ['prune', '--others', '--dry-run'],
      ['prune', '--others', '--fetch', '--yes'],
    ],
  ],
  ['undo', [['undo', 'LAST']]],
  ['doctor', [['doctor'], ['doctor', '--fix']]],
  ['tour', 'works in a repository of its own'],
];

const HOOKS = [
  ...['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'post-checkout', 'post-merge'],
  ...[
    'reference-transaction',
    'post-index-change',
    'pre-push',
    'post-rewrite',
    'pre-auto-gc',
    'post-applypatch',
    'fsmonitor-watchman',
  ],
];

/** JavaScript of the agent: `git` is the shared git directory, `program` one that leaves a trace, `config(key, value)` adds a setting. */
const PLANTS: Readonly<Record<string, string>> = {
  hooks: `hooks(git + '/hooks');`,
  'a folder of hooks': `hooks(home + '/evil-hooks'); config('core.hooksPath', home + '/evil-hooks');`,
  'filters, and attributes that use them': `
    for (const name of ['clean', 'smudge']) config('filter.z.' + name, program);
    config('filter.y.process', program);
    fs.writeFileSync(git + '/info/attributes', '*.txt filter=z\\n*.md filter=y\\n*.yaml filter=z\\n');`,
  'programs of the configuration': `
    for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.editor', 'core.pager', 'core.askPass', 'core.gitProxy',
      'core.alternateRefsCommand', 'sequence.editor', 'pager.diff', 'pager.log', 'diff.external', 'diff.z.textconv', 'diff.z.command',
      'merge.z.driver', 'credential.helper', 'gpg.program', 'gpg.ssh.program', 'uploadpack.packObjectsHook', 'trailer.x.command',
      'interactive.diffFilter', 'browser.z.cmd', 'remote.origin.uploadpack', 'alias.status', 'alias.diff'])
      config(key, key.startsWith('alias') ? '!' + program : program);
    config('commit.gpgSign', 'true');
    config('remote.origin.url', 'ext::' + program);
    config('protocol.ext.allow', 'always');
    fs.writeFileSync(git + '/info/attributes', '* diff=z merge=z\\n');`,
  'settings by include and for one worktree': `
    fs.writeFileSync(home + '/more', '[core]\\n\\tfsmonitor = ' + program + '\\n[filter "z"]\\n\\tclean = ' + program + '\\n\\tsmudge = ' + program + '\\n');
    config('include.path', home + '/more');
    config('extensions.worktreeConfig', 'true');
    fs.writeFileSync(git + '/config.worktree', '[core]\\n\\tfsmonitor = ' + program + '\\n[diff]\\n\\texternal = ' + program + '\\n');
    fs.writeFileSync(git + '/info/attributes', '*.txt filter=z\\n');`,
  'records of copse': `
    const id = '01K0000000ZZZZZZZZZZZZZZZZ'.toLowerCase();
    const worktree = { path: victim, trashPath: victim, gitDir: git + '/worktrees/victim', head: 'x', headCommit: null, locked: null,
      pointers: { gitdir: '', gitFile: '' }, missing: false, bytes: 1, disposed: [] };
    fs.mkdirSync(git + '/copse/v1/operations', { recursive: true });
    fs.writeFileSync(git + '/copse/v1/operations/' + id + '.json', JSON.stringify({ schema: 1, id, at: '2020-01-01T00:00:00.000Z',
      kind: 'prune', state: 'open', command: 'copse prune', undoneBy: null,
      items: [{ owner: null, worktree, branch: null, pins: [], why: 'x', step: 'purged' }] }));
    for (const folder of ['scratch', 'creating']) {
      fs.mkdirSync(git + '/copse/v1/' + folder, { recursive: true });
      fs.writeFileSync(git + '/copse/v1/' + folder + '/x.json', JSON.stringify({ schema: 1, path: victim, worktree: victim }));
    }`,
  'links in place of folders': `
    fs.rmSync(git + '/hooks', { recursive: true, force: true });
    hooks(home + '/evil-hooks');
    fs.symlinkSync(home + '/evil-hooks', git + '/hooks');
    fs.rmSync(git + '/info', { recursive: true, force: true });
    fs.mkdirSync(home + '/evil-info');
    fs.writeFileSync(home + '/evil-info/attributes', '*.txt filter=z\\n');
    config('filter.z.clean', program);
    fs.symlinkSync(home + '/evil-info', git + '/info');`,
  'names that are commands': `
    const tip = cp.execFileSync('git', ['rev-parse', 'HEAD']).toString();
    for (const name of ['$(' + program.replaceAll('/', '\\u2044') + ')', '--upload-pack=' + 'x', ';touch canary', '-c'])
      fs.writeFileSync(git + '/refs/heads/' + name, tip);
    fs.writeFileSync('--output=canary', 'x');
    fs.writeFileSync('$(touch canary)', 'x');`,
};

const agent = (home: string): string => `
  init();
  const home = ${JSON.stringify(home)};
  if (fs.existsSync(home + '/plant.js')) {
    const git = fs.readFileSync(home + '/git', 'utf8');
    const program = home + '/planted', victim = home + '/victim';
    const config = (key, value) => {
      const parts = key.split('.'), name = parts.pop(), section = parts.shift();
      fs.appendFileSync(git + '/config', '[' + section + (parts.length > 0 ? ' "' + parts.join('.') + '"' : '') + ']\\n\\t' + name + ' = ' + value + '\\n');
    };
    const hooks = (folder) => {
      fs.mkdirSync(folder, { recursive: true });
      for (const name of ${JSON.stringify(HOOKS)}) fs.writeFileSync(folder + '/' + name, '#!/bin/sh\\nexec ' + program + '\\n', { mode: 0o755 });
    };
    const plant = fs.readFileSync(home + '/plant.js', 'utf8');
    fs.rmSync(home + '/plant.js');
    eval(plant);
  }
  fs.writeFileSync(variant + '.txt', 'by ' + variant + '\\n');
  done();`;

/** A finished run whose agent planted something. */
async function planted(plant: string): Promise<Person> {
  const first = await Person.create();
  const { home } = first;
  const person = await Person.create({
    claude: agent(home),
    env: { HOME: home },
    files: { 'variants.yaml': variantsYaml(['dark', 'light'], { verify: { test: 'true' } }), 'a.txt': 'a\n', 'b.md': 'b\n' },
  });
  await mkdir(join(home, 'victim'));
  await writeFile(join(home, 'victim/mine'), 'mine');
  await writeFile(join(home, 'git'), join(person.repo, '.git'));
  await writeFile(join(home, 'plant.js'), plant);
  await writeFile(join(home, 'planted'), `#!/bin/sh\necho "$0 $*" >> '${home}/canary'\ncat\n`, { mode: 0o755 });
  const ran = await person.approved(['run']);
  expect(ran.exit, ran.stderr).toBe(0);
  await person.supervisorGone();
  expect(existsSync(join(home, 'plant.js'))).toBe(false);
  return person;
}

const traces = ({ home, repo }: Person): string =>
  [join(home, 'canary'), join(repo, 'canary')].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('');

describe('fault 116: any verb on a repository in which an agent planted something', () => {
  it('every verb has its line', () => {
    expect(VERBS.map(([verb]) => verb).sort()).toEqual([...typedVerbs().map(({ name }) => name), 'bare'].sort());
  });

  it.concurrent.each(Object.entries(PLANTS))('%s', { timeout: 300_000 }, async (_, plant) => {
    const person = await planted(plant);
    const ran: unknown[] = [];
    if (traces(person) !== '') ran.push({ args: 'the run itself', traces: traces(person) });
    for (const args of VERBS.flatMap(([, lines]) => (typeof lines === 'string' ? [] : lines))) {
      const line = args.flatMap((word) => (word === 'LAST' ? person.lastOperation() : [word]));
      const before = traces(person);
      const ended = await person.copse(line);
      if (traces(person) !== before) ran.push({ args, traces: traces(person).slice(before.length) });
      if (ended.exit === 70) ran.push({ args, stderr: ended.stderr });
    }
    expect(ran).toEqual([]);
    expect(readFileSync(join(person.home, 'victim/mine'), 'utf8')).toBe('mine');
    await person.supervisorGone('again');
  });
});
