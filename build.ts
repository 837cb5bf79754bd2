import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as bundle, type Metafile, type Plugin } from 'esbuild';
import * as yaml from 'yaml';

const ROOT = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOT, 'dist');
const LICENSES = 'third-party-licenses.txt';

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir: DIST,
  write: false,
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Verbs that scripts and prompts call, or people again and again, bundled once more by themselves: as part of everything they are spread over 35 shared
 * chunks, and reading that many files takes as long as starting Node does.
 */
const QUICK_VERBS = ['path', 'status', 'compare'];

/**
 * The largest of what is bundled, and needed only for options, YAML, checks and reports: each bundle would have a copy of its own. Name in
 * `dist/shared/` → what asks for it, and what is in the file.
 */
const SHARED: Readonly<Record<string, { readonly asked: RegExp; readonly source: string }>> = {
  yargs: { asked: /^yargs$/, source: "export { default } from 'yargs';" },
  execa: { asked: /^execa$/, source: "export { execa } from 'execa';" },
  // In CommonJS: which names it exports has to be said.
  yaml: {
    asked: /^yaml$/,
    source: `export { ${Object.keys(yaml).filter((name) => /^(?!default$)\w+$/.test(name))} } from 'yaml';`,
  },
  highlighter: { asked: /\/highlighter\.js$/, source: "export { highlighter } from './src/view/html/diff/highlighter.js';" },
};

const MODERN = {
  ...COMMON,
  target: 'node22.18',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  metafile: true,
  // One string: a list would become a chunk of its own, read at each start.
  define: { QUICK: JSON.stringify([...QUICK_VERBS, 'complete'].join()) },
  alias: {
    // The real one costs 27 ms at each start for Intl.Segmenter.
    'string-width': './src/view/kit/string-width.ts',
    // Neither is ever reached, and the first is six times the size of tap-parser, the second four times that of cosmiconfig.
    'tap-yaml': './src/system/no-yaml.ts',
    'js-yaml': './src/system/no-yaml.ts',
  },
  // Libraries in CommonJS ask for node:fs and its like through require; made when asked, since every chunk begins with this.
  banner: { js: "const require = (id) => process.getBuiltinModule('node:module').createRequire(import.meta.url)(id);" },
} as const satisfies BuildOptions;

/**
 * Writes `dist/`: `main.js` alone for any Node that ever was asked to run it, the rest in chunks, one per verb and what verbs
 * share. `clean` drops the chunks of earlier builds; without it they stay, because a running copse may still load one.
 */
export async function build(o: { readonly clean: boolean }): Promise<void> {
  // An old Node has to get as far as the version guard: nothing is modernised, and the rest stays outside.
  const entry = await bundle({
    ...COMMON,
    entryPoints: ['src/main.ts'],
    target: 'es2015',
    supported: { 'dynamic-import': true },
    plugins: [outside(['./cli/start.ts'])],
  });
  // One file, however much of it others share: `--version` needs no more.
  const start = await bundle({
    ...MODERN,
    splitting: false,
    entryPoints: { start: 'src/cli/start.ts' },
    plugins: [builtins, outside(['./run-process.ts', './complete.ts'])],
  });
  const libraries = await bundle({
    ...MODERN,
    splitting: false,
    // Nobody reads a stack through them for long.
    minifyWhitespace: true,
    entryPoints: Object.fromEntries(Object.keys(SHARED).map((name) => [`shared/${name}`, `shared:${name}`])),
    plugins: [builtins, sharedSources],
  });
  const entryPoints = { 'run-process': 'src/cli/run-process.ts', complete: 'src/cli/complete.ts' };
  const rest = await bundle({ ...MODERN, entryPoints, plugins: [builtins, shared] });
  const quick = await Promise.all(
    QUICK_VERBS.map((verb) =>
      bundle({
        ...MODERN,
        entryPoints: { [`quick/${verb}`]: 'src/cli/run-process.ts' },
        plugins: [builtins, shared, onlyVerb(verb)],
      }),
    ),
  );
  // The completion of names, which a shell waits for at each Tab: one file, and one more where the variants file is to be read.
  const completion = await bundle({
    ...MODERN,
    splitting: false,
    entryPoints: {
      'quick/complete': 'src/cli/complete.ts',
      'quick/load-variants-file': 'src/config/variants/load-variants-file.ts',
    },
    plugins: [builtins, shared, onlyVerb(null), outside(['../../config/variants/load-variants-file.ts'])],
  });
  // Who starts comes last: what it loads stands by then.
  const outputs = [libraries, rest, ...quick, completion, start, entry].flatMap((one) => one.outputFiles);
  for (const output of outputs) await replace(output.path, withShared(output.path, output.text));
  await replace(join(DIST, LICENSES), await licenses([rest.metafile, libraries.metafile]));
  await chmod(join(DIST, 'main.js'), 0o755);
  if (o.clean) await dropAllBut(new Set(outputs.map((output) => output.path)));
}

/** Node's modules that take a while to load and that many commands never need: loaded at the first call. */
const WHEN_CALLED = new Set(['child_process', 'crypto', 'http', 'net']);

/**
 * `import … from 'node:fs'` makes Node read every export once, and with that load what hangs behind its getters (4 ms for the
 * streams of `fs`, 12 ms of a start in all). Asking for the same module with `process.getBuiltinModule` does not.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup(b) {
    b.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z]+)?$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (kind === 'require-call' || !builtinModules.includes(name)) return undefined;
      return { path: name, namespace: 'builtin', sideEffects: false };
    });
    b.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: builtinSource(path), loader: 'js' }));
  },
};

/** Leaves out what stands in `dist/shared/`. Where that is from a chunk or an entry point is known once both are written. */
const shared: Plugin = {
  name: 'shared',
  setup(b) {
    for (const [name, { asked }] of Object.entries(SHARED))
      b.onResolve({ filter: asked }, () => ({ path: `shared:${name}`, external: true }));
  },
};

const sharedSources: Plugin = {
  name: 'shared-sources',
  setup(b) {
    b.onResolve({ filter: /^shared:/ }, ({ path }) => ({ path: path.slice('shared:'.length), namespace: 'shared' }));
    b.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({ contents: SHARED[path]?.source ?? '', resolveDir: ROOT }));
  },
};

function withShared(path: string, text: string): string {
  const folder = relative(dirname(path), join(DIST, 'shared'));
  return text.replace(/"shared:(\w+)"/g, (_, name: string) =>
    JSON.stringify(`${folder.startsWith('.') ? '' : './'}${folder}/${name}.js`),
  );
}

/** Leaves modules out that become entry points themselves: `./cli/start.ts` is `./start.js` beside who imports it. */
function outside(modules: readonly string[]): Plugin {
  return {
    name: 'outside',
    setup(b) {
      b.onResolve({ filter: /\.ts$/ }, ({ path, kind }) =>
        kind === 'dynamic-import' && modules.includes(path)
          ? { path: `./${basename(path, '.ts')}.js`, external: true }
          : undefined,
      );
    },
  };
}

/** Leaves the other verbs out. Their names still stand in the registry, for help and for `--help`; nothing loads them there. */
function onlyVerb(verb: string | null): Plugin {
  return {
    name: 'only-verb',
    setup(b) {
      b.onResolve({ filter: /\.ts$/ }, ({ path, importer, kind }) => {
        const other = kind === 'dynamic-import' && importer.endsWith('/commands/registry.ts') && path !== `./${verb}.ts`;
        return other ? { path, external: true } : undefined;
      });
    },
  };
}

function builtinSource(name: string): string {
  const module: Record<string, unknown> = { ...process.getBuiltinModule(`node:${name}`) };
  const lines = Object.keys(module)
    .filter((key) => /^[A-Za-z_]\w*$/.test(key) && key !== 'default')
    .map((key) => {
      const isFunction = typeof module[key] === 'function' && /^[a-z]/.test(key);
      const value =
        WHEN_CALLED.has(name) && isFunction ? `(...args) => module().${key}(...args)` : `/* @__PURE__ */ pick('${key}')`;
      // An export may be called as a reserved word (crypto has one): under another name inside, its own outside.
      return `const builtin_${key} = ${value};\nexport { builtin_${key} as ${key} };`;
    });
  return `const module = () => process.getBuiltinModule('node:${name}');
const pick = (key) => module()[key];
export default /* @__PURE__ */ module();
${lines.join('\n')}
`;
}

/** After the new files stand, so that there is a whole copse at each moment. */
async function dropAllBut(kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path) && entry.name !== LICENSES) await rm(path, { force: true });
  }
}

/** Two builds may run at once, and a reader may start copse in between. */
async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

/** The bundled packages' licenses want their text to go along. */
async function licenses(metafiles: readonly Metafile[]): Promise<string> {
  const folders = new Set<string>();
  for (const input of metafiles.flatMap(({ inputs }) => Object.keys(inputs))) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) folders.add(match[1]);
  }
  const texts = await Promise.all([...folders].sort().map(licenseOf));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenseOf(folder: string): Promise<string> {
  const about = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = (await readdir(join(ROOT, folder))).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  const text = file === undefined ? '' : await readFile(join(ROOT, folder, file), 'utf8');
  return `${about.name} ${about.version} (${about.license ?? 'see its package'})\n\n${text}`;
}

if (import.meta.main) await build({ clean: process.argv.includes('--clean') });
