import { spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { trustStore } from '../../src/config/trust-store.ts';
import type { TrustPlan } from '../../src/model/plan.ts';
import { fencedBlocks } from '../support/docs/fenced-blocks.ts';
import { fits } from '../support/docs/screen-lines.ts';
import { TYPED_PAGES } from '../support/docs/typed-pages.ts';
import { type Ended, Person } from '../support/person.ts';

/*
 * What README and guide tell to type is typed, in their order, in a repository with a scripted claude. Marks above a block:
 * `not run` leaves it out, `file` writes it, `approve` approves what a run (with these options) wants, `exit` is the code to end with,
 * `output` and `output of the same` want its lines in what the command before it printed, numbers aside.
 */

const TOP = new URL('../../', import.meta.url);

describe.each(TYPED_PAGES)('what $page tells to type', ({ page, programs, ...world }) => {
  it('works as it says', { timeout: 120_000 }, async () => {
    const person = await Person.create(world);
    await putOnPath(person, programs ?? {});
    let ended: Ended = { exit: 0, signal: null, stdout: '', stderr: '' };
    for (const { language, text, line, marks } of fencedBlocks(await readFile(new URL(page, TOP), 'utf8'))) {
      if (marks['not run'] !== undefined) continue;
      if (marks['file'] !== undefined && !marks['file'].startsWith('~')) await person.write(marks['file'], text);
      if (marks['approve'] !== undefined) await approve(person, marks['approve']);
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

/** What a person does who is asked and says yes. */
async function approve(person: Person, options: string): Promise<void> {
  const planned = await person.copse(['plan', '--json', ...options.split(' ').filter((word) => word !== '')]);
  const { hash, items } = (JSON.parse(planned.stdout) as { trust: TrustPlan }).trust;
  await trustStore(person.env).approve({ hash, commonDir: join(person.repo, '.git'), items });
}

async function putOnPath(person: Person, programs: Readonly<Record<string, string>>): Promise<void> {
  const copse = `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL('dist/main.js', TOP))}' "$@"\n`;
  for (const [name, text] of Object.entries({ copse, ...programs })) {
    const file = join(dirname(person.repo), 'bin', name);
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
}

/** Types a block into a shell that ends at the first command that fails. */
function type(person: Person, text: string): Promise<Ended> {
  const child = spawn('/bin/sh', ['-eu', '-c', text], { cwd: person.repo, env: person.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}
