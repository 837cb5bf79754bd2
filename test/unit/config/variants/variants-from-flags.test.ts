import { expect, it } from 'vitest';
import { parseText } from '../../../../src/config/document/parse-text.ts';
import { checkVariantsFile } from '../../../../src/config/variants/load-variants-file.ts';
import { fillVars } from '../../../../src/config/variants/prompt-vars.ts';
import { variantsFileToYaml, variantsFromFlags } from '../../../../src/config/variants/variants-from-flags.ts';
import type { VariantsFile } from '../../../../src/model/variants-file.ts';
import { variantsFile } from '../../../support/variants-problems.ts';

async function readBack(file: VariantsFile): Promise<VariantsFile> {
  const read = parseText('/x/variants.yaml', variantsFileToYaml(file));
  if (!read.ok) throw new Error('does not parse');
  const loaded = await checkVariantsFile(read.document, '/x');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.file;
}

it('makes equal variants, three where nobody says how many', () => {
  const file = variantsFromFlags({ prompt: 'Do it.' });
  expect(file).toMatchObject({ path: null, name: 'try', prompt: 'Do it.' });
  expect(file.variants).toEqual([{ name: 'v1' }, { name: 'v2' }, { name: 'v3' }]);
});

it('makes one per model, with numbers for equal ones', () => {
  const { variants } = variantsFromFlags({ prompt: 'x', models: ['opus', 'sonnet', 'opus', 'claude-x[1m]'] });
  expect(variants).toEqual([
    { name: 'opus', model: 'opus' },
    { name: 'sonnet', model: 'sonnet' },
    { name: 'opus-2', model: 'opus' },
    { name: 'claude-x-1m', model: 'claude-x[1m]' },
  ]);
});

it('takes models with spaces between them, as people type lists', () => {
  const { variants } = variantsFromFlags({ prompt: 'x', models: ['opus', ' sonnet ', ''] });
  expect(variants).toEqual([
    { name: 'opus', model: 'opus' },
    { name: 'sonnet', model: 'sonnet' },
  ]);
});

it('tells the agent exactly the prompt', () => {
  const prompt = 'Explain {{name}} and \\{{x}}: $(id) "quoted" \'too\'\n\n  indented: yes # no comment';
  expect(fillVars(variantsFromFlags({ prompt }).prompt ?? '', {})).toBe(prompt);
});

it.each([
  { prompt: 'x', name: 'Not Good' },
  { prompt: ' ' },
  { prompt: 'x', count: 0 },
  { prompt: 'x', count: 51 },
  { prompt: 'x', count: Number.NaN },
  { prompt: 'x', models: ['a', 'b'], count: 50 },
])('refuses %j as usage', (flags) => {
  expect(() => variantsFromFlags(flags)).toThrow(expect.objectContaining({ exit: 2, hint: expect.any(String) }));
});

it('writes YAML that loads back to the same', async () => {
  const made = variantsFromFlags({ prompt: 'Line one\n\n  - list: "x" # y\nlast {{v}}\n', models: ['opus', 'haiku'] });
  expect({ ...(await readBack(made)), path: null }).toEqual(made);
});

it('writes every key so that it loads back to the same', async () => {
  const file = await variantsFile(`
name: ui
base: main
target: main
prompt: Do {{a}}.
preamble: P
defaults: { timeout: 1h30m, idleTimeout: 90s, env: [A, "B=1 2"], vars: { a: "012" }, mcp: { s: { command: x } }, runner: claude }
variants: { b: So., "10": , "2": { runner: { command: [a, "b c"] }, needs: [b], retries: 3, branch: "x/{variant}" } }
concurrency: 2
totalBudgetUsd: 1.5
copy: [.env, {.env.local: optional}]
setup: ["a && b", "x: y"]
verify: { t: npm test, "1": x, r: { run: x, report: "{a}/*.xml", repeat: 2, tests: [spec] }, o: { run: x, report: "-" } }
teardown: [z]
disposable: [d]
commandTimeout: 5m
commit: { message: m, allow: [a] }
`);
  expect(await readBack(file)).toEqual({ ...file, path: '/x/variants.yaml' });
});
