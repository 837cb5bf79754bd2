import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

type Json = Record<string, unknown>;

interface Place {
  readonly person: Person;
  readonly proof: string;
  readonly plan: string;
  readonly whole: string;
}

interface Forgery {
  readonly title: string;
  forge(plan: Json, proof: string): void;
}

const FORGERIES: readonly Forgery[] = [
  {
    title: 'a plan that says it needs no approval',
    forge: (plan, proof) => {
      plan['trust'] = { needed: false, hash: 'f'.repeat(64), approved: true, items: [] };
      withCommands(plan, proof);
    },
  },
  { title: 'commands that were changed under an approved hash', forge: withCommands },
  {
    title: 'a runner, and the isolation that goes with it, under an approved hash',
    forge: (plan, proof) => {
      for (const variant of plan['variants'] as Json[]) {
        variant['runner'] = { kind: 'command', command: ['sh', '-c', `touch ${proof}`] };
        variant['isolation'] = 'bypass';
      }
    },
  },
  {
    title: 'a plan of another repository that the person approved',
    forge: (plan, proof) => {
      withCommands(plan, proof);
      plan['repository'] = { ...(plan['repository'] as Json), commonDir: '/somewhere/else/.git' };
    },
  },
];

function withCommands(plan: Json, proof: string): void {
  const run = `touch ${proof}`;
  plan['setup'] = [run];
  plan['teardown'] = [run];
  plan['verify'] = [{ name: 'test', run, report: null, repeat: 1, tests: [] }];
  plan['metrics'] = [{ name: 'size', run, goal: null, unit: null, path: null, tolerance: null, repeat: 1 }];
  plan['serve'] = { run, ready: { kind: 'path', path: '/' }, timeoutMs: 1000, env: {} };
}

const VERBS = [
  ['compare', '--fresh'],
  ['serve', '--no-open', 'dark'],
  ['retry', 'dark', '--fresh'],
  ['resume'],
  ['merge', 'dark'],
  ['prune', 'dark', '--yes'],
];

describe('fault 111: what a record would run is approved as it would run', () => {
  let place: Place;

  beforeAll(async () => {
    const verify = { test: { run: 'true' } };
    const files = { 'variants.yaml': variantsYaml(['dark'], { verify, teardown: ['true'] }) };
    const person = await Person.create({ claude: WRITES_A_FILE, files });
    expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const { plan } = person.paths();
    place = { person, plan, proof: join(person.home, 'proof'), whole: await readFile(plan, 'utf8') };
  }, 60_000);

  it.each(FORGERIES)('$title', async ({ forge }) => {
    const { person, plan, proof, whole } = place;
    const forged = JSON.parse(whole) as Json;
    forge(forged, proof);
    await writeFile(plan, JSON.stringify(forged));
    const commits = await person.git('rev-parse', 'main', 'ui/dark');
    // The person's own home, which has approved the run as it was; and a fresh one.
    for (const env of [{}, { HOME: join(person.home, 'fresh'), XDG_STATE_HOME: join(person.home, 'fresh/state') }]) {
      for (const verb of VERBS) {
        const ended = await person.copse(verb, { env });
        expect(existsSync(proof), `${verb.join(' ')}\n${ended.stdout}${ended.stderr}`).toBe(false);
        expect(ended.stderr, verb.join(' ')).not.toContain('bug');
        await person.supervisorGone();
      }
    }
    expect(await person.git('rev-parse', 'main', 'ui/dark')).toBe(commits);
    await writeFile(plan, whole);
  });

  it('the run as it was made is as approved as before', async () => {
    const { person } = place;
    expect((await person.copse(['compare', '--fresh'])).stdout).toMatch(/test/);
    expect(await person.copse(['retry', 'dark'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
  });

  it('a run of an older copse, or of a moved repository, is acted on after one approval by the person', async () => {
    const { person } = place;
    await rm(person.paths().seal);
    const refused = await person.copse(['retry', 'dark']);
    expect(refused).toMatchObject({ exit: 3 });
    expect(refused.stderr).toContain('copse trust --run ui');
    expect(await person.copse(['status'])).toMatchObject({ exit: 0 });
    const asked = await person.copse(['trust', '--run', 'ui']);
    expect(asked).toMatchObject({ exit: 3 });
    const hash = /copse trust --run ui ([0-9a-f]{64})/.exec(asked.stderr)?.[1] ?? '';
    expect(asked.stderr).toMatch(/verify\.test\s+true/);
    // Every verb that acts names the line that approves it.
    expect((await person.copse(['compare', '--fresh'])).stdout).toContain('copse trust --run ui');
    expect(await person.copse(['merge', 'dark'])).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('copse trust --run ui'),
    });
    expect(await person.copse(['trust', '--run', 'ui', hash])).toMatchObject({ exit: 0 });
    expect(await person.copse(['retry', 'dark'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    expect(await person.copse(['merge', 'dark', '--dry-run'])).toMatchObject({ exit: 0 });
    const seal = join(person.repo, '.git/copse/v1/runs/ui/plan.json');
    await writeFile(seal, (await readFile(seal, 'utf8')).replace('"true"', '"false"'));
    expect(await person.copse(['retry', 'dark'])).toMatchObject({ exit: 3 });
    await rename(seal, `${seal}.changed`);
    await writeFile(seal, place.whole);
  });
});
