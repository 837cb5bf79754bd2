import { spawn } from 'node:child_process';
import type { Environment } from './environment.ts';

/** Opens an address in the person's browser; false if no program for that can be started. */
export function openBrowser(url: string, environment: Environment): Promise<boolean> {
  const programs = process.platform === 'darwin' ? ['open'] : ['xdg-open', 'wslview'];
  return programs.reduce<Promise<boolean>>(
    async (opened, program) => (await opened) || start(program, url, environment),
    Promise.resolve(false),
  );
}

function start(program: string, url: string, environment: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [url], { detached: true, stdio: 'ignore', env: { ...environment } });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
