import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../src/tour/endpoint.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

it('fault 89: the real claude, whose transcripts are deleted, goes on in a new session on the work that is there', async () => {
  const endpoint = await startEndpoint(({ conversation, userText }) => {
    const file = userText.includes('smaller still') ? 'second.txt' : 'first.txt';
    if (conversation === 0) return { tools: [{ name: 'Write', input: { file_path: file, content: 'x\n' } }] };
    return { text: `Wrote ${file}` };
  });
  onTestFinished(() => endpoint.close());
  const person = await Person.create({
    files: { 'variants.yaml': variantsYaml(['a']) },
    env: {
      ANTHROPIC_BASE_URL: endpoint.url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      NO_PROXY: '127.0.0.1,localhost',
    },
  });
  expect((await person.copse(['run'])).exit).toBe(0);
  const projects = join(person.home, '.claude/projects');
  expect(await readdir(projects)).not.toEqual([]);
  await rm(projects, { recursive: true });
  const retried = await person.copse(['retry', 'a', '-m', 'smaller still']);
  expect(retried.exit, retried.stdout + retried.stderr).toBe(0);
  expect(await person.git('diff', '--name-only', 'main...ui/a')).toBe('first.txt\nsecond.txt');
  expect(await person.git('log', '-1', '--format=%s', 'ui/a')).toBe('Wrote second.txt');
  const { attempts } = (await person.state()).variants[0] ?? { attempts: [] };
  expect(attempts.map(({ verdict }) => verdict?.sessionGone ?? false)).toEqual([false, true, false]);
  expect(attempts[2]?.sessionId).not.toBe(attempts[0]?.sessionId);
});
