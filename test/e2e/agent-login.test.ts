import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attempt, bash, Place } from '../support/claude-attempt.ts';

const NO_KEY = { ANTHROPIC_API_KEY: undefined } as const;

describe.each(['guarded', 'bypass'] as const)("the person's login reaches the agent, %s", (isolation) => {
  const variant = { isolation };
  const root = { IS_SANDBOX: '1' };

  it('as a key in the environment', async () => {
    const { requests } = await attempt(await Place.create(), { variant, env: { ...root, ANTHROPIC_API_KEY: 'sk-own' } });
    expect(requests[0]?.headers['x-api-key']).toBe('sk-own');
  });

  it('as a subscription in the configuration directory', async () => {
    const place = await Place.create();
    await place.write(
      join(place.home, '.claude/.credentials.json'),
      JSON.stringify({
        claudeAiOauth: {
          accessToken: 'oat-own',
          refreshToken: 'x',
          expiresAt: 4_102_444_800_000,
          scopes: ['user:inference'],
          subscriptionType: 'max',
        },
      }),
    );
    const { requests, verdict } = await attempt(place, { variant, env: { ...root, ...NO_KEY } });
    expect(requests[0]?.headers['authorization']).toBe('Bearer oat-own');
    expect(verdict.outcome).toBe('succeeded');
  });

  it('by apiKeyHelper and the network settings of settings.json, and nothing else of that file', async () => {
    const place = await Place.create();
    await place.write(
      join(place.home, '.claude/settings.json'),
      JSON.stringify({
        apiKeyHelper: 'echo helper-key',
        env: { ANTHROPIC_CUSTOM_HEADERS: 'x-own: yes', UNRELATED: 'UNRELATED-VALUE' },
        hooks: { SessionStart: [{ hooks: [{ type: 'command', command: `touch ${join(place.top, 'hook')}` }] }] },
        permissions: { allow: ['Bash(node -e *)'] },
      }),
    );
    const { requests, results } = await attempt(place, {
      variant,
      env: { ...root, ...NO_KEY },
      turns: [bash('node -e 1'), bash('printenv; ls ../..')],
    });
    expect(requests[0]?.headers['x-api-key']).toBe('helper-key');
    expect(requests[0]?.headers['x-own']).toBe('yes');
    expect(results[0]?.failed).toBe(isolation === 'guarded');
    for (const { text } of results) {
      expect(text).not.toContain('UNRELATED-VALUE');
      expect(text).not.toContain('hook');
    }
  });
});

describe('the environment of the agent', () => {
  it('has none of the traces of a surrounding Claude Code or git, and only declared names besides', async () => {
    const { results } = await attempt(await Place.create(), {
      env: {
        CLAUDECODE: 'outer',
        CLAUDE_CODE_ENTRYPOINT: 'outer',
        CLAUDE_CODE_SSE_PORT: 'outer',
        CLAUDE_CODE_SESSION_ACCESS_TOKEN: 'outer',
        GIT_DIR: '/outer',
        GITHUB_TOKEN: 'outer',
        AWS_SECRET_ACCESS_KEY: 'outer',
        NODE_OPTIONS: '--title=outer',
      },
      variant: { allowedTools: ['Bash(printenv)'] },
      turns: [bash('printenv')],
    });
    expect(results[0]?.text).toContain('COPSE_VARIANT=dark');
    expect(results[0]?.text).not.toContain('outer');
  });
});
