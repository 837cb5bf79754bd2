import { readFile } from 'node:fs/promises';

/** What a process has used so far, as the kernel counts it. Linux only. */
export interface ProcessUsage {
  /** Of one core, user and system, s. */
  readonly cpuSeconds: number;
  /** Most memory it ever had resident, MB. */
  readonly peakMb: number;
}

/** USER_HZ, in which /proc counts; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export async function usageOf(pid: number): Promise<ProcessUsage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name stands in parentheses and may hold anything; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (peak === undefined) throw new Error(`process ${pid} has ended`);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakMb: Number(peak) / 1024 };
}
