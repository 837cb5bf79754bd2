import { availableParallelism, loadavg, platform, release } from 'node:os';
import { run } from './processes.ts';

/** What figures mean little without. */
export interface MachineFacts {
  readonly system: string;
  readonly cores: number;
  readonly node: string;
  readonly git: string;
  /** How many processes wanted a core in the minute before: over a fraction of the cores, figures say little. */
  readonly load: number;
}

export async function machineFacts(): Promise<MachineFacts> {
  return {
    system: `${platform()} ${release().split('-')[0]}`,
    cores: availableParallelism(),
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    git: (await run('git', ['--version'], { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } }))
      .trim()
      .replace('git version ', ''),
  };
}
