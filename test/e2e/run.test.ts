import { afterEach, describe, expect, it } from 'vitest';
import { type Endpoint, type Script, startEndpoint } from '../../src/tour/endpoint.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const open: Endpoint[] = [];

afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close();
});

/** A person whose real claude talks to a script on loopback. */
async function personWith(script: Script, files: Record<string, string>, env: Record<string, string> = {}): Promise<Person> {
  const endpoint = await startEndpoint(script);
  open.push(endpoint);
  return Person.create({
    files,
    env: {
      ANTHROPIC_BASE_URL: endpoint.url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      NO_PROXY: '127.0.0.1,localhost',
      ...env,
    },
  });
}

const nameIn = (text: string): string => /variant (v\d+|[a-z]+)/.exec(text)?.[1] ?? 'nobody';

describe('copse run with the real claude', () => {
  it('20 variants at concurrency 4: none lost, none mixed up, each branch has exactly its own work', {
    timeout: 300_000,
  }, async () => {
    const names = Array.from({ length: 20 }, (_, index) => `v${index + 1}`);
    const person = await personWith(
      ({ conversation, userText }) => {
        const name = nameIn(userText);
        if (conversation === 0) return { tools: [{ name: 'Read', input: { file_path: 'readme.md' } }] };
        if (conversation === 1)
          return { tools: [{ name: 'Write', input: { file_path: `${name}.txt`, content: `by ${name}\n` } }] };
        return { text: `Wrote ${name}.txt.` };
      },
      {
        'variants.yaml': variantsYaml(Object.fromEntries(names.map((name) => [name, `You are variant ${name}.`])), {
          concurrency: 4,
        }),
      },
    );
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended.stderr).not.toContain('bug');
    expect(await person.outcomes()).toEqual(Object.fromEntries(names.map((name) => [name, 'succeeded'])));
    expect(ended.exit).toBe(0);
    for (const name of names) {
      expect(await person.git('diff', '--name-only', `main...ui/${name}`)).toBe(`${name}.txt`);
      expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
      expect(await person.git('log', '-1', '--format=%s', `ui/${name}`)).toBe(`Wrote ${name}.txt.`);
    }
    const sessions = (await person.state()).variants.map((variant) => variant.attempts[0]?.sessionId);
    expect(new Set(sessions).size).toBe(20);
    await person.holds(before);
  });

  it('continues the session with a correction', async () => {
    const person = await personWith(
      ({ conversation, userText }) => {
        if (userText.includes('smaller header')) {
          return conversation === 2
            ? { tools: [{ name: 'Write', input: { file_path: 'header.txt', content: 'small' } }] }
            : { text: 'Made it smaller.' };
        }
        return conversation === 0
          ? { tools: [{ name: 'Write', input: { file_path: 'page.txt', content: 'page' } }] }
          : { text: 'Made the page.' };
      },
      { 'variants.yaml': variantsYaml(['light']) },
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    expect((await person.copse(['retry', 'light', '-m', 'smaller header'])).exit).toBe(0);
    expect(await person.git('diff', '--name-only', 'main...ui/light')).toBe('header.txt\npage.txt');
    const [light] = (await person.state()).variants;
    expect(new Set(light?.attempts.map((attempt) => attempt.sessionId)).size).toBe(1);
    // The resumed session's own total continues from before; ours are per attempt.
    const costs = light?.attempts.map((attempt) => attempt.verdict?.costUsd ?? 0) ?? [];
    expect(costs[1]).toBeLessThan((costs[0] ?? 0) * 1.9);
    const logs = (await person.copse(['logs', 'light'])).stdout;
    expect(logs).toContain('page.txt');
    expect(logs).toContain('header.txt');
  });

  it('a key that is rejected ends the run with exit 4 in its first variant', async () => {
    const person = await personWith(
      () => ({ status: 401, error: { type: 'authentication_error', message: 'invalid x-api-key' } }),
      {
        'variants.yaml': variantsYaml(['a', 'b', 'c'], { concurrency: 1 }),
      },
    );
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(4);
    expect((await person.outcomes())['a']).toBe('failed');
    expect((await person.state()).variants[1]?.attempts).toEqual([]);
    await person.holds(before);
  });

  it('nobody logged in: exit 4 before anything is created', async () => {
    const person = await personWith(
      () => ({ text: 'hello' }),
      { 'variants.yaml': variantsYaml(['a']) },
      { ANTHROPIC_API_KEY: '' },
    );
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(4);
    expect(ended.stderr).toMatch(/log(ged)? in/);
    expect(await person.fingerprint()).toEqual(before);
    expect((await person.copse(['status'])).stdout).not.toContain('ui');
  });

  it('every call denied is blocked; a background command left running holds nobody longer than the grace period', async () => {
    const person = await personWith(
      ({ conversation, userText }) => {
        if (nameIn(userText) === 'denied') {
          return conversation === 0
            ? { tools: [{ name: 'Bash', input: { command: 'npm install zod' } }] }
            : { text: 'Could not.' };
        }
        if (conversation === 0) return { tools: [{ name: 'Write', input: { file_path: 'done.txt', content: 'done' } }] };
        if (conversation === 1) {
          return { tools: [{ name: 'Bash', input: { command: 'tail -f readme.md', run_in_background: true } }] };
        }
        return { text: 'Done.' };
      },
      { 'variants.yaml': variantsYaml({ denied: 'You are variant denied.', waits: 'You are variant waits.' }) },
    );
    const before = await person.fingerprint();
    expect((await person.copse(['run'])).exit).toBe(1);
    expect(await person.outcomes()).toEqual({ denied: 'blocked', waits: 'succeeded' });
    await person.holds(before);
  });
});
