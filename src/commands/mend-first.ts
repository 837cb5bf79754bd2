import type { Here } from '../repository/here.ts';
import { mendFirst as mend } from '../repository/mend-first.ts';
import { clock } from '../run/watch/launcher.ts';
import type { Context } from './command.ts';

/** Brings to an end what a killed command left open, and says so; whether there was anything. */
export async function mendFirst(here: Here, context: Context): Promise<boolean> {
  const sentences = await mend(here, clock);
  for (const sentence of sentences) context.stderr.write(`${sentence}\n`);
  return sentences.length > 0;
}
