import type { RunState, VariantState } from '../../model/run-state/state.ts';
import type { ToMerge } from '../merge-options.ts';

/** All that a variant starts from, directly or not, the first first. */
export function allNeeds(state: RunState, variant: VariantState, seen: readonly string[] = []): readonly VariantState[] {
  const found = new Map<string, VariantState>();
  for (const name of variant.needs) {
    const need = state.variants.find((candidate) => candidate.name === name);
    if (need === undefined || seen.includes(name)) continue;
    for (const earlier of allNeeds(state, need, [...seen, name])) found.set(earlier.name, earlier);
    found.set(name, need);
  }
  return [...found.values()];
}

export interface Ordered {
  readonly order: readonly ToMerge[];
  /** Labels of those that come earlier than they were named. */
  readonly moved: readonly string[];
}

/** The order named, but what another one starts from comes before it. Pure. */
export function inOrderOfNeeds(named: readonly ToMerge[]): Ordered {
  const order: ToMerge[] = [];
  const moved: string[] = [];
  const add = (one: ToMerge, early: boolean): void => {
    if (order.includes(one)) return;
    const variant = one.state.variants.find(({ name }) => name === one.name);
    const needs = variant === undefined ? [] : allNeeds(one.state, variant);
    for (const need of needs) {
      const other = named.find(({ state, name }) => state.id === one.state.id && name === need.name);
      if (other !== undefined) add(other, true);
    }
    if (early) moved.push(one.label);
    order.push(one);
  };
  for (const one of named) add(one, false);
  return { order, moved };
}
