import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { hermeticEnvironment } from '../support/environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OWN_BIN = join(ROOT, 'node_modules/.bin');
const ABOUT = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: { node: string };
};

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, args: readonly string[], o: { cwd: string; env: Record<string, string> }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { ...o, encoding: 'utf8', maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** A space, because some home directories have one. */
const place = realpathSync(mkdtempSync(join(tmpdir(), 'in stalled-')));
let installed: Ended;
let packed: readonly string[] = [];

/** `node@<version>` from the registry or npm's cache, with the registry and cache of the user who runs the suite; null when offline. */
async function nodeOf(version: string): Promise<string | null> {
  if (version === ABOUT.devDependencies.node) return OWN_BIN;
  const folder = join(place, `node-${version}`);
  mkdirSync(folder);
  const env = { ...process.env, HOME: userInfo().homedir } as Record<string, string>;
  delete env['XDG_CONFIG_HOME'];
  const ended = await run(
    'npm',
    ['install', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', `node@${version}`],
    { cwd: folder, env },
  );
  if (ended.exit === 0) return join(folder, 'node_modules/.bin');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ECONNRESET|ENOTCACHED|network/.test(ended.stderr))
    return null;
  throw new Error(`node@${version}: ${ended.stderr}`);
}

/** A user who has only this Node, git and the installed package. */
function person(nodeBin: string): { cwd: string; env: Record<string, string> } {
  const cwd = mkdtempSync(join(place, 'repo-'));
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== OWN_BIN);
  return { cwd, env: hermeticEnvironment({ PATH: [nodeBin, ...path].join(':') }) };
}

const copse = (args: readonly string[], o: { cwd: string; env: Record<string, string> }): Promise<Ended> =>
  run(join(place, 'app/node_modules/.bin/copse'), args, o);

describe('the package', () => {
  beforeAll(async () => {
    // dist/ was built before the tests; building it again would pull it away from under the others.
    const env = hermeticEnvironment();
    const pack = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', place], { cwd: ROOT, env });
    expect(pack.stderr + pack.stdout).toContain('copse-');
    const list: unknown = JSON.parse(pack.stdout);
    const [about] = Array.isArray(list) ? list : Object.values(list as Record<string, unknown>);
    const { filename, files } = about as { filename: string; files: { path: string }[] };
    packed = files.map(({ path }) => path);
    mkdirSync(join(place, 'app'));
    installed = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(place, filename)], {
      cwd: join(place, 'app'),
      env,
    });
  }, 120_000);

  it('installs from its tarball alone into an empty directory', () => {
    expect(installed).toMatchObject({ exit: 0 });
    expect(installed.stdout).toContain('added 1 package');
  });

  it('holds what copse reads, the licenses, and nothing of ours', () => {
    for (const file of [
      'dist/main.js',
      'dist/start.js',
      'dist/third-party-licenses.txt',
      'templates/completion/copse.bash',
      'LICENSE',
      'package.json',
    ]) {
      expect(packed).toContain(file);
    }
    expect(packed.filter((path) => /^(src|test|bench|docs|node_modules|\.ci)\//.test(path))).toEqual([]);
    const about = JSON.parse(readFileSync(join(place, 'app/node_modules/copse/package.json'), 'utf8')) as Record<string, unknown>;
    expect(about).not.toHaveProperty('dependencies');
    const licenses = readFileSync(join(place, 'app/node_modules/copse/dist/third-party-licenses.txt'), 'utf8');
    for (const name of ['yargs', 'zod', 'yaml', 'execa', 'simple-git', 'listr2', 'cosmiconfig'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it.for(['22.18.0', ABOUT.devDependencies.node, '26.10.0'])(
    'works on Node %s',
    { timeout: 240_000 },
    async (version, context) => {
      const bin = await nodeOf(version);
      if (bin === null) return context.skip('offline');
      const me = person(bin);
      expect((await run('node', ['--version'], me)).stdout.trim()).toBe(`v${version}`);
      expect(await copse(['--version'], me)).toEqual({
        exit: 0,
        stdout: `${ABOUT.version}\n`,
        stderr: '',
      });
      expect(await copse(['--help'], me)).toMatchObject({ exit: 0, stderr: '' });
      expect(await copse(['run', '--help'], me)).toMatchObject({ exit: 0, stderr: '' });
      expect((await copse(['completion', 'bash'], me)).stdout).toContain('complete -F _copse copse');
      expect(await copse(['__complete', 'sta'], me)).toMatchObject({ exit: 0, stdout: 'status\tshow all runs and variants\n' });
      expect(await copse(['status'], me)).toMatchObject({ exit: 3 });
      await run('git', ['init', '-q', '-b', 'main'], me);
      writeFileSync(join(me.cwd, 'readme.md'), 'An app.\n');
      await run('git', ['add', '-A'], me);
      await run('git', ['commit', '-qm', 'first'], me);
      expect(await copse(['init', '--template', 'ab'], me)).toMatchObject({ exit: 0 });
      expect(readFileSync(join(me.cwd, 'variants.yaml'), 'utf8')).toContain('variants:');
      const plan = await copse(['plan', '--json'], me);
      expect(JSON.parse(plan.stdout)).toMatchObject({ schema: 1 });
      expect(await copse(['config', '--json'], me)).toMatchObject({ exit: 0 });
      expect(await copse(['status'], me)).not.toMatchObject({ exit: 70 });
    },
  );

  it('tells an old Node in one sentence what it needs', { timeout: 240_000 }, async (context) => {
    const bin = await nodeOf('10.24.1');
    if (bin === null) return context.skip('offline');
    const ended = await copse(['status'], person(bin));
    expect(ended).toEqual({
      exit: 3,
      stdout: '',
      stderr: 'copse needs Node 22.18 or newer; this is 10.24.1. Install one: https://nodejs.org/en/download\n',
    });
  });
});
