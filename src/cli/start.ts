import { enableCompileCache } from 'node:module';
import { compileCacheFolder } from './compile-cache.ts';
import { VERSION } from './version.ts';
import { writeAnswer } from './write-answer.ts';

/** Put here by the build: what it bundled by itself, with commas between. From source there is nothing. */
declare const QUICK: string | undefined;

const args = process.argv.slice(2);
const [first, ...words] = args;

// What shells and scripts call most is answered before anything else is loaded.
if (args.length === 1 && (first === '--version' || first === '-v' || first === '-V')) {
  writeAnswer(`${VERSION}\n`);
} else {
  const folder = compileCacheFolder(process.env, process.platform);
  if (folder !== null) enableCompileCache(folder);
  if (first === '__complete') {
    // Options are in the files of the verbs, which the quick completion does not load.
    const hasOptions = words.some((word) => word.startsWith('-'));
    const own: Promise<typeof import('./complete.ts')> =
      !hasOptions && isQuick('complete') ? import(quickFile('complete')) : import('./complete.ts');
    const { complete } = await own;
    writeAnswer(await complete(words, process.cwd()));
  } else {
    const own: Promise<typeof import('./run-process.ts')> =
      first !== undefined && first !== 'complete' && isQuick(first) ? import(quickFile(first)) : import('./run-process.ts');
    const { runProcess } = await own;
    await runProcess(args);
  }
}

function isQuick(name: string): boolean {
  // biome-ignore lint/complexity/useOptionalChain: run from source, the name does not exist at all.
  return typeof QUICK !== 'undefined' && QUICK.split(',').includes(name);
}

function quickFile(name: string): string {
  return new URL(`quick/${name}.js`, import.meta.url).href;
}
