import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Ended, Person } from './person.ts';

/**
 * Runs copse with a git that waits for ever when it is first given this word, and there does what Ctrl-C in a terminal does: the signal
 * reaches copse and the git that is at work.
 */
export async function interruptedAt(person: Person, args: readonly string[], word: string): Promise<Ended> {
  const [bin, asked] = [join(person.home, 'slow'), join(person.home, 'asked')];
  await mkdir(bin, { recursive: true });
  const path = person.env['PATH'] ?? '';
  const waits = `case " $* " in *" ${word} "*) test -f '${asked}' || { touch '${asked}'; exec sleep 600; };; esac`;
  await writeFile(join(bin, 'git'), ['#!/bin/sh', waits, `PATH='${path}' exec git "$@"`].join('\n'));
  await chmod(join(bin, 'git'), 0o755);
  const { child, ended } = person.start(args, { env: { PATH: `${bin}:${path}` }, group: true });
  await expect.poll(() => existsSync(asked), { timeout: 20_000 }).toBe(true);
  signalGroup(child);
  return ended;
}

function signalGroup({ pid }: ChildProcess): void {
  if (pid === undefined) throw new Error('it was never started');
  process.kill(-pid, 'SIGINT');
}
