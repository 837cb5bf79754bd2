import { spawn } from 'node:child_process';

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program to its end and resolves with its stdout; rejects with its stderr where it fails. */
export function run(file: string, args: readonly string[], o: ProcessOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...o, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}: ${Buffer.concat(err).toString('utf8')}`));
    });
  });
}

/** From before the start to the end of a program, ms. Its output is thrown away; a failure rejects. */
export function timeOf(file: string, args: readonly string[], o: ProcessOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { ...o, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => {
      const took = performance.now() - started;
      if (code === 0) resolve(took);
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** Waits until `found` finds something; rejects after `seconds`. */
export async function waitFor<T>(what: string, found: () => Promise<T | null>, seconds = 60): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const it = await found();
    if (it !== null) return it;
    if (performance.now() > deadline) throw new Error(`${what} did not come about in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
