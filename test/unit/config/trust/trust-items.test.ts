import { expect, it } from 'vitest';
import { trustHash, trustItems } from '../../../../src/config/trust/trust-items.ts';
import type { VariantsFile } from '../../../../src/model/variants-file.ts';
import { sampleSettings } from '../../../fixtures/plan-input.ts';
import { variantsFile } from '../../../support/variants-problems.ts';

const TEXT = `
name: ui
prompt: x
defaults: { allowedTools: ["Bash(npm test)"], env: [TOKEN, "APP=app-{variant}"] }
variants:
  dark: { mcp: { db: { command: npx, args: [db] } } }
  own: { runner: { command: [node, x.mjs] }, allowedTools: [WebFetch] }
copy: [.env]
setup: [npm ci]
verify: { test: npm test, unit: { run: npx vitest, report: junit.xml } }
metrics: { size: { run: "du -s dist", goal: min } }
judge: { rounds: 2 }
serve: { run: npm run dev, ready: "http://localhost:{port}/health", env: { DB: "app_{variant}" } }
teardown: ["dropdb $COPSE_VARIANT"]
`;

it('lists everything that runs or grants something, unexpanded', async () => {
  const items = trustItems(await variantsFile(TEXT), sampleSettings());
  expect(items.map(({ kind, where, text }) => `${kind} ${where} ${text}`)).toEqual([
    'copy copy .env',
    'setup setup npm ci',
    'verify verify.test npm test',
    'verify verify.unit npx vitest',
    'metrics metrics.size du -s dist',
    'judge judge {"budgetUsd":1,"criteria":null,"model":null,"rounds":2}',
    'serve serve npm run dev',
    'serve serve.ready http://localhost:{port}/health',
    'serve serve.env DB=app_{variant}',
    'teardown teardown dropdb $COPSE_VARIANT',
    'allowedTools defaults.allowedTools Bash(npm test)',
    'env defaults.env TOKEN',
    'env defaults.env APP=app-{variant}',
    'mcp variants.dark.mcp.db {"args":["db"],"command":"npx"}',
    'runner variants.own.runner ["node","x.mjs"]',
    'allowedTools variants.own.allowedTools WebFetch',
  ]);
});

it('asks for nothing where nothing runs', async () => {
  expect(trustItems(await variantsFile('name: a\nprompt: x\nvariants: { a: x }\n'), sampleSettings())).toEqual([]);
});

it('asks for what the repository sets, not for what the person sets', async () => {
  const file = await variantsFile('name: a\nprompt: x\nvariants: { a: x }\n');
  const said = { setup: ['npm ci'], copy: ['.env'], allowedTools: ['Bash(x)'], env: ['A=1'] };
  expect(trustItems(file, sampleSettings(said, 'repository')).map(({ where }) => where)).toEqual([
    'settings.copy',
    'settings.setup',
    'settings.allowedTools',
    'settings.env',
  ]);
  expect(trustItems(file, sampleSettings(said, 'person'))).toEqual([]);
  expect(trustItems(file, sampleSettings(said, 'flag'))).toEqual([]);
});

it('asks for what .worktreeinclude copies, where nothing overrides it', async () => {
  const worktreeInclude = ['.env', 'secrets/'];
  const plain = await variantsFile('name: a\nprompt: x\nvariants: { a: x }\n');
  expect(trustItems(plain, sampleSettings(), { worktreeInclude }).map(({ text }) => text)).toEqual(worktreeInclude);
  expect(
    trustItems(await variantsFile(TEXT), sampleSettings(), { worktreeInclude }).filter(({ kind }) => kind === 'copy'),
  ).toHaveLength(1);
});

it('does not ask for a file made from flags', async () => {
  const file: VariantsFile = { ...(await variantsFile(TEXT)), path: null };
  expect(trustItems(file, sampleSettings())).toEqual([]);
});

it('gives each repository and each content a hash of its own', async () => {
  const items = trustItems(await variantsFile(TEXT), sampleSettings());
  const hash = trustHash('/a/.git', items);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(trustHash('/a/.git', items)).toBe(hash);
  expect(trustHash('/b/.git', items)).not.toBe(hash);
  expect(trustHash('/a/.git', [...items].reverse())).not.toBe(hash);
  for (const item of items) {
    const others = items.filter((other) => other !== item);
    expect(trustHash('/a/.git', others)).not.toBe(hash);
    expect(trustHash('/a/.git', [...others, { ...item, text: `${item.text} ` }])).not.toBe(hash);
  }
});
