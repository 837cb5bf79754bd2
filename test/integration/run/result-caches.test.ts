import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { needProgram } from '../../support/need-program.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const LIBRARY = `pub fn sum(a: i32, b: i32) -> i32 {
    a + b
}

#[test]
fn adds() {
    assert_eq!(sum(1, 2), 3);
}
`;

/** `dark` adds a comment, `light` breaks the sum; as tools do, both files get the time of the other's. */
const EDITS = `init(); const at = 'src/lib.rs'; const text = fs.readFileSync(at, 'utf8'); fs.writeFileSync(at, variant === 'light' ? text.replace('a + b', 'a - b') : text + '// as before\\n'); fs.utimesSync(at, 1e9, 1e9); done();`;

async function rustPerson(concurrency: number, shared: (made: Person) => Promise<void>, env: Record<string, string> = {}) {
  const made = await Person.create({
    claude: EDITS,
    env: { RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(userInfo().homedir, '.rustup'), ...env },
    files: {
      'Cargo.toml': '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n',
      'src/lib.rs': LIBRARY,
      '.gitignore': 'target/\n',
      'variants.yaml': variantsYaml(['dark', 'light'], {
        concurrency,
        verify: { test: 'cargo test --offline' },
        defaults: { env: ['CARGO_TARGET_DIR'] },
      }),
    },
  });
  await shared(made);
  return made;
}

const inFile = (text: (folder: string) => string) => async (made: Person) => {
  await mkdir(join(made.home, '.cargo'), { recursive: true });
  await writeFile(join(made.home, '.cargo', 'config.toml'), text(join(made.home, 'shared')));
};

describe('a shared target folder of cargo', () => {
  it.for([
    { named: 'target-dir of the person', concurrency: 2, shared: inFile((to) => `[build]\ntarget-dir = "${to}"\n`) },
    { named: 'build-dir of the person', concurrency: 1, shared: inFile((to) => `build.build-dir = "${to}"\n`) },
  ])('$named: each variant is built from its own files', async ({ concurrency, shared }, context) => {
    needProgram(context, 'cargo');
    const made = await rustPerson(concurrency, shared);
    await made.approved(['run']);
    const checks = (await made.state()).variants.map(({ name, checks }) => [name, checks[0]?.status]);
    expect(Object.fromEntries(checks)).toEqual({ dark: 'passed', light: 'failed' });
    expect(existsSync(join(made.home, 'shared'))).toBe(false);
  });
});

/** What a command sees of its environment, in a file of the person's. */
const tells = (name: string): string => `env | sort > "$HOME/${name}.$COPSE_VARIANT"`;

describe('the environment of set-up, checks and agent', () => {
  it('has caches of results in the worktree, also for copse exec, and prune deletes them', async () => {
    const made = await Person.create({
      claude: `fs.writeFileSync(process.env.HOME + '/agent.' + variant, Object.entries(process.env).map(([k, v]) => k + '=' + v).join('\\n')); fs.writeFileSync(process.env.TURBO_CACHE_DIR.replace(/turbo$/, 'mine'), 'x'.repeat(9)); ${WRITES_A_FILE}`,
      files: { 'variants.yaml': variantsYaml(['dark'], { setup: [tells('setup')], verify: { test: tells('check') } }) },
    });
    await made.approved(['run']);
    const worktree = (await made.copse(['path', 'dark'])).stdout.trim();
    for (const file of ['setup.dark', 'check.dark', 'agent.dark']) {
      const seen = await readFile(join(made.home, file), 'utf8');
      expect(seen, file).toContain(`TURBO_CACHE_DIR=${worktree}/.copse-cache/turbo`);
      expect(seen, file).toContain('POETRY_VIRTUALENVS_IN_PROJECT=true');
      // No tool of the repository is configured to share one: what scripts expect in \`target\` is there.
      expect(seen, file).not.toContain('CARGO_TARGET_DIR');
    }
    expect((await made.copse(['exec', 'dark', '--', 'sh', '-c', 'echo $CCACHE_DIR'])).stdout).toBe(
      `${worktree}/.copse-cache/ccache\n`,
    );
    // It was in the agent's cache when the check began, which ran in the agent's worktree anyway.
    expect(existsSync(join(worktree, '.copse-cache', 'mine'))).toBe(false);
    expect(await readFile(join(made.home, 'check.dark'), 'utf8')).toContain(`PWD=${worktree}\n`);
    expect(await made.git('-C', worktree, 'status', '--porcelain', '--ignored')).not.toContain('.copse-cache/turbo');
    expect(await made.git('show', '--name-only', '--format=', 'ui/dark')).toBe('dark.txt');
    const pruned = await made.copse(['prune', '--all', '--yes', '--json']);
    expect(pruned.exit).toBe(0);
  });

  it.each([
    { person: {}, said: {}, seen: '1' },
    { person: { CI: 'false' }, said: {}, seen: 'false' },
    { person: { CI: 'true' }, said: { env: { CI: 'mine' } }, seen: 'mine' },
  ])('CI is $seen for set-up and checks with $person and $said', async ({ person, said, seen }) => {
    const made = await Person.create({
      claude: WRITES_A_FILE,
      env: person,
      files: {
        'variants.yaml': variantsYaml(['dark'], { setup: [tells('setup')], verify: { test: tells('check') }, defaults: said }),
      },
    });
    await made.approved(['run']);
    for (const file of ['setup.dark', 'check.dark']) {
      expect((await readFile(join(made.home, file), 'utf8')).match(/^CI=(.*)$/m)?.[1], file).toBe(seen);
    }
  });

  it('a check that waits for changes is ended and named as a watcher', async () => {
    const made = await Person.create({
      claude: WRITES_A_FILE,
      files: {
        'variants.yaml': variantsYaml(['dark'], { verify: { test: 'echo "Watch Usage: Press w to show more."; sleep 600' } }),
      },
    });
    const ran = await made.approved(['run']);
    expect(ran.exit).not.toBe(0);
    expect(ran.stderr + ran.stdout).toContain('It waits for files to change and never ends');
    expect((await made.state()).baseChecks[0]?.status).toBe('could-not-run');
  });
});
