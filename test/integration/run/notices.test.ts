import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function inbox(): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(request.url === '/broken' ? 500 : 200).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Spends all that it may. */
const CLAUDE = `init(); done({ subtype: 'error_max_budget_usd', is_error: true, total_cost_usd: 5 });`;

async function personWith(notify: string, env: Record<string, string> = {}): Promise<Person> {
  const person = await Person.create({
    claude: CLAUDE,
    files: { 'variants.yaml': variantsYaml(['dark'], { prompt: 'SECRET TASK' }) },
    env,
  });
  const folder = join(person.home, '.config/copse');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), `notify:\n${notify}`);
  return person;
}

const run = (person: Person, env: Record<string, string> = {}) => person.copse(['run'], { env, unset: ['COPSE_NO_NOTIFY'] });

describe('notices', () => {
  it('reach a webhook, Slack, ntfy and a command, each for what it is for, and say nothing of the task', async () => {
    const { url, received } = await inbox();
    const person = await personWith(
      `  - webhook: ${url}/hook\n    on: [done, over-budget]\n  - slack: $SLACK_WEBHOOK\n    on: [done]\n  - ntfy: ${url}/topic\n    on: [over-budget]\n  - command: printf '%s %s' "$COPSE_NOTICE" "$COPSE_TEXT" > "$HOME/told"\n    on: [done]\n`,
    );
    const ended = await run(person, { SLACK_WEBHOOK: `${url}/slack/T0KEN`, NTFY_TOKEN: 'tk' });
    expect(ended.exit, ended.stderr).toBe(1);
    await person.supervisorGone();
    const at = (path: string): readonly Received[] => received.filter((one) => one.path === path);
    expect(at('/hook').map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { schema: 1, kind: 'over-budget', run: 'ui', text: 'copse ui: The budget of dark is used up' },
      { schema: 1, kind: 'done', run: 'ui', text: 'copse ui: 0 of 1 succeeded' },
    ]);
    expect(at('/slack/T0KEN').map(({ body }) => body)).toEqual(['{"text":"copse ui: 0 of 1 succeeded"}']);
    expect(at('/topic')).toMatchObject([
      { body: 'The budget of dark is used up', headers: { title: 'copse ui', authorization: 'Bearer tk' } },
    ]);
    expect(await readFile(join(person.home, 'told'), 'utf8')).toBe('done copse ui: 0 of 1 succeeded');
    expect(JSON.stringify(received)).not.toContain('SECRET');
  });

  it('that cannot be sent are noted without their address, and change nothing', async () => {
    const { url } = await inbox();
    const person = await personWith(`  - webhook: ${url}/broken\n  - slack: $NOT_SET\n  - ntfy: http://127.0.0.1:1/x\n`);
    expect((await run(person)).exit).toBe(1);
    await person.supervisorGone();
    const log = await readFile(person.paths().supervisorLog, 'utf8');
    expect(log).toContain('A message to webhook was not sent: the server answered 500.');
    expect(log).toContain('A message to slack was not sent: NOT_SET is not set.');
    expect(log).toContain('A message to ntfy was not sent: it cannot be reached');
    expect(log).not.toContain(url);
  });

  it('cannot be ordered by a file of the repository', async () => {
    const { url, received } = await inbox();
    const person = await Person.create({
      claude: CLAUDE,
      files: {
        'variants.yaml': variantsYaml(['dark']),
        '.worktreerc': `notify:\n  - webhook: ${url}/hook\n  - command: touch "$HOME/owned"\n`,
      },
    });
    const refused = await run(person);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('A file of the repository can only say true or false.');
    expect(received).toEqual([]);
  });
});
