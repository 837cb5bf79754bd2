import * as z from 'zod/mini';
import { SHARED_FLAGS, type SharedFlagName, type SharedOption } from '../../config/shared-options.ts';
import { ISOLATIONS } from '../../model/outcome.ts';
import type { OptionSpec } from '../command.ts';
import { dollars, duration, someText, wholeNumber } from '../option-values.ts';

/** The flags of the options that settings and variants have too, for yargs, help and completion. */
export function sharedFlags(): Readonly<Record<SharedFlagName, OptionSpec>> {
  const specs = SHARED_FLAGS.map(({ name, option: { summary, choices } }): [string, OptionSpec] => [
    name,
    { kind: 'text', summary, ...(choices === undefined ? {} : { choices }) },
  ]);
  return Object.fromEntries(specs) as Record<SharedFlagName, OptionSpec>;
}

const READERS = {
  model: () => someText('a model'),
  effort: () => someText('an effort level'),
  isolation: () => z.enum(ISOLATIONS, `one of ${ISOLATIONS.join(', ')}`),
  duration,
  dollars,
  count: ({ between: [min, max] = [0, 0] }: SharedOption) => wholeNumber({ min, max }),
} as const;

/** The parsers of their values. */
export function sharedFlagShape() {
  const shape = SHARED_FLAGS.map(({ name, option }) => [name, z.optional(reader(option))]);
  return Object.fromEntries(shape) as Record<SharedFlagName, z.ZodMiniOptional<z.ZodMiniType<string | number>>>;
}

function reader(option: SharedOption): z.ZodMiniType {
  return READERS[option.takes](option);
}
