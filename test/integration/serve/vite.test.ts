import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { canListen, textAt } from './a-server.ts';
import { nothingServed, servedPerson, serving } from './served-person.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

const APP = {
  'index.html': '<!doctype html><title>App</title><h1></h1><script type="module" src="/main.js"></script>',
  'main.js':
    "import { title } from './title.js';\ndocument.querySelector('h1').textContent = title;\nimport.meta.hot?.accept('./title.js', (next) => { document.querySelector('h1').textContent = next.title; });\n",
  'title.js': "export const title = 'first';\n",
  'package.json': JSON.stringify({ name: 'app', private: true, type: 'module', scripts: { dev: 'vite' } }),
  '.gitignore': 'node_modules\n',
};

interface HotUpdate {
  readonly type: string;
  readonly updates?: readonly { readonly path: string; readonly acceptedPath: string }[];
}

/** Vite's messages to a page: it is connected as the browser is, from the page's own origin. */
function hotUpdates(url: string, token: string): { readonly seen: readonly HotUpdate[]; close(): void } {
  const seen: HotUpdate[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}?token=${token}`, 'vite-hmr');
  socket.addEventListener('message', ({ data }) => seen.push(JSON.parse(String(data)) as HotUpdate));
  return { seen, close: () => socket.close() };
}

it('three Vite servers at once through npm: each shows its variant, and follows what is edited in its worktree alone', async () => {
  const person = await servedPerson({
    serve: { run: 'npm run dev -- --port $PORT --strictPort', ready: '/' },
    files: APP,
  });
  const { variants } = await person.state();
  // Beside all worktrees: found from each of them by walking up.
  const root = dirname(variants[0]?.worktree ?? '');
  await symlink(MODULES, join(root, 'node_modules'));
  // Its cache goes into the nearest node_modules: each has its own.
  for (const { worktree } of variants) await mkdir(join(worktree, 'node_modules'), { recursive: true });
  const { json, child, ended } = await serving(person);
  expect(json.variants.map(({ label, state, detail }) => `${label} ${state} ${detail}`)).toEqual([
    'dark ready ',
    'light ready ',
    'wide ready ',
  ]);
  const pages = await Promise.all(
    json.variants.map(async ({ url, label, port }) => {
      expect(await textAt(url)).toContain('/@vite/client');
      const token = /const wsToken = "([^"]+)"/.exec(await textAt(`${url}@vite/client`))?.[1] ?? '';
      // Vite sends updates of what a page has asked for.
      await textAt(`${url}main.js`);
      await textAt(`${url}title.js`);
      return { label, url, port, hot: hotUpdates(url, token) };
    }),
  );
  for (const { hot } of pages) await vi.waitFor(() => expect(hot.seen[0]?.type).toBe('connected'), { timeout: 20_000 });

  const dark = variants.find(({ name }) => name === 'dark')?.worktree ?? '';
  await writeFile(join(dark, 'title.js'), "export const title = 'edited';\n");
  const [first, ...others] = pages;
  await vi.waitFor(
    () => expect(first?.hot.seen.find(({ type }) => type === 'update')?.updates?.[0]?.acceptedPath).toBe('/title.js'),
    { timeout: 20_000, interval: 50 },
  );
  expect(await textAt(`${first?.url}title.js`)).toContain('edited');
  for (const { url, hot } of others) {
    expect(await textAt(`${url}title.js`)).toContain('first');
    expect(hot.seen.map(({ type }) => type)).toEqual(['connected']);
  }
  expect(await readFile(join(person.repo, 'title.js'), 'utf8')).toContain('first');
  for (const { hot } of pages) hot.close();

  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
  await nothingServed(person);
  expect(await Promise.all(pages.map(({ port }) => canListen(port)))).toEqual([true, true, true]);
});
