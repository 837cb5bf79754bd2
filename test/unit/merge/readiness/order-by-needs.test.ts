import { describe, expect, test } from 'vitest';
import type { ToMerge } from '../../../../src/merge/merge-options.ts';
import { allNeeds, inOrderOfNeeds } from '../../../../src/merge/readiness/order-by-needs.ts';
import type { RunState } from '../../../../src/model/run-state/state.ts';
import { RunSketch } from '../../../support/run-state.ts';

const state: RunState = new RunSketch([
  { name: 'a' },
  { name: 'b', needs: ['a'] },
  { name: 'c', needs: ['b', 'a'] },
  { name: 'd' },
]).state;
const one = (name: string, of: RunState = state): ToMerge => ({ state: of, name, label: name }) as ToMerge;

describe('the order of a merge', () => {
  test('is the one named', () => {
    const { order, moved } = inOrderOfNeeds([one('d'), one('a'), one('b')]);
    expect(order.map(({ name }) => name)).toEqual(['d', 'a', 'b']);
    expect(moved).toEqual([]);
  });

  test('puts first what another one starts from, and tells which', () => {
    const { order, moved } = inOrderOfNeeds([one('c'), one('d'), one('b'), one('a')]);
    expect(order.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(moved).toEqual(['a', 'b']);
  });

  test('does not mix up runs', () => {
    const other: RunState = { ...state, id: 'ui-2' };
    const { order } = inOrderOfNeeds([one('b'), one('a', other)]);
    expect(order.map(({ state: of, name }) => `${of.id}/${name}`)).toEqual(['ui/b', 'ui-2/a']);
  });

  test('knows all that a variant starts from, also where needs go round', () => {
    const variant = state.variants[2];
    if (variant === undefined) throw new Error('c is there');
    expect(allNeeds(state, variant).map(({ name }) => name)).toEqual(['a', 'b']);
    const round = { ...state, variants: state.variants.map((v) => (v.name === 'a' ? { ...v, needs: ['c'] } : v)) };
    expect(allNeeds(round, variant).map(({ name }) => name)).toContain('b');
  });
});
