import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, describe, expect, it } from 'vitest';
import { MAIN, Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

async function clientOf(person: Person): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, 'mcp'],
      cwd: person.repo,
      env: { ...person.env },
      stderr: 'inherit',
    }),
  );
  return client;
}

interface Envelope {
  readonly exit: number;
  readonly truncated: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each tool answers otherwise, and the tests say how.
  readonly result: any;
  readonly next: readonly { command: string; why: string; spends: boolean; destroys: boolean }[];
}

async function call(client: Client, name: string, args: object = {}): Promise<Envelope & { readonly isError: boolean }> {
  const answer = await client.callTool({ name, arguments: { ...args } }, undefined, { timeout: 120_000 });
  const [content] = answer.content as { type: string; text: string }[];
  const text = content?.text ?? '';
  expect(Buffer.byteLength(text)).toBeLessThan(2_000);
  return { ...(JSON.parse(text) as Envelope), isError: answer.isError === true };
}

const CLAUDE = `
init();
for (let n = 0; n < 200; n += 1) fs.writeFileSync(variant + '-' + n + '.txt', 'x\\n'.repeat(40));
call('Write', { file_path: 'x' });
done({ result: 'Did it. ' + 'All of it. '.repeat(2000) });`;

describe('copse mcp', () => {
  it('takes an agent from the plan to a merge and back; every result is small', async () => {
    const person = await Person.create({
      claude: CLAUDE,
      files: {
        'variants.yaml': variantsYaml(['dark', 'light', 'calm'], {
          prompt: 'Do it. '.repeat(20_000),
          verify: { test: 'test ! -f light-1.txt' },
        }),
      },
    });
    const client = await clientOf(person);
    expect(client.getInstructions()).toContain('Only a person approves');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('wait');

    const plan = await call(client, 'plan');
    expect(plan.result).toMatchObject({ run: 'ui', totalBudgetUsd: 15, trust: { needed: true, approved: false } });
    expect(plan.result.variants).toHaveLength(3);

    // What the repository runs is not approved, and no tool can do that.
    const refused = await call(client, 'run');
    expect(refused).toMatchObject({ isError: true, exit: 3, result: { code: 'not-trusted' } });
    expect(refused.result.hint).toContain('Ask a person to run');
    await person.approve(['run']);

    const run = await call(client, 'run');
    expect(run).toMatchObject({ isError: false, exit: 0, result: { run: 'ui', variants: ['dark', 'light', 'calm'] } });
    expect(run.next[0]).toMatchObject({ command: 'copse wait ui', spends: false, destroys: false });
    const waited = await call(client, 'wait', { run: 'ui' });
    expect(waited).toMatchObject({ isError: false, exit: 1, result: { runs: [{ id: 'ui', state: 'finished', count: 3 }] } });

    expect((await call(client, 'status')).result.runs).toMatchObject([
      { id: 'ui', state: 'finished', variants: ['dark', 'light', 'calm'] },
    ]);
    const compared = await call(client, 'compare');
    expect(compared.truncated).toBe(true);
    expect(compared.result.ranking[0]).toMatchObject({ name: 'dark', rank: 1 });
    const diff = await call(client, 'diff', { variant: 'dark' });
    expect(diff).toMatchObject({ truncated: true, isError: false });
    expect((await call(client, 'log', { variant: 'dark' })).result.text).toContain('Did it.');

    const before = await person.git('rev-parse', 'main');
    expect((await call(client, 'merge', { variants: ['dark'] })).result).toMatchObject({ dryRun: true, operation: null });
    expect(await person.git('rev-parse', 'main')).toBe(before);
    const merged = await call(client, 'merge', { variants: ['dark'], dryRun: false });
    expect(await person.git('rev-parse', 'main')).not.toBe(before);
    const pruned = await call(client, 'prune', { dryRun: false });
    expect(pruned.result.removed.map(({ name }: { name: string }) => name)).toEqual(['ui/dark']);
    for (const operation of [pruned, merged]) {
      const id = operation.result.operation as string;
      expect(operation.next).toMatchObject([{ command: `copse undo ${id}` }]);
      expect(await call(client, 'undo', { operation: id })).toMatchObject({ exit: 0, isError: false });
    }
    expect(await person.git('rev-parse', 'main')).toBe(before);

    const retried = await call(client, 'retry', { variants: ['light'], message: 'Also dark.' });
    expect(retried.result).toMatchObject({ run: 'ui', variants: ['light'] });
    await call(client, 'wait');
  });

  it('says what is wrong with a call', async () => {
    const person = await Person.create({ files: { 'variants.yaml': variantsYaml(['dark']) } });
    const client = await clientOf(person);
    expect(await call(client, 'undo')).toMatchObject({ isError: true, exit: 2 });
    expect(await call(client, 'run', { isolation: 'bypass' })).toMatchObject({ isError: true, exit: 2 });
    expect(await call(client, 'status', { run: 'nope' })).toMatchObject({ isError: true, result: { code: 'no-runs' } });
    await expect(client.callTool({ name: 'trust', arguments: {} })).rejects.toThrow('There is no tool trust');
  });

  it('ends with its client', async () => {
    const person = await Person.create({});
    const started = person.start(['mcp']);
    expect((await started.ended).exit).toBe(0);
  });
});
