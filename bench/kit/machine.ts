import { availableParallelism, platform, release } from 'node:os';
import type { Lab } from './lab.ts';

/** What figures mean little without. */
export interface MachineFacts {
  readonly system: string;
  readonly cores: number;
  readonly node: string;
  readonly git: string;
}

export async function machineFacts(lab: Lab): Promise<MachineFacts> {
  return {
    system: `${platform()} ${release().split('-')[0]}`,
    cores: availableParallelism(),
    node: process.versions.node,
    git: (await lab.git(lab.folder, '--version')).replace('git version ', ''),
  };
}
