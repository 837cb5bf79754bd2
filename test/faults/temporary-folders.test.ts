import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const NOTES = `
const own = process.env.TMPDIR;
fs.writeFileSync(own + '/mine', variant);
fs.writeFileSync(variant + '.json', JSON.stringify({ own, mode: fs.statSync(own).mode & 0o777, claude: process.env.CLAUDE_CODE_TMPDIR }));
`;
const AGENT = `init(); ${NOTES} say('working'); done();`;
const WAITS = `init(); ${NOTES} say('working'); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(50); done();`;
const CHECK = 'stat -c "%a %n" "$TMPDIR" >> "$HOME/checks"; ls -A "$TMPDIR" >> "$HOME/checks"; touch "$TMPDIR/left"';

async function personWith(claude: string): Promise<Person> {
  return Person.create({
    claude,
    files: { 'variants.yaml': variantsYaml(['dark', 'light'], { verify: { one: CHECK, two: CHECK } }) },
  });
}

const rootOf = async (person: Person) => (await readFile(join(person.home, '.local/state/copse/temporary'), 'utf8')).trim();

async function notesOf(person: Person) {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(`${person.repo}.worktrees/ui-${name}`, `${name}.json`), 'utf8'));
  return [await read('dark'), await read('light')] as { own: string; mode: number; claude: string }[];
}

describe('fault 120: temporary folders', () => {
  it('each attempt and each check has its own, closed to others, which is gone with it', async () => {
    const person = await personWith(AGENT);
    expect((await person.approved(['run'])).exit).toBe(0);
    const root = await rootOf(person);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    const notes = await notesOf(person);
    for (const { own, mode, claude } of notes) {
      expect(own.startsWith(`${root}/`)).toBe(true);
      expect(claude).toBe(own);
      expect(mode).toBe(0o700);
    }
    expect(new Set(notes.map(({ own }) => own)).size).toBe(2);
    // Two checks on the base and on each variant; none found a file of another.
    const checks = (await readFile(join(person.home, 'checks'), 'utf8')).trim().split('\n');
    expect(checks).toHaveLength(6);
    for (const line of checks) expect(line.startsWith(`700 ${root}/`), line).toBe(true);
    expect(await readdir(root)).toEqual([]);
  });

  it('whoever takes over a run takes the folders of its attempts away', async () => {
    const person = await personWith(WAITS);
    await person.approved(['run', '--detach']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    await person.waitForEvent('attempt.activity', { variant: 'light' });
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    const root = await rootOf(person);
    const notes = await notesOf(person);
    for (const { own } of notes) expect(await readdir(own)).toEqual(['mine']);
    const waiting = person.start(['wait']);
    await person.waitForEvent('run.adopted');
    await writeFile(join(person.home, 'go'), '');
    await waiting.ended;
    expect(await readdir(root)).toEqual([]);
  });

  it('another user who takes the name first, or a folder that others may enter, is passed over', async () => {
    const person = await personWith(AGENT);
    expect((await person.approved(['run'])).exit).toBe(0);
    const first = await rootOf(person);
    await chmod(first, 0o755);
    expect((await person.copse(['run', '--name', 'two'])).exit).toBe(0);
    const second = await rootOf(person);
    expect(second).not.toBe(first);
    expect((await stat(second)).mode & 0o777).toBe(0o700);
  });
});
