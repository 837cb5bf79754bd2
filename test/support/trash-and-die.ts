/**
 * Run as a program: takes away, brings back or purges, and dies where COPSE_FAILPOINT says.
 * Arguments: repository, `take`, `back`, `purge` or `purge-files`, and as JSON the removals or the operation's id.
 */
import { openRepository } from '../../src/git/spawn/repository.ts';
import { storeAt } from '../../src/store/layout.ts';
import { readOperation } from '../../src/store/operations.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { purge } from '../../src/trash/purging/purge.ts';
import type { Removal } from '../../src/trash/removing/removal.ts';
import { takeAway } from '../../src/trash/removing/take-away.ts';
import { bringBack } from '../../src/trash/returning/bring-back.ts';

const [root = '', verb = '', json = ''] = process.argv.slice(2);
const repository = await openRepository(root);
const store = storeAt(repository.commonDir);
const context = { repository, store, clock: systemClock, command: `copse ${verb}` };
if (verb === 'take') await takeAway({ ...context, removals: JSON.parse(json) as Removal[] });
else if (verb === 'back') {
  const operation = await readOperation(store, JSON.parse(json) as string);
  if (operation?.kind === 'prune') await bringBack({ ...context, operation });
} else await purge({ ...context, operations: [JSON.parse(json) as string], keepCommits: verb === 'purge-files' });
