import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadState, writeSnapshot } from '../../src/store/events/run-snapshot.ts';
import { runPaths, storeAt } from '../../src/store/layout.ts';

/** Copies the records of a run under another id: as a run that ended long before it. */
export async function copyRun(root: string, from: string, to: string): Promise<void> {
  const store = storeAt(join(root, '.git'));
  const [source, target] = [runPaths(store, from), runPaths(store, to)];
  await cp(source.dir, target.dir, { recursive: true, filter: (path) => !path.endsWith('lock') });
  for (const path of [target.events, target.plan]) {
    const text = await readFile(path, 'utf8');
    // Its creation is on the first line, and says when.
    await writeFile(path, text.replace(`"run":"${from}"`, `"run":"${to}"`).replace(/"at":"20/, '"at":"19'));
  }
  await writeSnapshot(target, await loadState(target));
}
