import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/tour/endpoint.ts';
import { MAIN, Person } from '../support/person.ts';
import { Terminal } from '../support/tmux.ts';
import { variantsYaml } from '../support/variants.ts';

const open: Endpoint[] = [];

afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close();
});

/** One variant, done by the real claude. What is said later by hand makes another file. */
async function finished(): Promise<{ person: Person; endpoint: Endpoint }> {
  const endpoint = await startEndpoint(({ conversation, userText }) => {
    const file = userText.includes('MORE PLEASE') ? 'by-hand.txt' : 'dark.txt';
    if (conversation === 0 || conversation === 2)
      return { tools: [{ name: 'Write', input: { file_path: file, content: 'x\n' } }] };
    return { text: `Wrote ${file}.` };
  });
  open.push(endpoint);
  const person = await Person.create({
    files: { 'variants.yaml': variantsYaml(['dark']) },
    env: {
      ANTHROPIC_BASE_URL: endpoint.url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      NO_PROXY: '127.0.0.1,localhost',
    },
  });
  const ran = await person.copse(['run']);
  expect(ran.exit, ran.stderr).toBe(0);
  return { person, endpoint };
}

const terminalOf = (context: TestContext, person: Person, ...args: string[]): Terminal =>
  Terminal.open(context, [process.execPath, MAIN, 'open', 'dark', ...args], {
    cwd: person.repo,
    env: { ...person.env, SHELL: '/bin/sh' },
    columns: 120,
    rows: 40,
  });

describe('copse open', () => {
  it('is a shell in the worktree; no agent starts meanwhile; what was done is committed on request', async (context) => {
    const { person } = await finished();
    const terminal = terminalOf(context, person, '--shell');
    terminal.press('echo "in $COPSE_RUN/$COPSE_VARIANT"', 'Enter');
    await terminal.shows(/^(# )?in ui\/dark$/m);
    const refused = await person.copse(['retry', 'dark', '-m', 'go']);
    expect(refused).toMatchObject({ exit: 3, stderr: expect.stringContaining('dark is open') });
    terminal.press('echo mine > mine.txt; exit', 'Enter');
    await terminal.shows(/Not committed in dark: mine\.txt\.\s+Commit this on its branch\?/);
    terminal.press('y', 'Enter');
    await terminal.shows(/exit=0/);
    expect(await person.git('show', 'ui/dark:mine.txt')).toBe('mine');
    expect(await person.git('log', '-1', '--format=%(trailers:key=Copse-Variant,valueonly)', 'ui/dark')).toBe('dark');
    // Closed: an agent may start again.
    expect((await person.copse(['retry', 'dark', '-m', 'go'])).exit).toBe(0);
  });

  it('is its conversation in Claude Code, with the isolation of the run', async (context) => {
    const { person, endpoint } = await finished();
    await writeFile(
      join(person.home, '.claude.json'),
      JSON.stringify({
        hasCompletedOnboarding: true,
        theme: 'dark',
        customApiKeyResponses: { approved: [(person.env['ANTHROPIC_API_KEY'] ?? '').slice(-20)], rejected: [] },
        projects: { [person.repo]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
      }),
    );
    const terminal = terminalOf(context, person);
    // What the agent said is there.
    await terminal.shows(/Wrote dark\.txt\./, 60_000);
    terminal.press('MORE PLEASE', 'Enter');
    await terminal.shows(/Wrote by-hand\.txt\./, 60_000);
    const asked = endpoint.requests.findLast(({ side }) => !side);
    expect(asked?.userText).toContain('MORE PLEASE');
    expect(asked?.conversation).toBeGreaterThanOrEqual(3);
    expect(asked?.body.tools).not.toContain('EnterWorktree');
    terminal.press('/exit', 'Enter');
    await terminal.shows(/Not committed in dark: by-hand\.txt/, 30_000);
    terminal.press('n', 'Enter');
    await terminal.shows(/copse merge dark --include-uncommitted\s+exit=0/);
    expect(await readFile(join(`${person.repo}.worktrees`, 'ui-dark', 'by-hand.txt'), 'utf8')).toBe('x\n');
  });

  it('is an editor that works from elsewhere: prune leaves the worktree alone meanwhile', async (context) => {
    const { person } = await finished();
    const terminal = Terminal.open(context, [process.execPath, MAIN, 'open', 'dark', '--editor'], {
      cwd: person.repo,
      env: { ...person.env, EDITOR: 'cd / && echo editing && cat #' },
      columns: 120,
      rows: 40,
    });
    await terminal.shows(/^editing$/m);
    const pruned = await person.copse(['prune', 'dark', '--yes']);
    expect(pruned.stdout + pruned.stderr).toContain('A person is working in it with copse open.');
    expect(await readFile(join(`${person.repo}.worktrees`, 'ui-dark', 'dark.txt'), 'utf8')).toBe('x\n');
    terminal.press('C-d');
    await terminal.shows(/exit=0/);
    expect((await person.copse(['prune', 'dark', '--yes'])).stdout).toContain('Removed 1 worktree');
  });

  it('needs a terminal, and a finished variant', async () => {
    const { person } = await finished();
    expect(await person.copse(['open', 'dark'])).toMatchObject({ exit: 3, stderr: expect.stringContaining('needs a terminal') });
  });
});
