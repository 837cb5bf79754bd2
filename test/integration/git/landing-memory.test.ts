import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Candidate } from '../../../src/git/landed/judge-landing.ts';
import { landedIn } from '../../../src/git/landed/landed.ts';
import { LandingMemory } from '../../../src/git/landed/landing-memory.ts';
import { Sandbox } from '../../support/git-repository.ts';

interface Made {
  readonly sandbox: Sandbox;
  readonly candidates: readonly Candidate[];
  readonly place: { readonly commonDir: string; readonly folder: string; readonly keyFile: string };
}

/** Branches `0` to `3`, each with a file of its own; the first is squashed. */
function made(): Made {
  const sandbox = new Sandbox({ 'base.txt': 'x\n' });
  const candidates = [0, 1, 2, 3].map((n) => {
    sandbox.git('checkout', '-q', '-b', `b${n}`, 'main');
    const tip = sandbox.commit({ [`${n}.txt`]: `${n}\n` });
    sandbox.git('checkout', '-q', 'main');
    return { tip };
  });
  sandbox.commit({ '0.txt': '0\n', 'base.txt': 'y\n' });
  const commonDir = join(sandbox.root, '.git');
  const place = { commonDir, folder: join(sandbox.folder, 'cache'), keyFile: join(sandbox.folder, 'state/cache-key') };
  return { sandbox, candidates, place };
}

async function look({ sandbox, candidates, place }: Made): Promise<string[]> {
  const memory = await LandingMemory.open(place);
  const answers = await landedIn({ commonDir: place.commonDir, targets: [sandbox.git('rev-parse', 'main')], candidates, memory });
  await memory.save();
  return answers.map(({ kind }) => kind);
}

async function recalled({ sandbox, candidates, place }: Made): Promise<(string | null)[]> {
  const known = await (await LandingMemory.open(place)).recall(sandbox.git('rev-parse', 'main'), candidates);
  return known.map((one) => one?.kind ?? null);
}

test('a second look has all of it; a target that moved keeps what its new commits do not touch', async () => {
  const it = made();
  const { sandbox } = it;
  expect(await recalled(it)).toEqual([null, null, null, null]);
  expect(await look(it)).toEqual(['landed', 'open', 'open', 'open']);
  expect(await recalled(it)).toEqual(['landed', 'open', 'open', 'open']);
  sandbox.commit({ '1.txt': '1\n' });
  sandbox.git('merge', '-q', '--no-ff', '--no-edit', '-s', 'ours', 'b2');
  expect(await recalled(it)).toEqual(['landed', null, null, 'open']);
  expect(await look(it)).toEqual(['landed', 'landed', 'reverted', 'open']);
  sandbox.commit({ '0.txt': 'edited\n' });
  expect(await recalled(it)).toEqual([null, 'landed', 'reverted', 'open']);
  // Not what was: nothing of that target is in this one's history.
  sandbox.git('reset', '-q', '--hard', 'HEAD~4');
  expect(await recalled(it)).toEqual([null, null, null, null]);
  expect(await look(it)).toEqual(['open', 'open', 'open', 'open']);
});

test('what another person, a clone or an agent wrote is not believed', async () => {
  const it = made();
  await look(it);
  const file = join(it.place.folder, 'landings.json');
  const { sum, body } = JSON.parse(readFileSync(file, 'utf8')) as { sum: string; body: string };
  const nothing = [null, null, null, null];
  writeFileSync(file, JSON.stringify({ sum, body: body.replace('"open"', '"unrelated"') }));
  expect(await recalled(it)).toEqual(nothing);
  writeFileSync(file, '{"sum":');
  expect(await recalled(it)).toEqual(nothing);
  writeFileSync(file, JSON.stringify({ sum, body }));
  expect(await recalled(it)).toEqual(['landed', 'open', 'open', 'open']);
  expect(await recalled({ ...it, place: { ...it.place, keyFile: join(it.sandbox.folder, 'other/cache-key') } })).toEqual(nothing);
});
