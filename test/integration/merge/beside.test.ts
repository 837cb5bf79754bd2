import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompareJson } from '../../../src/view/compare/compare-json.ts';
import type { StatusJson } from '../../../src/view/run/status-json.ts';
import { Sandbox } from '../../support/git-repository.ts';
import { finishedRun, mergeJson } from '../../support/merged.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** `only` writes nothing but an ignored file, `part` one that is ignored and one that is not. */
const IGNORED_WORK = `
init();
fs.mkdirSync('src/lib', { recursive: true });
fs.writeFileSync('src/lib/util.js', 'module.exports = 1;\\n');
if (variant === 'part') fs.writeFileSync('part.txt', 'part\\n');
call('Edit', { file_path: 'src/lib/util.js' }); done({ result: 'I am ' + variant + '.' });
`;
const IGNORED = 'src/lib/util.js is ignored by .gitignore:1';
const SENTENCE = `${IGNORED}, so it is not in the commit.`;
const LINE = 'commit: {allow: ["src/lib/util.js"]}';

const ended = (names: readonly string[], top: Record<string, unknown> = {}): Promise<Person> =>
  finishedRun(names, top, { claude: IGNORED_WORK, files: { '.gitignore': 'lib/\n' } });

describe('work in a submodule', () => {
  it('is never "no changes"; neither prune nor a name removes it, and no command is shown that would', async () => {
    const library = new Sandbox({ 'lib.txt': '1\n' });
    const setup = 'git -c protocol.file.allow=always submodule --quiet update --init';
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('vendor/sub/lib.txt', '2\\n'); call('Edit', { file_path: 'x' }); done({ result: 'Done.' });`,
      files: { 'variants.yaml': variantsYaml(['only'], { setup: [setup] }) },
    });
    await person.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'vendor/sub');
    await person.git('commit', '-qm', 'sub');
    const run = await person.approved(['run']);
    expect(run.exit, run.stderr).toBe(0);
    await person.supervisorGone();
    const words = 'vendor/sub/lib.txt is inside the submodule vendor/sub';
    const [only] = (await person.state()).variants;
    expect(only?.phase).toMatchObject({ outcome: 'succeeded', reason: `Nothing is in the commit: ${words}.` });

    for (const args of [
      ['prune', '--yes'],
      ['prune', 'only', '--yes'],
      ['prune', '--dry-run'],
    ]) {
      const pruned = await person.copse(args);
      const said = (pruned.stdout + pruned.stderr).replace(/\s+/g, ' ');
      expect(said).toContain(words);
      expect(said).not.toMatch(/worktree remove|copse prune ui/);
    }
    expect(await readFile(join(`${person.repo}.worktrees`, 'ui-only/vendor/sub/lib.txt'), 'utf8')).toBe('2\n');
  });
});

describe('work that is ignored', () => {
  it('is never "no changes", is named wherever the variant is shown, and prune keeps it', async () => {
    const person = await ended(['only', 'part']);
    const [only, part] = (await person.state()).variants;
    expect(only?.phase).toMatchObject({ outcome: 'succeeded', reason: `Nothing is in the commit: ${IGNORED}.` });
    expect(part?.heldBack).toEqual([{ path: 'src/lib/util.js', why: 'ignored', by: '.gitignore:1' }]);

    const status = JSON.parse((await person.copse(['status', '--json'])).stdout) as StatusJson;
    expect(status.runs[0]?.variants[0]?.notInCommit).toEqual([
      { path: 'src/lib/util.js', why: 'ignored', by: '.gitignore:1', text: SENTENCE },
    ]);
    expect((await person.copse(['status'])).stdout.replace(/\s+/g, ' ')).toContain(`part: ${SENTENCE}`);
    const compared = JSON.parse((await person.copse(['compare', '--json'])).stdout) as CompareJson;
    for (const { notes } of compared.variants) expect(notes).toEqual([SENTENCE, `To keep it, in the variants file: ${LINE}`]);

    for (const args of [
      ['part', '--dry-run'],
      ['part', '--prune'],
    ]) {
      const { landed } = await mergeJson(person, args);
      expect(landed[0]?.notes).toContain(SENTENCE);
    }
    await person.copse(['prune', '--yes']);
    for (const name of ['only', 'part'])
      expect(existsSync(join(`${person.repo}.worktrees`, `ui-${name}`, 'src/lib/util.js'))).toBe(true);
    const pruned = await person.copse(['prune', '--dry-run']);
    expect(pruned.stdout).toContain(IGNORED);
    expect(pruned.stdout).not.toContain('copse prune ui/');
  });

  it('is kept without another run: add -f, then merge --include-uncommitted', async () => {
    const person = await ended(['only']);
    const refused = await mergeJson(person, ['only'], { exit: 3 });
    expect(refused.refused).toMatchObject([{ reason: 'nothing-to-land', why: `Nothing is in the commit: ${IGNORED}.` }]);
    const { hint } = refused.refused[0] ?? { hint: '' };
    expect(hint).toContain('git -C "$(copse path only)" add -f -- src/lib/util.js\n  copse merge only --include-uncommitted');
    expect(hint).toContain(LINE);

    const worktree = join(`${person.repo}.worktrees`, 'ui-only');
    await person.git('-C', worktree, 'add', '-f', '--', 'src/lib/util.js');
    const merged = await mergeJson(person, ['only', '--include-uncommitted']);
    expect(merged.landed[0]?.notes).toEqual(['Committed first: src/lib/util.js.']);
    expect(await readFile(join(person.repo, 'src/lib/util.js'), 'utf8')).toBe('module.exports = 1;\n');
    const compared = JSON.parse((await person.copse(['compare', '--json'])).stdout) as CompareJson;
    expect(compared.variants[0]?.notes.join(' ')).not.toContain('util.js');
  });

  it('is committed if the variants file allows it', async () => {
    const person = await ended(['only'], { commit: { allow: ['src/lib/util.js'] } });
    const [only] = (await person.state()).variants;
    expect(only).toMatchObject({ heldBack: [], changes: { files: 1 } });
    expect(await person.git('show', 'ui/only:src/lib/util.js')).toBe('module.exports = 1;');
  });
});
