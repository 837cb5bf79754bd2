import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test, vi } from 'vitest';
import { write } from '../support/git-repository.ts';
import { agreesWithClones } from '../support/real-suite.ts';
import { fromRegistry } from '../support/registry-client.ts';
import { temporaryFolder } from '../support/temporary-run.ts';

/*
 * Suites as they come from the registries: they depend on where they run in ways that copse's own tests would not think of. All that is
 * tested is that copse and a clone get the same from them.
 */

// Five to forty seconds of work each, most of it of tools that know nothing of other tests.
vi.setConfig({ testTimeout: 400_000 });

const NPM = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

/** Installs in `folder`, and returns the set-up that then does the same without a network. */
async function npmInstall(context: TestContext, folder: string): Promise<string> {
  const cache = await temporaryFolder();
  // Without the addresses in the lock file npm asks for them, offline too.
  const whole = '--omit-lockfile-registry-resolved=false';
  await fromRegistry(context, ['npm', 'install', ...NPM, whole, '--cache', cache], { cwd: folder });
  return `npm ci ${NPM.join(' ')} --offline --cache ${cache}`;
}

test('an express app that serves files from its own folder', async (context) => {
  const folder = await temporaryFolder();
  write(folder, {
    'package.json': JSON.stringify({ name: 'site', private: true, dependencies: { express: '5.1.0' } }),
    'public/page.html': '<h1>Hello</h1>\n',
    'app.js': `const express = require('express');
const path = require('node:path');
const app = express();
app.use('/static', express.static(path.join(__dirname, 'public')));
app.get('/page', (request, response) => response.sendFile(path.join(__dirname, 'public/page.html')));
module.exports = app;
`,
    'test/app.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const app = require('../app.js');
for (const path of ['/static/page.html', '/page'])
  test('serves ' + path, async () => {
    const server = app.listen(Number(process.env.PORT ?? 0));
    await new Promise((resolve) => server.once('listening', resolve));
    const response = await fetch('http://127.0.0.1:' + server.address().port + path);
    const text = await response.text();
    await new Promise((resolve) => server.close(resolve));
    assert.equal(response.status, 200);
    assert.equal(text, '<h1>Hello</h1>\\n');
  });
`,
  });
  const setup = [await npmInstall(context, folder)];
  await agreesWithClones({
    folder,
    setup,
    check: 'node --test --test-reporter=tap',
    report: '-',
    protect: ['test/**'],
    protectedFile: 'test/fixture.txt',
    regression: { path: 'app.js', from: 'public/page.html', to: 'public/pages.html' },
  });
});

test('an npm package that ships its tests', async (context) => {
  const folder = await temporaryFolder();
  await fromRegistry(context, ['npm', 'pack', '--silent', 'deep-equal@1.0.1'], { cwd: folder });
  await fromRegistry(context, ['tar', 'xzf', 'deep-equal-1.0.1.tgz'], { cwd: folder });
  const packed = join(folder, 'package');
  const setup = [await npmInstall(context, packed)];
  await agreesWithClones({
    folder: packed,
    setup,
    check: 'npm test',
    report: '-',
    protect: ['test/**'],
    protectedFile: 'test/fixture.txt',
    regression: { path: 'index.js', from: 'opts.strict ? actual === expected', to: 'opts.strict ? actual == expected' },
  });
});

test('a source distribution of Python with pytest', async (context) => {
  const folder = await temporaryFolder();
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', 'click', 'click==8.1.8'];
  await fromRegistry(context, ['python3', ...download], { cwd: folder });
  await fromRegistry(context, ['tar', 'xzf', 'click-8.1.8.tar.gz'], { cwd: folder });
  await fromRegistry(context, ['python3', '-m', 'venv', 'venv'], { cwd: folder });
  const python = join(folder, 'venv/bin/python');
  await fromRegistry(context, ['env', python, '-m', 'pip', 'install', '--quiet', 'pytest==8.4.2'], { cwd: folder });
  await agreesWithClones({
    folder: join(folder, 'click-8.1.8'),
    check: `${python} -m pytest -q -x --junitxml=report.xml`,
    report: 'report.xml',
    env: { PYTHONPATH: 'src' },
    protect: ['tests/**'],
    protectedFile: 'tests/fixture.txt',
    regression: { path: 'src/click/utils.py', from: 'words = help.split()', to: 'words = help.split()[1:]' },
  });
});

test('a Go module with its tests', async (context) => {
  const folder = await temporaryFolder();
  const modules = { GOMODCACHE: join(folder, 'modules'), GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local' };
  const module = 'github.com/google/shlex@v0.0.0-20191202100458-e7afc7fbc510';
  const said = await fromRegistry(context, ['go', 'mod', 'download', '-json', module], { cwd: folder, env: modules });
  const { Dir } = JSON.parse(said) as { Dir: string };
  // The person's own: with a new one each home would compile the standard library anew, for a minute.
  const GOCACHE = (
    await fromRegistry(context, ['go', 'env', 'GOCACHE'], { cwd: folder, env: { HOME: userInfo().homedir, XDG_CACHE_HOME: '' } })
  ).trim();
  await agreesWithClones({
    folder: Dir,
    check: 'go test -json -vet=off ./...',
    report: '-',
    env: { GOCACHE, GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
    protect: ['README*'],
    protectedFile: 'README.more',
    regression: { path: 'shlex.go', from: 'spaceRunes            = " \\t\\r\\n"', to: 'spaceRunes            = " \\t\\r"' },
  });
});

test('a vitest project', async (context) => {
  const folder = await temporaryFolder();
  write(folder, {
    'package.json': JSON.stringify({ name: 'sums', private: true, type: 'module', devDependencies: { vitest: '3.2.4' } }),
    'src/total.ts': 'export const total = (prices: readonly number[]): number => prices.reduce((sum, one) => sum + one, 0);\n',
    'src/total.test.ts': `import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { total } from './total.ts';
test('adds up', () => expect(total([1, 2])).toBe(3));
test('reads the prices beside it', () => {
  const prices = readFileSync(new URL('prices.json', import.meta.url), 'utf8');
  expect(total(JSON.parse(prices))).toMatchInlineSnapshot('6');
});
`,
    'src/prices.json': '[1, 2, 3]\n',
  });
  await npmInstall(context, folder);
  await agreesWithClones({
    folder,
    copy: ['node_modules'],
    check: 'npx vitest run --reporter=default --reporter=junit --outputFile.junit=report.xml',
    report: 'report.xml',
    env: { CI: 'true' },
    protect: ['src/*.json'],
    protectedFile: 'src/other.json',
    regression: { path: 'src/total.ts', from: 'sum + one', to: 'sum - one' },
  });
});
