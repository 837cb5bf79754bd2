import { describe, expect, it } from 'vitest';
import { sentences, variantsFile, variantsProblems } from '../../../support/variants-problems.ts';

const HEAD = 'name: ui\nprompt: Do it.\n';

describe('a variant named like a key', () => {
  it.each([
    ['approach', 'a:\n  approach: Small.\n', 'too little'],
    ['model', 'a: x\n  model: opus\n', 'too little'],
    ['budgetUsd', 'a:\n  budgetUsd: 2\n', 'too little'],
    ['timeout', 'a: x\n  timeout: 10m\n', 'too little'],
    ['setup', 'a: x\n  setup: npm ci\n', 'too much'],
  ])('%s is refused: it would be paid for', async (name, variants, indented) => {
    const text = sentences(await variantsProblems(`${HEAD}variants:\n  ${variants}`));
    expect(text).toContain(`"${name}" is a key of`);
    expect(text).toContain(`Is it indented ${indented}?`);
  });

  it('may be one that the file has at its top as well', async () => {
    const file = await variantsFile(`${HEAD}base: main\nvariants: { base: As it is., other: Another. }\n`);
    expect(file.variants.map(({ name }) => name)).toEqual(['base', 'other']);
  });
});
