import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { expect, onTestFinished, vi } from 'vitest';
import type { ServeJson } from '../../../src/view/serve/serve-json.ts';
import { type Ended, Person, type PersonOptions } from '../../support/person.ts';

/** Answers with its variant's name on PORT. */
export const SERVER = `
import { createServer } from 'node:http';
console.log('for', process.env.COPSE_RUN, process.env.COPSE_VARIANT, process.env.DB);
createServer((_, r) => r.end('hello from ' + process.env.COPSE_VARIANT)).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** A person whose run `ui` of three variants has ended; each can be served. Whatever the test leaves is ended. */
export async function servedPerson(
  o: { serve?: unknown; files?: Readonly<Record<string, string>>; person?: Partial<PersonOptions> } = {},
): Promise<Person> {
  const serve = o.serve === undefined ? { run: 'exec node server.mjs', env: { DB: 'app_{variant}' } } : o.serve;
  const person = await Person.create({
    ...o.person,
    files: {
      'server.mjs': SERVER,
      'variants.yaml': JSON.stringify({
        name: 'ui',
        prompt: 'Do it.',
        defaults: { runner: { command: ['sh', '-c', 'echo $COPSE_VARIANT > who.txt'] } },
        variants: { dark: 'a', light: 'b', wide: 'c' },
        ...(serve === null ? {} : { serve }),
      }),
      ...o.files,
    },
  });
  onTestFinished(async () => {
    await person.copse(['stop', '--serve', '--force']);
    expect(await person.processesInWorktrees()).toEqual([]);
  });
  const run = await person.approved(['run']);
  expect(run.exit, run.stderr).toBe(0);
  return person;
}

export interface ServingNow {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly json: ServeJson;
}

/** `copse serve --json` in the foreground, once it has said that all are up or have failed. */
export async function serving(person: Person, args: readonly string[] = []): Promise<ServingNow> {
  const { child, ended } = person.start(['serve', '--json', ...args]);
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  const early = ended.then((end) => {
    throw new Error(`serve ended: ${end.exit} ${end.stderr}`);
  });
  await Promise.race([vi.waitFor(() => expect(out).toContain('\n'), { timeout: 40_000, interval: 20 }), early]);
  early.catch(() => undefined);
  return { child, ended, json: JSON.parse(out) as ServeJson };
}

/** Pid of the process that serves, from its record. */
export async function ownerPid(person: Person): Promise<number> {
  const folder = `${person.repo}/.git/copse/v1/serve`;
  const name = (await readdir(folder)).find((one) => one.endsWith('.json'));
  const { owner } = JSON.parse(await readFile(`${folder}/${name}`, 'utf8')) as { owner: { pid: number } };
  return owner.pid;
}

export async function nothingServed(person: Person): Promise<void> {
  await vi.waitFor(async () => expect(await person.processesInWorktrees()).toEqual([]), { timeout: 15_000, interval: 50 });
}
