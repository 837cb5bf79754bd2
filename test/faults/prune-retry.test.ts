import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/store/lock.ts';
import { putRequest } from '../../src/store/request-files.ts';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** Who takes a run up again between the look of a prune and its act. */
const TAKEN_UP: Readonly<Record<string, (person: Person) => Promise<() => Promise<void>>>> = {
  'a retry has asked, and its supervisor has not begun': async (person) => {
    await putRequest(person.paths(), { kind: 'retry', variants: ['dark'], attempt: 'correction', message: 'more' });
    return async () => undefined;
  },
  'a supervisor holds the run, and its agent has not begun': async (person) => {
    const lock = await acquireLock(person.paths().lock, { purpose: 'supervisor of ui' });
    return () => lock.release();
  },
};

describe('fault 122: prune against a retry that starts', () => {
  it.each(Object.entries(TAKEN_UP))('%s: its worktree stays', async (_, takeUp) => {
    const person = await Person.create({ claude: WRITES_A_FILE });
    // Prune has looked, and tears down until it hears from us.
    const go = join(person.home, 'go');
    const reached = join(person.home, 'reached');
    execFileSync('mkfifo', [go, reached]);
    await person.write('variants.yaml', variantsYaml(['dark'], { teardown: [`echo > ${reached}; cat ${go}`] }));
    expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const pruning = person.start(['prune', 'dark', '--yes']);
    execFileSync('cat', [reached]);
    const letGo = await takeUp(person);
    await writeFile(go, 'go\n');
    const ended = await pruning.ended;
    await letGo();
    expect(ended).toMatchObject({ exit: 3 });
    expect(ended.stdout.replaceAll(/\s+/g, ' ')).toContain('Run ui is being continued. Wait for it: copse wait ui');
    expect(existsSync(`${person.repo}.worktrees/ui-dark/.git`)).toBe(true);
    expect(await person.git('branch', '--list', 'ui/dark')).toContain('ui/dark');
    expect((await person.state()).variants[0]?.removed).toBe(null);
  });
});
