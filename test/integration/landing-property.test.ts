import fc from 'fast-check';
import { test } from 'vitest';
import { ANY_REPOSITORY } from '../support/any-repository.ts';
import { agentStep } from '../support/landing/agent-work.ts';
import { LandingWorld, type WorkStep } from '../support/landing/landing-world.ts';
import { act, purge } from '../support/landing/line.ts';

/*
 * Cases no one thought of: random work, random lines in a random order. A sequence that fails is shrunk, and its seed printed. Longer, and
 * other ones: COPSE_PROPERTY_CASES=500 COPSE_PROPERTY_SEED=7 npx vitest run test/integration/landing-property.test.ts
 */
const asked = process.env['COPSE_PROPERTY_CASES'];
const bounds = asked === undefined ? { numRuns: 15, interruptAfterTimeLimit: 25_000 } : { numRuns: Number(asked) };
const seed = Number(process.env['COPSE_PROPERTY_SEED'] ?? 4);

const at = fc.nat({ max: 5 });
/** Most of the time every variant has something to merge. */
const works = fc.oneof(fc.constantFrom(7, 15), fc.nat({ max: 15 }));
const firstWork = fc.array(agentStep, { minLength: 1, maxLength: 10, size: 'max' });
const laterWork: fc.Arbitrary<WorkStep[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: agentStep },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('run' as const), variants: fc.integer({ min: 1, max: 2 }), works }) },
    { weight: 1, arbitrary: fc.constant({ do: 'make a worktree by hand' as const }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('take its name' as const, 'take its place' as const), at }) },
  ),
  { maxLength: 5, size: 'max' },
);
const acts = fc.array(act, { minLength: 1, maxLength: 6, size: 'max' });
const chapter = fc.record({
  work: laterWork,
  acts,
  purge: fc.option(purge, { freq: 5 }),
});

const [ordinary, ...special] = ANY_REPOSITORY.filter(({ unusual }) => unusual !== true);
if (ordinary === undefined) throw new Error('no repository is ordinary');

const life = fc.record({
  kind: fc.oneof({ weight: 2, arbitrary: fc.constant(ordinary) }, { weight: 3, arbitrary: fc.constantFrom(...special) }),
  variants: fc.integer({ min: 1, max: 3 }),
  works,
  byHand: fc.boolean(),
  work: firstWork,
  /** Typed and left so, before the last chapter, of which everything is undone. */
  before: fc.array(chapter, { maxLength: 2 }),
  last: fc.record({ work: laterWork, acts }),
});

async function live(o: typeof life extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const world = new LandingWorld();
  try {
    await world.prepare(o.variants, o.works, o.kind);
    if (o.byHand) await world.work({ do: 'make a worktree by hand' });
    for (const step of o.work) await world.work(step);
    for (const { work, acts, purge } of o.before) {
      for (const step of work) await world.work(step);
      await world.startChapter();
      for (const act of acts) await world.type(act);
      if (purge !== null) await world.type(purge);
    }
    for (const step of o.last.work) await world.work(step);
    await world.startChapter();
    for (const act of o.last.acts) await world.type(act);
    await world.undoChapter();
    await world.undoRest();
  } finally {
    world.close();
  }
}

test('merge, prune and undo in any order lose nothing, and undoing all of it gives back what was', {
  timeout: 7_200_000,
}, async () => {
  await fc.assert(fc.asyncProperty(life, live), { ...bounds, seed });
});
