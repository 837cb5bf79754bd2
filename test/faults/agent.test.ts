import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { identityOf } from '../../src/system/processes/process-identity.ts';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** A person with one variant `dark`, worked on by a scripted `claude`. */
async function personWith(
  claude: string,
  o: { options?: object; top?: Record<string, unknown>; files?: Record<string, string> } = {},
) {
  const person = await Person.create({
    claude,
    files: { 'variants.yaml': variantsYaml({ dark: { approach: 'Dark.', ...o.options } }, o.top), ...o.files },
  });
  return { person, before: await person.fingerprint() };
}

const finished = async (person: Person, variant = 'dark') => {
  const { variants } = await person.state();
  const found = variants.find((candidate) => candidate.name === variant);
  if (found?.phase.kind !== 'finished') throw new Error(`${variant} is ${found?.phase.kind}`);
  return { ...found, outcome: found.phase.outcome, reason: found.phase.reason };
};

// In parallel: each waits for its own clock, and does next to nothing meanwhile.
describe.concurrent('agents that keep us waiting', () => {
  it('fault 23: silence is ended by the idle time-out, and what it did is committed', async () => {
    const { person, before } = await personWith(
      `init(); fs.writeFileSync('half.txt', 'half'); say('thinking'); await sleep(600_000);`,
      {
        options: { idleTimeout: '2s' },
      },
    );
    expect((await person.copse(['run'])).exit).toBe(1);
    expect(await finished(person)).toMatchObject({ outcome: 'stalled', changes: { files: 1 } });
    await person.holds(before);
  });

  it('fault 23: a call that is open may be silent for longer than the idle time-out', async () => {
    const { person, before } = await personWith(
      `init(); const id = call('Bash', { command: 'npm test' }, null); await sleep(4_000);
       emit({ type: 'user', message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] } });
       fs.writeFileSync('a.txt', 'a'); done();`,
      { options: { idleTimeout: '2s' } },
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    expect((await finished(person)).outcome).toBe('succeeded');
    await person.holds(before);
  });

  it('fault 26: a result and then no end: stopped after the grace period, and the result counts', async () => {
    const { person, before } = await personWith(`init(); fs.writeFileSync('a.txt', 'a'); done(); await sleep(600_000);`);
    expect((await person.copse(['run'])).exit).toBe(0);
    expect((await finished(person)).outcome).toBe('succeeded');
    await person.holds(before);
  });

  it('fault 30: one that ignores SIGINT and SIGTERM is killed', async () => {
    const { person, before } = await personWith(
      `process.on('SIGINT', () => {}); process.on('SIGTERM', () => {}); init(); fs.writeFileSync('a.txt', 'a'); say('deaf'); await sleep(600_000);`,
    );
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity');
    expect((await person.copse(['stop'])).exit).toBe(0);
    await run.ended;
    expect(await finished(person)).toMatchObject({ outcome: 'stopped', changes: { files: 1 } });
    await person.holds(before);
  });

  it('fault 32: a storm of 429 is retried as asked, then ends as limited, and spends nothing', async () => {
    const { person, before } = await personWith(
      `init(); for (let i = 1; i <= 10; i++) emit({ type: 'system', subtype: 'api_retry', attempt: i, max_retries: 10, retry_delay_ms: 1, error_status: 429, error: 'rate_limit' });
       done({ is_error: true, api_error_status: 429, result: 'API Error: 429', total_cost_usd: 0 }); process.exitCode = 1;`,
      { options: { retries: 1 } },
    );
    expect((await person.copse(['run'])).exit).toBe(1);
    const dark = await finished(person);
    expect(dark.outcome).toBe('limited');
    expect(dark.attempts.map(({ verdict }) => verdict?.costUsd)).toEqual([0, 0]);
    await person.holds(before);
  });
});

describe('agents that misbehave', () => {
  it('fault 24: garbage, half a line and invalid UTF-8 between good lines change nothing', async () => {
    const { person, before } = await personWith(
      `raw('not json\\n'); init(); fs.writeSync(1, Buffer.from([0xff, 0xfe, 0x0a])); raw('{"type":"assistant","mess\\n'); raw('[]\\nnull\\n42\\n');
       fs.writeFileSync('a.txt', 'a'); done(); raw('{"type":"res');`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    expect((await finished(person)).outcome).toBe('succeeded');
    expect((await person.copse(['logs', 'dark'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 25: a line of 50 MB is read with bounded memory', async () => {
    const { person, before } = await personWith(
      `init(); fs.writeFileSync('a.txt', 'a');
       raw('{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"');
       for (let i = 0; i < 50; i++) raw('x'.repeat(1 << 20));
       raw('"}]}}\\n'); done(); await sleep(1_500);`,
    );
    const run = person.start(['run']);
    await person.waitForEvent('attempt.started');
    const pid = await person.supervisorPid();
    let peakKb = 0;
    const watching = setInterval(() => {
      readFile(`/proc/${pid}/status`, 'utf8').then(
        (text) => {
          peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0));
        },
        () => clearInterval(watching),
      );
    }, 50);
    expect((await run.ended).exit).toBe(0);
    clearInterval(watching);
    expect(peakKb).toBeGreaterThan(0);
    // Of about 180 MB: 280 where the line is parsed.
    expect(peakKb).toBeLessThan(240 * 1024);
    await person.holds(before);
  });

  it('fault 27: exit 0 without a result is no success', async () => {
    const { person, before } = await personWith(`init(); fs.writeFileSync('a.txt', 'a');`, { options: { retries: 0 } });
    expect((await person.copse(['run'])).exit).toBe(1);
    const dark = await finished(person);
    expect(dark).toMatchObject({ outcome: 'lost', changes: { files: 1 } });
    await person.holds(before);
  });

  it('fault 28: exit 0 with is_error is a failure', async () => {
    const { person, before } = await personWith(
      `init(); done({ is_error: true, subtype: 'error_during_execution', result: 'boom' });`,
    );
    expect((await person.copse(['run'])).exit).toBe(1);
    expect((await finished(person)).outcome).toBe('failed');
    await person.holds(before);
  });

  it('fault 29: exit 0 with every call denied is blocked, with the line that would allow it', async () => {
    const { person, before } = await personWith(
      `init(); const id = call('Bash', { command: 'npm install zod' }, null);
       emit({ type: 'system', subtype: 'permission_denied', tool_name: 'Bash', tool_use_id: id, message: 'denied', decision_reason: 'x' });
       emit({ type: 'user', message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, is_error: true, content: 'denied' }] } });
       done({ permission_denials: [{ tool_name: 'Bash', tool_use_id: id, tool_input: { command: 'npm install zod' } }] });`,
    );
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(1);
    expect((await finished(person)).outcome).toBe('blocked');
    expect(ended.stdout).toContain('Bash(npm install *)');
    await person.holds(before);
  });

  it('fault 31: a grandchild in a session of its own is found and stopped', async () => {
    const { person, before } = await personWith(
      `init(); cp.spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref(); fs.writeFileSync('a.txt', 'a'); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.holds(before);
  });

  it.each([
    ['a file open in its temporary folder', `fs.openSync(process.env.TMPDIR + '/log', 'w')`, '/'],
    ['its working directory there', `'ignore'`, `process.env.TMPDIR`],
  ])('fault 31: one without environment and parent is found by %s, and stopped', async (_, output, cwd) => {
    const { person, before } = await personWith(
      `init();
       const at = ${cwd === '/' ? "'/'" : cwd};
       cp.spawn('/bin/sh', ['-c', 'env -i setsid sleep 600 & echo $! > "$HOME/stray"'], { cwd: at, stdio: ['ignore', ${output}, 'ignore'] });
       while (!fs.existsSync(process.env.HOME + '/stray')) await sleep(10);
       await sleep(100); fs.writeFileSync('a.txt', 'a'); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    const pid = Number(await readFile(join(person.home, 'stray'), 'utf8'));
    expect(await identityOf(pid)).toBe(null);
    await person.holds(before);
  });

  it("fault 31: one that could be the person's is named, with the command that ends it", async () => {
    const { person } = await personWith(
      `init();
       cp.spawn('/bin/sh', ['-c', 'env -i setsid sleep 600 & echo $! > "$HOME/stray"'], { stdio: 'ignore' });
       while (!fs.existsSync(process.env.HOME + '/stray')) await sleep(10);
       await sleep(100); fs.writeFileSync('a.txt', 'a'); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    const pid = Number(await readFile(join(person.home, 'stray'), 'utf8'));
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    expect((await person.state()).notes.join('\n')).toMatch(
      new RegExp(
        `^Process ${pid} \\(sleep\\) was started in .*ui-dark while its agent worked, and still runs. If it is not yours: kill ${pid}$`,
        'm',
      ),
    );
  });

  it.each([
    ['negative', '-3'],
    ['NaN', 'NaN'],
    ['missing', 'undefined'],
  ])('fault 33: a %s cost becomes an estimate from tokens', async (_, cost) => {
    const { person, before } = await personWith(
      `init(); fs.writeFileSync('a.txt', 'a'); say('x'); done({ total_cost_usd: ${cost} });`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    const verdict = (await finished(person)).attempts[0]?.verdict;
    expect(verdict?.costEstimated).toBe(true);
    expect(verdict?.costUsd).toBeGreaterThan(0);
    expect(verdict?.costUsd).toBeLessThan(1);
    await person.holds(before);
  });

  it('fault 34: one that deletes its own worktree is lost, with a reason, and nothing else is hurt', async () => {
    const { person, before } = await personWith(
      `init(); const here = process.cwd(); process.chdir('/'); fs.rmSync(here, { recursive: true }); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(1);
    const dark = await finished(person);
    expect(dark.outcome).toBe('lost');
    expect(dark.reason).toContain('worktree');
    expect((await person.copse(['status'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 34: a retry makes a worktree that is gone again, with the work on its branch, set up anew, and nothing stale is left', async () => {
    const { person, before } = await personWith(
      `init(); if (prompt.includes('go away')) { const here = process.cwd(); process.chdir('/'); cp.execFileSync('git', ['-C', here, 'checkout', '-q', '--detach']); cp.execFileSync('git', ['-C', here, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'aside']); fs.rmSync(here, { recursive: true }); done(); return; }
       fs.appendFileSync('told.txt', prompt.trim().split('\\n').at(-1) + '\\n'); done();`,
      { top: { setup: ['echo $RANDOM$$ > made-by-setup.txt'] } },
    );
    expect((await person.approved(['run'])).exit).toBe(0);
    const tip = await person.git('rev-parse', 'ui/dark');
    expect((await person.copse(['retry', 'dark', '-m', 'go away'])).exit).toBe(1);
    expect(await finished(person)).toMatchObject({ outcome: 'lost', reason: 'Its worktree is gone.' });
    const retried = await person.copse(['retry', 'dark', '-m', 'more']);
    expect(retried.exit, retried.stderr).toBe(0);
    expect(await person.git('show', 'ui/dark:told.txt')).toBe('Dark.\nmore');
    expect(await person.git('rev-parse', 'ui/dark~')).toBe(tip);
    expect(await person.git('ls-tree', '--name-only', 'ui/dark')).not.toContain('made-by-setup');
    expect(await finished(person)).toMatchObject({ changes: { files: 1, insertions: 2, commits: 2 } });
    expect((await person.git('worktree', 'list')).split('\n')).toHaveLength(2);
    // Commits that only the lost HEAD held.
    expect(await person.git('for-each-ref', '--format=%(subject)', 'refs/copse/v1/kept')).toBe('aside');
    expect((await person.copse(['doctor'])).stdout).not.toContain('✘');
    await person.holds(before);
  });

  it('fault 34: a retry that changes nothing in a worktree made again keeps what the branch holds; --fresh begins at the start', async () => {
    const { person, before } = await personWith(
      `init(); if (!prompt.includes('look')) fs.writeFileSync('a.txt', args.includes('--resume') ? 'again' : 'first'); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    const tip = await person.git('rev-parse', 'ui/dark');
    const remove = (): Promise<string> => person.git('worktree', 'remove', '--force', `${person.repo}.worktrees/ui-dark`);
    await remove();
    expect((await person.copse(['retry', 'dark', '-m', 'look'])).exit).toBe(0);
    expect(await finished(person)).toMatchObject({ outcome: 'succeeded', commit: { commit: tip }, changes: { files: 1 } });
    await remove();
    expect((await person.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    expect(await person.git('show', 'ui/dark:a.txt')).toBe('first');
    expect(await person.git('rev-list', '--count', 'main..ui/dark')).toBe('1');
    expect(await person.git('for-each-ref', '--format=%(objectname)', 'refs/copse/v1/kept')).toBe(tip);
    await person.holds(before);
  });

  it('fault 34: a supervisor that is killed while a worktree made again is set up does not spare it the set-up', async () => {
    const { person, before } = await personWith(`init(); fs.writeFileSync('a.txt', fs.readFileSync('made.txt')); done();`, {
      top: { setup: ['if [ -e "$HOME/kill" ]; then rm "$HOME/kill"; kill -9 $PPID; exec sleep 600; fi; echo set-up > made.txt'] },
    });
    expect((await person.approved(['run'])).exit).toBe(0);
    await person.git('worktree', 'remove', '--force', `${person.repo}.worktrees/ui-dark`);
    await writeFile(join(person.home, 'kill'), '');
    await person.copse(['retry', 'dark']);
    await person.supervisorGone();
    expect((await person.copse(['resume'])).exit).toBe(0);
    expect(await person.git('show', 'ui/dark:a.txt')).toBe('set-up');
    expect((await person.git('worktree', 'list')).split('\n')).toHaveLength(2);
    await person.holds(before);
  });

  it('fault 34: a worktree that is gone is not made again where the person has its branch checked out', async () => {
    const { person } = await personWith(`init(); fs.writeFileSync('a.txt', 'a'); done();`);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.git('worktree', 'remove', '--force', `${person.repo}.worktrees/ui-dark`);
    await person.git('checkout', '-q', 'ui/dark');
    expect((await person.copse(['retry', 'dark'])).exit).toBe(1);
    // The work is as it was: the retry's end is a note.
    const { outcome, notes } = await finished(person);
    expect(outcome).toBe('succeeded');
    expect(notes.join()).toContain(
      `Its worktree is gone, and its branch ui/dark is checked out at ${person.repo}. Switch to another branch there, then try again.`,
    );
    await person.git('checkout', '-q', 'main');
    expect((await person.copse(['retry', 'dark'])).exit).toBe(0);
  });

  it.for(['deep/er/.gitignore', '.gitattributes'])(
    'fault 34: a named pipe in place of %s, which git would wait for, ends neither commit nor run in waiting',
    async (pipe) => {
      const { person, before } = await personWith(
        `init(); if (!fs.existsSync('a.txt')) { fs.mkdirSync('deep/er', { recursive: true }); fs.writeFileSync('deep/er/b.txt', 'b'); fs.rmSync('${pipe}', { force: true }); cp.execFileSync('mkfifo', ['${pipe}']); } fs.writeFileSync('a.txt', 'a'); done();`,
      );
      const ended = await person.copse(['run']);
      const dark = await finished(person);
      expect([ended.exit, dark.outcome]).toEqual([1, 'failed']);
      expect(dark.reason).toContain(`${person.repo}.worktrees/ui-dark/${pipe} is a named pipe`);
      await rm(`${person.repo}.worktrees/ui-dark/${pipe}`);
      const retried = await person.copse(['retry', 'dark']);
      expect(retried.exit, retried.stdout + retried.stderr).toBe(0);
      expect(await person.git('show', 'ui/dark:a.txt')).toBe('a');
      await person.holds(before);
    },
  );

  it('fault 34: a named pipe in place of instructions does not hold the next attempt up', async () => {
    const { person, before } = await personWith(
      `init(); if (!fs.existsSync('a.txt')) cp.execFileSync('mkfifo', ['CLAUDE.md']); fs.writeFileSync('a.txt', 'a'); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    const retried = await person.copse(['retry', 'dark', '-m', 'more']);
    expect(retried.exit, retried.stdout + retried.stderr).toBe(0);
    await person.holds(before);
  });

  it('fault 35: a moved base and a deleted sibling branch are reported, and nothing that destroys is suggested', async () => {
    const person = await Person.create({
      claude: `init();
        if (variant === 'dark') { fs.writeFileSync('dark.txt', ''); done(); return; }
        const git = (...a) => cp.execFileSync('git', a, { stdio: 'pipe' }).toString().trim();
        git('branch', 'extra'); const tree = git('rev-parse', 'HEAD^{tree}');
        const commit = git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit-tree', tree, '-p', 'HEAD', '-m', 'moved');
        git('update-ref', 'refs/heads/side', commit); git('update-ref', '-d', 'refs/heads/ui/dark');
        fs.writeFileSync('light.txt', ''); done();`,
      files: { 'variants.yaml': variantsYaml({ dark: {}, light: { needs: ['dark'] } }) },
    });
    await person.git('branch', 'side');
    const side = await person.git('rev-parse', 'side');
    const ended = await person.copse(['run']);
    const { refChanges, variants } = await person.state();
    expect(refChanges.map((change) => change.ref).sort()).toEqual(['refs/heads/extra', 'refs/heads/side', 'refs/heads/ui/dark']);
    const moved = refChanges.find((change) => change.ref === 'refs/heads/side');
    expect(ended.stdout).toContain(`git log --oneline --left-right ${moved?.before}...${moved?.after}`);
    expect(ended.stdout).not.toMatch(/update-ref|branch -D|reset --/);
    const dark = variants.find((v) => v.name === 'dark')?.commit?.commit;
    await person.git('update-ref', 'refs/heads/ui/dark', dark ?? '');
    await person.git('update-ref', 'refs/heads/side', side);
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('');
  });

  it('fault 36: escape sequences in its output reach neither log nor terminal', async () => {
    const esc = String.fromCharCode(27);
    const { person, before } = await personWith(
      `init(); say('\\u001b]0;owned\\u0007\\u001b[2Jhello\\u202e'); call('Bash', { command: 'echo \\u001b[31mred' }); fs.writeFileSync('a.txt', 'a'); done({ result: '\\u001b[31mDone' });`,
    );
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(0);
    const logs = await person.copse(['logs', 'dark']);
    const status = await person.copse(['status', '--json']);
    for (const text of [ended.stdout, ended.stderr, logs.stdout, status.stdout]) {
      expect(text).not.toContain(esc);
      expect(text).not.toContain('\u202e');
    }
    expect(logs.stdout).toContain('hello');
    expect(await person.git('log', '-1', '--format=%B', 'ui/dark')).not.toContain(esc);
    await person.holds(before);
  });

  it('fault 37: a key in its output is redacted, and logs are for the person alone', async () => {
    const key = `sk-ant-api03-${'a'.repeat(40)}`;
    const { person, before } = await personWith(
      `init(); say('the key is ${key}'); fs.writeFileSync('a.txt', 'a'); done({ result: 'Key ${key} used' });`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    expect((await person.copse(['logs', 'dark'])).stdout).not.toContain(key);
    expect((await person.copse(['logs', 'dark', '--answer'])).stdout).not.toContain(key);
    expect(await person.git('log', '-1', '--format=%B', 'ui/dark')).not.toContain(key);
    expect(await readFile(person.paths().events, 'utf8')).not.toContain(key);
    const { stdout, stderr } = person.paths().attempt('dark', 1);
    for (const file of [stdout, stderr, person.paths().events, person.paths().plan])
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(person.paths().dir)).mode & 0o777).toBe(0o700);
    await person.holds(before);
  });

  it('fault 38: a written .env is held back from the commit and reported', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('secrets.env', 'A=1'); fs.writeFileSync('prod.env', 'TOKEN=abc'); fs.writeFileSync('id_rsa', 'x'); fs.writeFileSync('a.txt', 'a'); done();`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(await person.git('diff', '--name-only', 'main...ui/dark')).toBe('a.txt');
    for (const path of ['secrets.env', 'prod.env', 'id_rsa']) expect(ended.stdout).toContain(path);
    expect(await readFile(join(`${person.repo}.worktrees`, 'ui-dark', 'prod.env'), 'utf8')).toBe('TOKEN=abc');
    await person.holds(before);
  });

  it('fault 39: stdin is never left open', async () => {
    const { person, before } = await personWith(
      // The prelude has read stdin to its end already: an open one would hang there.
      `init(); fs.writeFileSync('prompt.txt', prompt); fs.writeFileSync('stdin.txt', String(fs.readFileSync(0).length)); done();`,
    );
    expect((await person.copse(['run'])).exit).toBe(0);
    expect(await person.git('show', 'ui/dark:stdin.txt')).toBe('0');
    expect(await person.git('show', 'ui/dark:prompt.txt')).toContain('Do the task.');
    await person.holds(before);
  });
});

describe('a scripted agent that does its work', () => {
  it('leaves each variant its own work on its own branch, and the checkout alone', async () => {
    const person = await Person.create({
      claude: WRITES_A_FILE,
      files: { 'variants.yaml': variantsYaml(['dark', 'light', 'docs']) },
    });
    await person.write('dirty.txt', 'not committed');
    await mkdir(join(person.repo, 'ignored'));
    await person.write('ignored/db', 'data');
    const before = await person.fingerprint();
    expect((await person.copse(['run'])).exit).toBe(0);
    for (const name of ['dark', 'light', 'docs']) {
      expect(await person.git('diff', '--name-only', `main...ui/${name}`)).toBe(`${name}.txt`);
    }
    await person.holds(before);
    await vi.waitFor(async () => expect((await person.state()).phase.kind).toBe('finished'), { timeout: 20_000 });
  });
});
