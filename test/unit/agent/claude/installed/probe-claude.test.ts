import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REQUIRED_FLAGS } from '../../../../../src/agent/claude/flags.ts';
import { featuresIn, probeClaude } from '../../../../../src/agent/claude/installed/probe-claude.ts';

interface Fake {
  readonly flags?: readonly string[];
  readonly commands?: readonly string[];
  readonly auth?: string;
  readonly version?: string;
}

/** A home and a `claude` whose calls are all in `calls`. */
async function machine(o: Fake = {}) {
  const top = await mkdtemp(join(tmpdir(), 'probe-'));
  const bin = join(top, 'bin');
  const home = join(top, 'home');
  await mkdir(bin);
  await mkdir(join(home, '.claude'), { recursive: true });
  const help = `Options:\n${(o.flags ?? REQUIRED_FLAGS).map((flag) => `  ${flag} <x>  y`).join('\n')}\nCommands:\n${(o.commands ?? ['auth']).map((name) => `  ${name}  z`).join('\n')}\n`;
  await writeFile(join(top, 'help.txt'), help);
  const script = `#!/bin/sh
echo "$PWD $*" >> ${top}/calls
case "$1" in
  --version) echo "${o.version ?? '9.8.7 (Claude Code)'}";;
  --help) cat ${top}/help.txt;;
  auth) echo '${o.auth ?? '{"loggedIn":false}'}';;
esac
`;
  await writeFile(join(bin, 'claude'), script);
  await chmod(join(bin, 'claude'), 0o755);
  const environment = { PATH: `${bin}:/usr/bin:/bin`, HOME: home };
  return {
    home,
    environment,
    probe: (extra: Readonly<Record<string, string>> = {}) =>
      probeClaude({ ...environment, ...extra }, { cacheDir: join(top, 'cache') }),
    calls: async () => (await readFile(join(top, 'calls'), 'utf8')).trim().split('\n'),
  };
}

describe('probeClaude', () => {
  it('says that there is none', async () => {
    expect(await probeClaude({ PATH: '/nowhere', HOME: '/nowhere' }, { cacheDir: null })).toMatchObject({
      file: null,
      version: null,
      loggedIn: null,
    });
  });

  it('tells version, flags and login, away from the repository, and reads the help once', async () => {
    const { probe, calls } = await machine();
    expect(await probe()).toMatchObject({ version: '9.8.7', tooOld: false, missingFlags: [], loggedIn: false });
    await probe();
    expect(await calls()).toEqual(['/ --version', '/ --help', '/ auth status', '/ --version', '/ auth status']);
  });

  it('names the flags that a version lacks', async () => {
    const { probe } = await machine({ flags: REQUIRED_FLAGS.filter((flag) => flag !== '--restricted') });
    expect(await probe()).toMatchObject({ tooOld: true, missingFlags: ['--restricted'] });
  });

  it('does not ask a version without `auth`: it would take that for a prompt', async () => {
    const { probe, calls } = await machine({ commands: ['doctor'] });
    expect(await probe()).toMatchObject({ loggedIn: null });
    expect(await calls()).not.toContain('/ auth status');
  });

  it('says nothing of one that does not answer', async () => {
    const { probe } = await machine({ version: 'Segmentation fault' });
    expect(await probe()).toMatchObject({ version: null, loggedIn: null });
  });

  it.each([
    ['a key', { ANTHROPIC_API_KEY: 'k' }],
    ['a token', { CLAUDE_CODE_OAUTH_TOKEN: 't' }],
    ['a cloud', { CLAUDE_CODE_USE_BEDROCK: '1' }],
  ])('knows %s without asking', async (_, variables) => {
    const { probe, calls } = await machine();
    expect(await probe(variables)).toMatchObject({ loggedIn: true });
    expect(await calls()).not.toContain('/ auth status');
  });

  it.each([
    ['.claude/settings.json', { apiKeyHelper: 'touch ran' }],
    ['.claude/settings.json', { env: { CLAUDE_CODE_USE_VERTEX: '1' } }],
    ['.claude/.credentials.json', { claudeAiOauth: { accessToken: 't' } }],
    ['.claude.json', { primaryApiKey: 'k' }],
  ])('knows a login of %s without asking', async (file, content) => {
    const { probe, home, calls } = await machine();
    await writeFile(join(home, file), JSON.stringify(content));
    expect(await probe()).toMatchObject({ loggedIn: true });
    expect(await calls()).not.toContain('/ auth status');
  });

  it('believes `auth status` for what only it knows, and nothing where it answers nonsense', async () => {
    expect(await (await machine({ auth: '{"loggedIn":true}' })).probe()).toMatchObject({ loggedIn: true });
    expect(await (await machine({ auth: 'what?' })).probe()).toMatchObject({ loggedIn: null });
  });
});

describe('featuresIn', () => {
  it('reads options and commands apart', () => {
    const help =
      'Options:\n  -p, --print  x\n  --allowedTools, --allowed-tools <tools...>\n\nCommands:\n  auth   y --not-a-flag\n  plugin|plugins  z\n';
    expect(featuresIn(help)).toEqual({ flags: ['--print', '--allowedTools', '--allowed-tools'], commands: ['auth', 'plugin'] });
  });
});
