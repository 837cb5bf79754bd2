import type { VariantState } from '../model/state.ts';
import { oneLine } from './plain-text.ts';

/** What became of a variant's work after it ended: `landed on main, removed (copse undo)`; empty while nothing did. */
export function fateOf({ landed, removed }: VariantState): string {
  const parts = [
    ...(landed === null ? [] : [`landed on ${oneLine(landed.target)}`]),
    ...(removed === null ? [] : [removed.purged ? 'removed for good' : 'removed (copse undo)']),
  ];
  return parts.join(', ');
}
