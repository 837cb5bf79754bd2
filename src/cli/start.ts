import { enableCompileCache } from 'node:module';
import { compileCacheFolder } from './compile-cache.ts';
import { VERSION } from './version.ts';

/** Put here by the build: verbs that it bundled by themselves. From source there are none. */
declare const QUICK_VERBS: readonly string[] | undefined;

const args = process.argv.slice(2);
const [first] = args;

// What shells and scripts call most is answered before anything else is loaded.
if (args.length === 1 && (first === '--version' || first === '-v' || first === '-V')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const folder = compileCacheFolder(process.env, process.platform);
  if (folder !== null) enableCompileCache(folder);
  if (first === '__complete') {
    const { complete } = await import('./complete.ts');
    process.stdout.write(await complete(args.slice(1), process.cwd()));
  } else {
    const quick = typeof QUICK_VERBS !== 'undefined' && first !== undefined && QUICK_VERBS.includes(first);
    const own: Promise<typeof import('./run-process.ts')> = quick
      ? import(new URL(`quick/${first}.js`, import.meta.url).href)
      : import('./run-process.ts');
    const { runProcess } = await own;
    await runProcess(args);
  }
}
