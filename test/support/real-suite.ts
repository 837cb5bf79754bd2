import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { mergeJson } from './merged.ts';
import { Person } from './person.ts';
import { variantsYaml } from './variants.ts';

/** A project as its registry has it, and how it is tested. */
export interface RealSuite {
  /** Holds the project; what git ignores there is in the person's checkout too. */
  readonly folder: string;
  readonly check: string;
  readonly setup?: readonly string[];
  readonly copy?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A new file that `protect` covers. Each variant adds it: its own worktree does not do for the checks then. */
  readonly protectedFile: string;
  readonly protect: readonly string[];
  /** A line of the project, and how it would be wrong. */
  readonly regression: { readonly path: string; readonly from: string; readonly to: string };
}

/**
 * Runs `honest` and `broken` side by side, lets main move on, and merges both. Base, variants and merge results must end as in a clone of the
 * same commit that is set up the same way.
 */
export async function agreesWithClones(suite: RealSuite): Promise<void> {
  const person = await Person.create();
  cpSync(suite.folder, person.repo, { recursive: true, verbatimSymlinks: true });
  await appendFile(join(person.repo, '.gitignore'), '\nnode_modules/\n__pycache__/\n.pytest_cache/\n');
  await person.git('add', '-A');
  await person.git('commit', '-qm', 'The project');
  const base = await person.git('rev-parse', 'HEAD');
  expect(await person.read(suite.regression.path)).toContain(suite.regression.from);
  await person.write('variants.yaml', await variantsOf(person, suite));

  const ended = await person.approved(['run']);
  const said = `${ended.stdout}${ended.stderr}`;
  const { baseChecks, variants } = await person.state();
  const [honest, broken] = variants;
  expect(baseChecks, said).toMatchObject([{ status: 'passed', exitCode: 0 }]);
  expect(await inClone(person, suite, base)).toBe(0);
  expect(honest?.checks, said).toMatchObject([{ status: 'passed', exitCode: 0 }]);
  expect(await inClone(person, suite, 'ui/honest')).toBe(0);
  const code = await inClone(person, suite, 'ui/broken');
  expect(code).not.toBe(0);
  expect(broken?.checks, said).toMatchObject([{ status: 'failed', exitCode: code, onBase: 'passed' }]);

  // The result of a merge is then a tree that no worktree has.
  await person.write('later.md', 'Later.\n');
  await person.git('add', 'later.md');
  await person.git('commit', '-qm', 'later');
  const refused = await mergeJson(person, ['broken'], { exit: 1 });
  expect(refused.refused).toMatchObject([{ reason: 'checks-fail', checks: [{ exitCode: code, onTarget: 'passed' }] }]);
  const landed = await mergeJson(person, ['honest']);
  expect(landed.landed).toMatchObject([{ checks: [{ status: 'passed', exitCode: 0 }] }]);
  expect(await inClone(person, suite, 'main')).toBe(0);
}

/** The agent breaks one line as `broken`, none as `honest`; each adds a note and the protected file. */
async function variantsOf(person: Person, suite: RealSuite): Promise<string> {
  const { setup, copy, env, protect, regression } = suite;
  const agent = join(person.home, 'agent.cjs');
  await writeFile(
    agent,
    `const fs = require('node:fs');
const { path, from, to } = ${JSON.stringify(regression)};
const variant = process.env.COPSE_VARIANT;
if (variant === 'broken') fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace(from, () => to));
fs.writeFileSync(variant + '.md', 'A note.\\n');
fs.writeFileSync(${JSON.stringify(suite.protectedFile)}, '');
console.log('Done.');
`,
  );
  return variantsYaml(['honest', 'broken'], {
    verify: { test: suite.check },
    protect,
    ...(setup === undefined ? {} : { setup }),
    ...(copy === undefined ? {} : { copy }),
    defaults: { runner: { command: [process.execPath, agent] }, ...(env === undefined ? {} : { env }) },
  });
}

/** Exit code of the check in a clone beside the repository. */
async function inClone(person: Person, suite: RealSuite, commit: string): Promise<number | null> {
  const clone = join(dirname(person.repo), `clone-${commit.replaceAll('/', '-')}`);
  const tip = await person.git('rev-parse', commit);
  await person.git('clone', '-q', '--no-checkout', person.repo, clone);
  await person.git('-C', clone, 'checkout', '-q', '--detach', tip);
  const env = { ...person.env, ...suite.env };
  for (const folder of suite.copy ?? [])
    cpSync(join(person.repo, folder), join(clone, folder), { recursive: true, verbatimSymlinks: true });
  for (const command of suite.setup ?? []) expect(await shell(command, clone, env)).toBe(0);
  return shell(suite.check, clone, env);
}

function shell(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
