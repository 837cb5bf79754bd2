import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Position, Problem } from '../../model/errors.ts';
import type { Place } from './problem-at.ts';

/** Key path within a document; numbers are places in a list. */
export type KeyPath = readonly (string | number)[];

/** The result of reading a file as YAML. */
export type ReadDocument =
  | { readonly ok: true; readonly document: DataDocument }
  | { readonly ok: false; readonly missing: boolean; readonly problems: readonly Problem[] };

/** A parsed file: its data, and the position of each part. */
export interface DataDocument {
  readonly path: string;
  /** Plain data; null if the file is empty (only comments). */
  readonly value: unknown;
  /** Of the value at `at`, or of the nearest parent that exists. */
  position(at: KeyPath): Position;
  /** Of the key that names `at`, or of the nearest parent that exists. */
  keyPosition(at: KeyPath): Position;
  /** Keys of the map at `at` in the file's order, which a JavaScript object does not keep for `10` and `2`. */
  keys(at: KeyPath): readonly string[];
}

/** A parsed document's data, and the position of each part in the file. */
export function withPositions(path: string, value: unknown, document: Document, place: Place): DataDocument {
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  /** Offsets of key and value along `at`, as far as it exists. */
  const walk = (keyPath: KeyPath): { key: number; value: number; node: unknown; whole: boolean } => {
    let node: unknown = document.contents;
    const start = rangeStart(node) ?? 0;
    let found = { key: start, value: start };
    for (const step of keyPath) {
      const within = resolve(node);
      if (isMap(within)) {
        const pair = within.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (pair === undefined) return { ...found, node: within, whole: false };
        const key = rangeStart(pair.key) ?? found.key;
        found = { key, value: rangeStart(pair.value) ?? key };
        node = pair.value;
      } else if (isSeq(within)) {
        const item = within.items[Number(step)];
        if (item === undefined) return { ...found, node: within, whole: false };
        const offset = rangeStart(item) ?? found.value;
        found = { key: offset, value: offset };
        node = item;
      } else {
        return { ...found, node: within, whole: false };
      }
    }
    return { ...found, node: resolve(node), whole: true };
  };
  const positionOf = (offset: number): Position => {
    const { line, col } = place(offset);
    return { file: path, line, column: col };
  };
  return {
    path,
    value,
    position: (keyPath) => positionOf(walk(keyPath).value),
    keyPosition: (keyPath) => positionOf(walk(keyPath).key),
    keys: (keyPath) => {
      const { node, whole } = walk(keyPath);
      return whole && isMap(node) ? node.items.flatMap((item) => (isScalar(item.key) ? [String(item.key.value)] : [])) : [];
    },
  };
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
