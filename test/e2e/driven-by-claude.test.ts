import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Endpoint, type Script, type ScriptRequest, startEndpoint } from '../../src/tour/endpoint.ts';
import { MAIN, Person } from '../support/person.ts';
import { Terminal } from '../support/tmux.ts';
import { variantsYaml } from '../support/variants.ts';

/*
 * The person's own Claude Code as the one that runs copse: the real binary, with our plugin, against a scripted model. The variants' agents
 * are the same binary, and talk to the same script.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLAUDE = join(ROOT, 'node_modules/.bin/claude');
const PLUGIN = join(ROOT, 'plugin');

const open: Endpoint[] = [];
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const endpoint of open.splice(0)) await endpoint.close();
});

interface World {
  readonly person: Person;
  readonly endpoint: Endpoint;
}

async function worldOf(script: Script): Promise<World> {
  const endpoint = await startEndpoint(script);
  open.push(endpoint);
  const person = await Person.create({
    files: { 'variants.yaml': variantsYaml({ dark: 'You are variant dark.', light: 'You are variant light.' }) },
    env: {
      ANTHROPIC_BASE_URL: endpoint.url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      NO_PROXY: '127.0.0.1,localhost',
    },
  });
  const bin = join(dirname(person.repo), 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'copse'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(join(bin, 'copse'), 0o755);
  return { person: Object.assign(person, { env: { ...person.env, PATH: `${bin}:${person.env['PATH']}` } }), endpoint };
}

/** The whole of what the model has been sent that is not the system prompt. */
const saidTo = ({ body }: ScriptRequest): string => JSON.stringify(body.messages);

const isVariant = (asked: ScriptRequest): boolean => /You are variant (dark|light)/.test(asked.userText);

/** A variant's agent: one file, then the end. */
const works: Script = ({ conversation, userText }) =>
  conversation === 0
    ? { tools: [{ name: 'Write', input: { file_path: `${/variant (\w+)/.exec(userText)?.[1]}.txt`, content: 'x\n' } }] }
    : { text: 'Wrote it.' };

/** The main agent: waits in the background, then reports. The variants' agents wait for `begin`. */
const driver =
  (line: string, begin: Promise<void> = Promise.resolve()): Script =>
  async (asked) => {
    if (isVariant(asked)) {
      await begin;
      return works(asked);
    }
    const said = saidTo(asked);
    if (said.includes('task-notification')) return { text: 'WOKEN: it has ended.' };
    if (asked.conversation === 0)
      return {
        tools: [{ name: 'Bash', input: { command: line, description: line, run_in_background: true } }],
      };
    return { text: 'It runs in the background.' };
  };

const FLAGS = [
  '--plugin-dir',
  PLUGIN,
  '--permission-mode',
  'acceptEdits',
  '--allowedTools',
  'Bash(copse *)',
  'Monitor',
  '--',
] as const;

const mainRequests = ({ requests }: Endpoint) => requests.filter((asked) => !asked.side && !isVariant(asked));

describe('the plugin', () => {
  it('is valid, and so is the marketplace', () => {
    for (const folder of [PLUGIN, ROOT]) {
      const printed = execFileSync(CLAUDE, ['plugin', 'validate', '--strict', folder], { encoding: 'utf8' });
      expect(printed).toContain('Validation passed');
    }
  });

  it('has the version of the package: Claude Code copies a version once', async () => {
    const version = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(ROOT, file), 'utf8'));
    const own = (await version('package.json')) as { version: string };
    expect(await version('plugin/.claude-plugin/plugin.json')).toMatchObject({ version: own.version });
    expect(await version('.claude-plugin/marketplace.json')).toMatchObject({ plugins: [{ version: own.version }] });
  });

  it('installs and uninstalls with the real claude, twice over', async () => {
    const { person } = await worldOf(works);
    for (const _ of [1, 2]) expect(await person.copse(['plugin', 'install'])).toMatchObject({ exit: 0 });
    const listed = execFileSync(CLAUDE, ['plugin', 'list'], { encoding: 'utf8', env: person.env, cwd: person.repo });
    expect(listed).toContain('copse@copse');
    expect(await person.copse(['plugin', 'uninstall'])).toMatchObject({ exit: 0 });
    const after = execFileSync(CLAUDE, ['plugin', 'list'], { encoding: 'utf8', env: person.env, cwd: person.repo });
    expect(after).not.toContain('copse@copse');
  });
});

describe('waking', () => {
  it('with -p: copse wait in the background wakes the model by its end; nothing is polled', async () => {
    const { person, endpoint } = await worldOf(driver('copse wait ui'));
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    const ended = await claude(person, ['-p', '--output-format', 'stream-json', '--verbose', ...FLAGS, 'Wait for ui.']);
    const results = ended.split('\n').filter((line) => line.includes('"type":"result"'));
    expect(results.at(-1)).toContain('WOKEN');
    const news = mainRequests(endpoint).map(saidTo).at(-1) ?? '';
    expect(news).toMatch(/<status>completed<\/status>/);
    expect(news).toMatch(/Background command \\"copse wait ui\\" completed/);
    // Started, told that it runs, woken: no request in between.
    expect(mainRequests(endpoint).length).toBeLessThanOrEqual(4);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    // The file that the news names has all of it in its last line.
    const [, file = ''] = /<output-file>([^<]+)<\/output-file>/.exec(news) ?? [];
    const printed = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '' && !/^\[exited with/.test(line));
    expect(printed.at(-1)).toMatch(/^ui ended: 2 of 2 succeeded \(dark, light\); ≈\$[\d.]+\. Next: copse compare$/);
  });

  it('with -p and Monitor: each line of --events is an event of its own', async () => {
    const gate = Promise.withResolvers<void>();
    const { person, endpoint } = await worldOf(async (asked) => {
      if (isVariant(asked)) {
        if (asked.userText.includes('variant light')) await gate.promise;
        return works(asked);
      }
      const said = saidTo(asked);
      if (said.includes('ui/dark: succeeded')) gate.resolve();
      if (said.includes('task-notification'))
        return { text: said.includes('ui ended') ? 'WOKEN: all of it.' : 'WOKEN: one of them.' };
      if (asked.conversation === 0) return { tools: [{ name: 'ToolSearch', input: { query: 'select:Monitor' } }] };
      const input = { command: 'copse wait ui --events', description: 'copse events', timeout_ms: 120_000 };
      if (asked.conversation === 1) return { tools: [{ name: 'Monitor', input }] };
      return { text: 'It is watched.' };
    });
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    const ended = await claude(person, ['-p', '--output-format', 'stream-json', '--verbose', ...FLAGS, 'Watch ui.']);
    expect(ended).toContain('WOKEN: one of them.');
    expect(
      ended
        .split('\n')
        .filter((line) => line.includes('"type":"result"'))
        .at(-1),
    ).toContain('WOKEN: all of it.');
    const news = mainRequests(endpoint).map(saidTo).at(-1) ?? '';
    expect(news).toMatch(/<event>ui\/dark: succeeded, 1 file/);
    expect(news).toContain('ui ended: 2 of 2 succeeded (dark, light)');
  });

  it('at a terminal: the session is woken where it stood', async (context) => {
    const gate = Promise.withResolvers<void>();
    const { person, endpoint } = await worldOf(driver('copse wait ui', gate.promise));
    await trusted(person);
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    const terminal = Terminal.open(context, [CLAUDE, ...FLAGS, 'Wait for ui.'], {
      cwd: person.repo,
      env: person.env,
      columns: 120,
      rows: 40,
    });
    await terminal.shows(/It runs in the background/, 60_000);
    gate.resolve();
    await terminal.shows(/WOKEN: it has ended/, 90_000);
    expect(mainRequests(endpoint).map(saidTo).at(-1)).toContain('task-notification');
  });
});

/** What it prints. Not synchronous: the model is in this process. */
function claude(person: Person, args: readonly string[]): Promise<string> {
  const child = spawn(CLAUDE, args, { cwd: person.repo, env: person.env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

/** What the questions of a first start would write. */
async function trusted(person: Person): Promise<void> {
  const key = person.env['ANTHROPIC_API_KEY'] ?? '';
  await writeFile(
    join(person.home, '.claude.json'),
    JSON.stringify({
      hasCompletedOnboarding: true,
      theme: 'dark',
      customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
      projects: { [person.repo]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    }),
  );
}

describe('at the start of a session', () => {
  const hook = (cwd: string, env: Readonly<Record<string, string>>): Promise<string> =>
    new Promise((resolve) => {
      const child = spawn('sh', [join(PLUGIN, 'hooks/session-start.sh')], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
      running.push(child);
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      child.on('close', (exit) => resolve(`${exit} ${text}`));
    });

  it('names what is not finished, and says nothing otherwise', async () => {
    const person = await Person.create({
      claude: `init(); while (!fs.existsSync(process.env.HOME + '/go')) await new Promise((r) => setTimeout(r, 20)); done({ result: 'x' });`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    expect(await hook(person.repo, person.env)).toBe('0 ');
    expect(await hook(person.home, person.env)).toBe('0 ');
    await person.copse(['run', '--detach']);
    await person.waitForEvent('attempt.started');
    await expect.poll(() => hook(person.repo, person.env)).toContain('copse: run ui in this repository is not finished.');
    expect(await hook(person.repo, { ...person.env, COPSE_RUN: 'ui' })).toBe('0 ');
    await writeFile(join(person.home, 'go'), '');
    await person.copse(['wait']);
    await person.supervisorGone();
    expect(await hook(person.repo, person.env)).toBe('0 ');
  });
});
