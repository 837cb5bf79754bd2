import type { Problem } from '../../model/errors.ts';

/** Line and column of an offset, both from 1. */
export type Place = (offset: number) => { readonly line: number; readonly col: number };

/** A problem with a file: at `place`, or at its start. */
export function problemAt(path: string, what: string, fix?: string, place?: ReturnType<Place>): Problem {
  return {
    what,
    position: { file: path, line: place?.line ?? 1, column: place?.col ?? 1 },
    ...(fix === undefined ? {} : { fix }),
  };
}
