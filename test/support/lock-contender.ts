import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '../../src/store/lock.ts';

/*
 * A process that competes for locks. Arguments: a folder, how many locks `lock-0`, `lock-1` … it takes one after the other, and
 * how often per hundred it dies while it holds one. It writes `enter`, `leave` and `die` lines beside each lock; an
 * append is one write, so the file shows in which order they happened.
 */
const [folder = '', rounds = '0', deathsPerHundred = '0'] = process.argv.slice(2);

for (let round = 0; round < Number(rounds); round += 1) {
  const path = join(folder, `lock-${round}`);
  const lock = await acquireLock(path, { purpose: 'contend', waitMs: 60_000 });
  const say = (word: string): void => appendFileSync(`${path}.log`, `${word} ${lock.nonce}\n`);
  say('enter');
  // A little longer than a look at the chain takes, so that a second owner would be seen inside.
  await new Promise((resolve) => setTimeout(resolve, 1));
  if (Math.random() * 100 < Number(deathsPerHundred)) {
    say('die');
    process.kill(process.pid, 'SIGKILL');
  }
  say('leave');
  await lock.release();
}
