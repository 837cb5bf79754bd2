import type { ProcessEntry, ProcessTable } from './process-table.ts';
import { runCommand } from './run-command.ts';

/** macOS: `ps`, `lsof`, `sysctl`. There is no `/proc` and no pid namespace. */
export const macosProcesses: ProcessTable = {
  entry: async (pid) => parsePs(await ask('ps', ['-o', 'pid=,ppid=,stat=,lstart=', '-p', String(pid)]))[0] ?? null,
  all: async () => parsePs(await ask('ps', ['-axo', 'pid=,ppid=,stat=,lstart='])),
  withVariable: async (assignment) =>
    (await ask('ps', ['-axEwwo', 'pid=,command=']))
      .split('\n')
      .filter((line) => ` ${line} `.includes(` ${assignment} `))
      .map((line) => Number.parseInt(line, 10)),
  workingIn: async (dir) => parseLsof(await ask('lsof', ['-a', '-d', 'cwd', '-Fpn']), dir),
  // launchd is process 1.
  reaps: async () => false,
  startedAt: async (startTime) => {
    const at = Date.parse(startTime);
    return Number.isNaN(at) ? null : at;
  },
  bootId: async () => (await ask('sysctl', ['-n', 'kern.bootsessionuuid'])).trim(),
  pidNamespace: async () => 'host',
  machineId: async () =>
    /"IOPlatformUUID" = "([^"]+)"/.exec(await ask('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']))?.[1] ?? '',
};

/** Lines of `pid ppid stat lstart`; `lstart` has spaces. */
export function parsePs(output: string): ProcessEntry[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, parent, state, startTime] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (pid === undefined || parent === undefined || state === undefined || startTime === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), startTime, zombie: state.startsWith('Z') }];
  });
}

/** `lsof -F pn`: a line `p<pid>`, then one `n<path>` for its working directory. */
export function parseLsof(output: string, dir: string): number[] {
  const found: number[] = [];
  let pid = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line === `n${dir}` || line.startsWith(`n${dir}/`)) found.push(pid);
  }
  return found;
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  // LC_ALL and TZ: `lstart` is printed in the caller's language and zone otherwise, and would differ between two copse processes.
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
  const result = await runCommand(program, args, { cwd: '/', env, timeoutMs: 10_000 });
  if (result.startError !== null) throw new Error(`${program} cannot run: ${result.startError}`);
  // ps and lsof exit 1 when nothing matches; their output is still the answer.
  return result.stdout.toString('utf8');
}
