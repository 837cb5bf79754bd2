import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from '../../build.ts';
import { ambientEnvironment } from '../../src/system/environment.ts';
import { AGENT_VARIABLES, agentAmong, ancestorsOf } from '../../src/system/processes/agent-caller.ts';

/** Twice what the suite leaves there at most. */
const IN_MEMORY_BYTES = 4 * 2 ** 30;

/** Once before all tests: `dist/` is what `src/` says, and one folder holds whatever they leave in the temporary folder. */
export default async function setUp(): Promise<() => void> {
  hideAgents();
  await buildOrSay();
  unmountLeftOver();
  // Short: paths of Unix sockets below it hold at most 104 bytes.
  const folder = mkdtempSync(join(tmpdir(), `ct-${process.pid.toString(36)}-`));
  const mounted = mountMemory(folder);
  process.env['TMPDIR'] = folder;
  return () => {
    if (mounted) execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

/**
 * Memory instead of a disk below `folder`, if mounting is allowed and there is plenty: flushing and deleting hundreds of thousands of
 * small files takes minutes otherwise.
 */
function mountMemory(folder: string): boolean {
  const limit = process.constrainedMemory();
  const free = limit > 0 ? Math.min(freemem(), limit - process.memoryUsage().rss) : freemem();
  if (process.platform !== 'linux' || free < 1.5 * IN_MEMORY_BYTES) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${IN_MEMORY_BYTES},mode=700`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    // Not root, or a container without the right: the disk does.
    return false;
  }
}

/** The mount of a killed suite keeps its memory until it is unmounted; its name has the suite's pid. */
function unmountLeftOver(): void {
  if (process.platform !== 'linux') return;
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const folder = line.split(' ')[4] ?? '';
    const pid = /^ct-([0-9a-z]+)-\w{6}$/.exec(basename(folder))?.[1];
    if (pid === undefined || dirname(folder) !== tmpdir() || lives(Number.parseInt(pid, 36))) continue;
    try {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
      rmdirSync(folder);
    } catch {
      // Another suite that starts right now was faster.
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tests of one room need no build: a room that does not bundle fails the tests that start copse, which find none. */
async function buildOrSay(): Promise<void> {
  try {
    await build({ clean: false });
  } catch (error) {
    rmSync(new URL('../../dist/main.js', import.meta.url), { force: true });
    process.stderr.write(
      `copse cannot be built, tests that start it will fail: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

/** Where an agent runs the suite, its tests are still those of a person (`as-person.ts`). */
function hideAgents(): void {
  if (agentAmong(ambientEnvironment(), ancestorsOf(process.pid)) === null) return;
  for (const name of AGENT_VARIABLES) delete process.env[name];
  if (process.platform !== 'linux') return;
  const pids: number[] = [];
  for (let pid = process.pid; pid > 0; pid = parentOf(pid)) pids.push(pid);
  process.env['COPSE_SUITE_ANCESTORS'] = pids.join(',');
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // Not ours to see.
  }
}
