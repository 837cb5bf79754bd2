/**
 * Run as a program: creates one worktree, and dies where COPSE_FAILPOINT says.
 * Arguments: repository, variant, folder for worktrees and ports.
 */
import { join } from 'node:path';
import { openRepository } from '../../src/git/spawn/repository.ts';
import { ensureStore, storeAt } from '../../src/store/layout.ts';
import { createWorktree } from '../../src/worktree/create-worktree.ts';

const [root = '', variant = '', folder = ''] = process.argv.slice(2);
const repository = await openRepository(root);
const store = storeAt(repository.commonDir);
await ensureStore(store);
const handle = await createWorktree({
  repository,
  store,
  path: join(folder, 'app.worktrees', `ui-${variant}`),
  branch: `ui/${variant}`,
  start: repository.headCommit ?? '',
  run: 'ui',
  variant,
  copy: { entries: [] },
  portRegistry: join(folder, 'ports.json'),
});
process.stdout.write(`${JSON.stringify(handle)}\n`);
