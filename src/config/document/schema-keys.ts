import type * as z from 'zod/mini';

/** Keys that `schema` knows in the map at `path`; those of all branches where it is a union. */
export function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [step, ...rest] = path;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return knownKeys(def.innerType, path);
    case 'union':
      return [...new Set(def.options.flatMap((option) => knownKeys(option, path)))];
    case 'object': {
      if (step === undefined) return Object.keys(def.shape);
      const next = Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
      return next === undefined ? [] : knownKeys(next, rest);
    }
    case 'record':
      return step === undefined ? [] : knownKeys(def.valueType, rest);
    case 'array':
      return step === undefined ? [] : knownKeys(def.element, rest);
    default:
      return [];
  }
}
