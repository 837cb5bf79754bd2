import { spawn } from 'node:child_process';
import { usageOf } from './process-usage.ts';
import type { ProcessOptions } from './processes.ts';

const LOOK_EVERY_MS = 50;

/** What came of reading a program's answer through a pipe. */
export interface ReadThrough {
  readonly bytes: number;
  /** From before the start to the first of it, ms. */
  readonly firstMs: number;
  readonly peakMb: number;
}

/** Reads all that a program writes, and keeps none of it. */
export function readThrough(file: string, args: readonly string[], o: ProcessOptions): Promise<ReadThrough> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { ...o, stdio: ['ignore', 'pipe', 'ignore'] });
    let bytes = 0;
    let firstMs = 0;
    let peakMb = 0;
    const look = setInterval(() => {
      // It may have ended a moment ago; what it had until then is known.
      if (child.pid !== undefined)
        usageOf(child.pid).then(
          (usage) => (peakMb = Math.max(peakMb, usage.peakMb)),
          () => undefined,
        );
    }, LOOK_EVERY_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      if (bytes === 0) firstMs = performance.now() - started;
      bytes += chunk.length;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ bytes, firstMs, peakMb });
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}`));
    });
  });
}
