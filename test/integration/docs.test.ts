import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { trustStore } from '../../src/config/trust/trust-store.ts';
import type { TrustPlan } from '../../src/model/plan.ts';
import { startEndpoint } from '../../src/tour/endpoint.ts';
import type { CompareJson } from '../../src/view/compare/compare-json.ts';
import type { StatusJson } from '../../src/view/run/status-json.ts';
import { fencedBlocks } from '../support/docs/fenced-blocks.ts';
import { fits } from '../support/docs/screen-lines.ts';
import { TYPED_PAGES } from '../support/docs/typed-pages.ts';
import { type Ended, Person } from '../support/person.ts';

/*
 * The commands of README and guides are run, in their order, in a repository with a scripted claude. Marks above a block:
 * `not run` leaves it out, `file` writes it, `approve` approves what a run (with these options) wants, `exit` is the code to end with,
 * `vote` clicks Vote on the page that is served, `dark, with this note`; `output` and `output of the same` expect its lines in the output of the command before it, except for numbers.
 */

/** Leaves servers behind if it fails. */
const SERVES = 'docs/guide-stakeholder-demos.md';

const TOP = new URL('../../', import.meta.url);

describe.each(TYPED_PAGES)('what $page tells to type', ({ page, programs, model, ...world }) => {
  it('works as it says', { timeout: 120_000 }, async () => {
    const endpoint = model === undefined ? null : await startEndpoint(model);
    onTestFinished(() => endpoint?.close());
    const person = await Person.create({
      ...world,
      env: { ...world.env, ...(endpoint === null ? {} : talkingTo(endpoint.url)) },
    });
    onTestFinished(async () => {
      if (page === SERVES) await person.copse(['stop', '--serve', '--force']);
    });
    await putOnPath(person, programs ?? {});
    let ended: Ended = { exit: 0, signal: null, stdout: '', stderr: '' };
    for (const { language, text, line, marks } of fencedBlocks(await readFile(new URL(page, TOP), 'utf8'))) {
      if (marks['not run'] !== undefined) continue;
      if (marks['file'] !== undefined && !marks['file'].startsWith('~')) await person.write(marks['file'], text);
      if (marks['approve'] !== undefined) await approve(person, marks['approve']);
      if (marks['vote'] !== undefined) await vote(person, marks['vote']);
      if (language === 'sh') {
        ended = await type(person, text);
        expect(ended, `${page}:${line} says ${ended.stderr}`).toMatchObject({ exit: Number(marks['exit'] ?? 0) });
      }
      if (marks['output'] !== undefined || marks['output of the same'] !== undefined) {
        const printed = `${ended.stderr}\n${ended.stdout}`;
        expect(fits(text, printed), `${page}:${line} shows lines that are not in what was printed:\n${printed}`).toEqual([]);
      }
    }
  });
});

/** What the real claude needs to talk to a script. */
const talkingTo = (url: string): Record<string, string> => ({
  ANTHROPIC_BASE_URL: url,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  NO_PROXY: '127.0.0.1,localhost',
});

/** A person who is asked and says yes. */
async function approve(person: Person, options: string): Promise<void> {
  const planned = await person.copse(['plan', '--json', ...options.split(' ').filter((word) => word !== '')]);
  const { hash, items } = (JSON.parse(planned.stdout) as { trust: TrustPlan }).trust;
  await trustStore(person.env).approve({ hash, commonDir: join(person.repo, '.git'), items });
}

/** A person in the browser, who follows the link and votes. Names may be hidden there, so tiles are tried. */
async function vote(person: Person, text: string): Promise<void> {
  const [, variant, note] = /^(\S+), (.+)$/.exec(text) ?? [];
  const { serving } = JSON.parse((await person.copse(['status', '--json'])).stdout) as StatusJson;
  const page = serving?.[0]?.page ?? 'nothing is served';
  const entered = await fetch(`${page}&here=1`, { redirect: 'manual' });
  const cookies = entered.headers.getSetCookie().map((one) => one.split(';')[0]);
  const headers = { cookie: cookies.join('; '), origin: new URL(page).origin, 'content-type': 'application/json' };
  for (const key of ['a', 'b']) {
    const answer = await fetch(new URL('/vote', page), {
      method: 'POST',
      headers,
      body: JSON.stringify({ key, favourite: true, note, name: '' }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
    const { variants } = JSON.parse((await person.copse(['compare', '--json'])).stdout) as CompareJson;
    if (variants.some((one) => one.name === variant && one.votes.length === 1)) return;
  }
  throw new Error(`nobody can vote for ${variant}`);
}

const binOf = ({ repo }: Person): string => join(dirname(repo), 'bin');

async function putOnPath(person: Person, programs: Readonly<Record<string, string>>): Promise<void> {
  const copse = `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL('dist/main.js', TOP))}' "$@"\n`;
  await mkdir(binOf(person), { recursive: true });
  for (const [name, text] of Object.entries({ copse, ...programs })) {
    const file = join(binOf(person), name);
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
}

/** Reads the list of operations from its input: the one that `copse undo` takes back in a terminal. */
const LAST =
  'JSON.parse(require("fs").readFileSync(0, "utf8")).operations.find(({ kind, undoneBy }) => kind !== "undo" && undoneBy === null).id';

/** Types a block into a shell that ends at the first command that fails. */
function type(person: Person, text: string): Promise<Ended> {
  const env = { ...person.env, PATH: `${binOf(person)}:${person.env['PATH']}` };
  // The reader has a terminal, in which undo needs no id.
  const typed = text.replace(
    /^copse undo(?= *(?:#|$))/gm,
    `copse undo $(copse undo --list --json | '${process.execPath}' -p '${LAST}')`,
  );
  const child = spawn('/bin/sh', ['-eu', '-c', typed], { cwd: person.repo, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}
