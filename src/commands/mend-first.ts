import type { Here } from '../run/here.ts';
import { clock } from '../run/launcher.ts';
import { mendFirst as mend } from '../run/mend-first.ts';
import type { Context } from './command.ts';

/** Brings to an end what a killed command left open, and says so; whether there was anything. */
export async function mendFirst(here: Here, context: Context): Promise<boolean> {
  const sentences = await mend(here, clock);
  for (const sentence of sentences) context.stderr.write(`${sentence}\n`);
  return sentences.length > 0;
}
