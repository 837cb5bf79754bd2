import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

async function finishedRun(script: string, top: Record<string, unknown> = {}) {
  const person = await Person.create({
    claude: `init(); ${script} fs.writeFileSync('small.txt', 'small'); say('made'); done();`,
    files: { 'variants.yaml': variantsYaml(['dark'], top), 'data.bin': 'data\n' },
  });
  const ended = await person.approved(['run']);
  const { variants } = await person.state();
  const names = async () => (await person.git('diff', '--name-only', 'main...ui/dark')).split('\n');
  return { person, ended, heldBack: variants[0]?.heldBack ?? [], notes: variants[0]?.notes ?? [], names };
}

const HUGE = 20 * 1024 ** 3;

describe('fault 131: very large files', () => {
  it('sparse files of 20 GiB, untracked and tracked, are left out and named, and no command reads them', async () => {
    const { person, ended, heldBack, names } = await finishedRun(
      `for (const name of ['disk.img', 'data.bin']) { fs.closeSync(fs.openSync(name, 'a')); fs.truncateSync(name, ${HUGE}); }`,
      { verify: { size: 'test "$(wc -c < data.bin)" -lt 100' } },
    );
    expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
    expect(heldBack).toEqual([
      { path: 'data.bin', why: 'too-large', by: '21 GB' },
      { path: 'disk.img', why: 'too-large', by: '21 GB' },
    ]);
    expect(await names()).toEqual(['small.txt']);
    expect(ended.stdout).toContain('disk.img is too large (21 GB)');
    // Each would take minutes if it read them.
    const compared = await person.copse(['compare']);
    expect(compared.exit, compared.stderr).toBe(0);
    expect((await person.copse(['prune', 'dark', '--yes'])).exit).toBe(0);
    const undone = await person.copse(['undo', ...person.lastOperation()]);
    expect(undone.exit, undone.stderr).toBe(0);
    expect((await stat(`${person.repo}.worktrees/ui-dark/disk.img`)).size).toBe(HUGE);
  });

  it('beyond the total the largest files are left out', async () => {
    const { heldBack, names } = await finishedRun(
      `fs.mkdirSync('many'); for (let n = 1; n <= 9; n += 1) fs.writeFileSync('many/' + n, 'x'.repeat(n * 1000));`,
      { commit: { maxBytes: '8.5kB', maxTotalBytes: '20 kB' } },
    );
    expect(heldBack.map(({ path }) => path)).toEqual(['many/6', 'many/7', 'many/8', 'many/9']);
    expect((await names()).sort()).toEqual(['many/1', 'many/2', 'many/3', 'many/4', 'many/5', 'small.txt']);
  });

  it('very many are counted; commit.allow takes one in', async () => {
    const { heldBack, notes, names } = await finishedRun(
      `fs.mkdirSync('many'); for (let n = 0; n < 300; n += 1) fs.writeFileSync('many/' + n, 'x'.repeat(2000)); fs.writeFileSync('wanted.bin', 'x'.repeat(5000));`,
      { commit: { maxBytes: '1kB', allow: ['wanted.bin'] } },
    );
    expect(heldBack).toHaveLength(100);
    expect(notes.join('\n')).toContain('200 more files are not committed');
    expect((await names()).sort()).toEqual(['small.txt', 'wanted.bin']);
  });
});
