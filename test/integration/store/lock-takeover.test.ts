import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostIdentity, ownIdentity } from '../../../src/system/processes/process-identity.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const CONTENDER = join(import.meta.dirname, '../../support/lock-contender.ts');

async function contend(folder: string, rounds: number, deathsPerHundred = 0): Promise<{ code: number | null; stderr: string }> {
  const args = [CONTENDER, folder, String(rounds), String(deathsPerHundred)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  await once(child, 'close');
  return { code: child.exitCode, stderr };
}

/** Puts a lock there whose owner, of this machine and boot, is dead. `nonce` of the lock that it took over itself, if any. */
async function plantDead(path: string, nonce: string, after?: string): Promise<void> {
  const identity = { ...(await ownIdentity()), startTime: '0' };
  const owner = { identity, host: await hostIdentity(), nonce, purpose: 'die', since: '2026-01-01T00:00:00.000Z' };
  await writeFile(after === undefined ? path : `${path}.after-${after}`, JSON.stringify(owner));
}

/** Entered and left (or died in) one after the other, by a new owner each time. Returns how many owners there were. */
async function expectOneOwnerAtATime(log: string): Promise<number> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  const owners = lines.filter((_, index) => index % 2 === 0).map((line) => line.split(' ')[1]);
  const expected = owners.flatMap((owner, index) => {
    const end = lines[index * 2 + 1]?.split(' ')[0] === 'die' ? 'die' : 'leave';
    return [`enter ${owner}`, `${end} ${owner}`];
  });
  expect(lines, log).toEqual(expected);
  expect(new Set(owners).size).toBe(owners.length);
  return owners.length;
}

describe('a lock whose owner died', () => {
  test('gets one owner at a time, in hundreds of rounds of four processes', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const rounds = 400;
    for (let round = 0; round < rounds; round += 1) {
      const path = join(folder, `lock-${round}`);
      await plantDead(path, 'first');
      // Every third: the successor of the first died as well, before it had tidied up.
      if (round % 3 === 0) await plantDead(path, 'second', 'first');
    }
    const ends = await Promise.all([1, 2, 3, 4].map(() => contend(folder, rounds)));
    expect(ends).toEqual(ends.map(() => ({ code: 0, stderr: '' })));
    for (let round = 0; round < rounds; round += 1) {
      expect(await expectOneOwnerAtATime(join(folder, `lock-${round}.log`))).toBe(4);
    }
    const left = (await readdir(folder)).filter((name) => !name.endsWith('.log'));
    expect(left).toEqual([]);
  });

  test('is taken over from processes that really die while they hold it', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const rounds = 30;
    const mortal = Array.from({ length: 25 }, (_, index) => index);
    const immortal = [contend(folder, rounds), contend(folder, rounds)];
    let deaths = 0;
    // Two at a time, so that dead owners turn up all along.
    const dying = async (): Promise<void> => {
      while (mortal.pop() !== undefined) if ((await contend(folder, rounds, 30)).code === null) deaths += 1;
    };
    await Promise.all([dying(), dying()]);
    expect(await Promise.all(immortal)).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    expect(deaths).toBeGreaterThan(5);
    for (let round = 0; round < rounds; round += 1) await expectOneOwnerAtATime(join(folder, `lock-${round}.log`));
  });
});
