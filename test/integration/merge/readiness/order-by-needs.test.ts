import { describe, expect, it } from 'vitest';
import { finishedRun, mergeJson } from '../../../support/merged.ts';
import type { Person } from '../../../support/person.ts';

/** adaptive changes the title; docs and guide start from its result and add to the same place. */
const WORKS = `
init();
const text = fs.readFileSync('app.js', 'utf8');
if (variant === 'adaptive') fs.writeFileSync('app.js', text.replace('title', 'adaptive'));
else fs.writeFileSync('app.js', text.replace('adaptive', 'adaptive ' + variant));
fs.writeFileSync(variant + '.txt', variant + '\\n');
call('Edit', { file_path: 'app.js' }); done({ result: 'I am ' + variant + '.' });
`;

function run(): Promise<Person> {
  return finishedRun({ adaptive: 'First.', docs: { prompt: 'Second.', needs: ['adaptive'] } }, {}, { claude: WORKS });
}

describe('a variant that starts from another one', () => {
  it('lands only with it, whatever the order named', async () => {
    const person = await run();
    const before = await person.fingerprint();
    const alone = await person.copse(['merge', 'docs']);
    expect(alone.exit).toBe(3);
    expect(alone.stderr).toContain('✘ docs starts from adaptive, which is not on main.');
    expect(alone.stderr).toContain('copse merge adaptive docs');
    await person.holds(before);
    const both = await person.copse(['merge', 'docs', 'adaptive']);
    expect(both.exit, both.stderr).toBe(0);
    expect(both.stdout).toContain('adaptive comes first: another one starts from it.');
    expect(await person.git('log', '-2', '--format=%s')).toBe('I am docs.\nI am adaptive.');
    // Each commit is what its variant did, nothing else.
    expect(await person.git('diff', '--name-only', 'main~1', 'main')).toBe('app.js\ndocs.txt');
    expect(await person.read('app.js')).toContain('adaptive docs');
  });

  it('lands after a squash of what it starts from, also when the target went on in the same place', async () => {
    const person = await run();
    // On the very same parent, in the same second and in the same words the squash would be the variant's own commit.
    await person.git('commit', '-q', '--allow-empty', '-m', 'meanwhile');
    expect(await mergeJson(person, ['adaptive'])).toMatchObject({ landed: [{ name: 'adaptive', changes: { files: 2 } }] });
    expect(await person.git('status', '--porcelain')).toBe('');
    await person.write('app.js', (await person.read('app.js')).replace('1\n2\n', '1\ntwo\n'));
    await person.write('adaptive.txt', 'edited since\n');
    await person.git('commit', '-qam', 'go on');
    // The result of a plain merge.
    await expect(person.git('merge-tree', '--write-tree', 'main', 'ui/docs')).rejects.toThrow();
    const landed = await mergeJson(person, ['docs']);
    expect(landed.landed).toMatchObject([{ changes: { files: 2, insertions: 2, deletions: 1 } }]);
    expect(await person.read('app.js')).toBe('adaptive docs\n1\ntwo\n3\n4\nfooter\n');
    expect(await person.read('adaptive.txt')).toBe('edited since\n');
  });

  it('lands after somebody else squashed what it starts from', async () => {
    const person = await run();
    await person.git('merge', '-q', '--squash', 'ui/adaptive');
    await person.git('commit', '-qm', 'Adaptive theme (#12)');
    const landed = await mergeJson(person, ['docs', '--as', 'rebase']);
    expect(landed.landed).toMatchObject([{ name: 'docs', changes: { files: 2, commits: 1 } }]);
    expect(await person.git('log', '-2', '--format=%s')).toBe('I am docs.\nAdaptive theme (#12)');
    const known = await person.copse(['merge', 'adaptive']);
    expect(known.exit, known.stderr).toBe(0);
    expect(known.stdout).toContain('adaptive has nothing left to merge');
  });

  it('is left out with what it starts from', async () => {
    const person = await run();
    await person.write('app.js', 'elsewhere\n1\n2\n3\n4\nfooter\n');
    await person.git('commit', '-qam', 'clash');
    const both = await mergeJson(person, ['adaptive', 'docs'], { exit: 1 });
    expect(both.refused).toMatchObject([{ reason: 'conflict' }, { reason: 'need-not-landed' }]);
    expect(both).toMatchObject({ landed: [], operation: null, to: await person.git('rev-parse', 'main') });
  });
});
