import { afterEach, describe, expect, it } from 'vitest';
import { JUDGE_CRITERIA } from '../../src/compare/judge.ts';
import { type Endpoint, startEndpoint } from '../../src/tour/endpoint.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const open: Endpoint[] = [];

afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close();
});

/** Scores whatever holds `good` with 9, the rest with 4. */
function verdictOn(question: string) {
  const works = [...question.matchAll(/<<<<< WORK (\w+) >>>>>\n([\s\S]*?)\n<<<<< END/g)];
  const variants = works.map(([, alias, text]) => ({
    alias,
    scores: Object.fromEntries(JUDGE_CRITERIA.map((criterion) => [criterion, text?.includes('+good') === true ? 9 : 4])),
    reasons: 'It says so.',
    risks: 'None.',
  }));
  return { variants };
}

describe('copse compare --judge with the real claude', () => {
  it('asks twice, blind and without a tool, counts the cost and ranks by the answer', async () => {
    const asked: { tools: readonly string[]; text: string }[] = [];
    const endpoint = await startEndpoint(({ body, conversation, userText }) => {
      if (userText.includes('<<<<< WORK')) {
        asked.push({ tools: body.tools, text: userText });
        return conversation === 0 ? { tools: [{ name: 'StructuredOutput', input: verdictOn(userText) }] } : { text: 'Judged.' };
      }
      const name = /variant (\w+)/.exec(userText)?.[1] ?? 'nobody';
      return conversation === 0
        ? { tools: [{ name: 'Write', input: { file_path: 'work.txt', content: `${name === 'dark' ? 'good' : 'plain'}\n` } }] }
        : { text: 'Done.' };
    });
    open.push(endpoint);
    const person = await Person.create({
      files: { 'variants.yaml': variantsYaml({ light: 'You are variant light.', dark: 'You are variant dark.' }) },
      env: { ANTHROPIC_BASE_URL: endpoint.url, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', NO_PROXY: '127.0.0.1' },
    });
    expect((await person.copse(['run'])).exit).toBe(0);

    const ended = await person.copse(['compare', '--judge=2', '--json', '--order', 'judge']);
    expect(ended.exit).toBe(0);
    const { judge, ranking } = JSON.parse(ended.stdout) as {
      judge: { rounds: { order: string[] }[]; costUsd: number; disagreements: string[]; failure: string };
      ranking: { name: string; rank: number }[];
    };
    expect(judge.failure).toBe('');
    expect(judge.rounds.length).toBe(2);
    expect(judge.rounds[1]?.order).toEqual(judge.rounds[0]?.order.toReversed());
    expect(judge.costUsd).toBeGreaterThan(0);
    expect(judge.disagreements).toEqual([]);
    expect(ranking.map(({ name, rank }) => `${rank} ${name}`)).toEqual(['1 dark', '2 light']);
    // No label gives a variant away, and the judge has nothing to read, write or run with.
    for (const { text, tools } of asked) {
      const works = text.slice(text.indexOf('<<<<< WORK'));
      expect(works).not.toMatch(/\b(dark|light)\b/);
      expect(tools).toContain('StructuredOutput');
      expect(tools.filter((tool) => /Bash|Write|Edit|Read|Task|Web/.test(tool))).toEqual([]);
    }
    expect(asked.length).toBeGreaterThanOrEqual(2);
  });
});
