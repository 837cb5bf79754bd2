import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

interface Row {
  readonly name: string;
  readonly outcome: string | null;
  readonly changes: { files: number; insertions: number; deletions: number; commits: number };
  readonly checks: readonly { name: string; status: string }[];
  readonly merges: { clean: boolean; conflicts: string[] } | null;
  readonly costUsd: number;
}
interface Compared {
  readonly run: string;
  readonly variants: readonly Row[];
  readonly overlap: readonly { a: string; b: string; files: string[]; conflicts: string[] }[];
  readonly agreement: readonly { path: string; variants: string[] }[];
  readonly ranking: readonly { name: string; reasons: string[] }[];
}

/** dark and light change the same line differently, and another one alike; audit only answers. */
const WORKS = `
init();
const app = fs.readFileSync('app.js', 'utf8');
if (variant === 'broken') { say('x'); done({ is_error: true, subtype: 'error_during_execution', result: 'boom' }); return; }
if (variant !== 'idle') {
  fs.writeFileSync('app.js', app.replace('title', variant).replace('footer', 'foot'));
  fs.writeFileSync(variant + '.txt', variant);
}
call('Edit', { file_path: 'app.js' }); done({ result: 'I am ' + variant + '.' });
`;

async function compared(variants: Parameters<typeof variantsYaml>[0], top: Record<string, unknown> = {}): Promise<Person> {
  const person = await Person.create({
    claude: WORKS,
    files: { 'app.js': 'title\n1\n2\n3\n4\n5\n6\nfooter\n', 'variants.yaml': variantsYaml(variants, top) },
  });
  await person.approved(['run']);
  return person;
}

async function compare(person: Person, ...args: string[]): Promise<Compared> {
  const ended = await person.copse(['compare', '--json', ...args]);
  expect(ended.stderr).toBe('');
  expect(ended.exit).toBe(0);
  return JSON.parse(ended.stdout) as Compared;
}

/** Everything that looking must leave as it was: refs, files and indexes of all worktrees, our own records. */
async function everything(person: Person): Promise<Record<string, string>> {
  const print: Record<string, string> = { refs: await person.git('for-each-ref') };
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (/\/copse\/v1\/(cache|lock|worktrees)/.test(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) print[path] = (await readFile(path)).toString('base64');
    }
  };
  await walk(person.repo);
  await walk(`${person.repo}.worktrees`);
  return print;
}

describe('copse compare', () => {
  it('says of each variant what it changed, what clashes and what all changed alike', async () => {
    const person = await compared(['dark', 'light', 'idle']);
    const found = await compare(person);
    expect(found.run).toBe('ui');
    const row = (name: string) => found.variants.find((variant) => variant.name === name);
    expect(row('dark')).toMatchObject({
      outcome: 'succeeded',
      changes: { files: 2, insertions: 3, deletions: 2, commits: 1 },
      merges: { clean: true, conflicts: [] },
    });
    expect(row('idle')).toMatchObject({ outcome: 'no-changes', changes: { files: 0 } });
    expect(found.overlap.find(({ a, b }) => a === 'dark' && b === 'light')).toEqual({
      a: 'dark',
      b: 'light',
      files: ['app.js'],
      conflicts: ['app.js'],
    });
    expect(found.agreement.map(({ path, variants }) => ({ path, variants }))).toEqual([
      { path: 'app.js', variants: ['dark', 'light'] },
    ]);
    expect(found.ranking.at(-1)?.name).toBe('idle');
  });

  it('changes nothing by looking', async () => {
    const person = await compared(['dark', 'light']);
    await person.supervisorGone();
    const before = await everything(person);
    await compare(person);
    expect((await person.copse(['compare'])).exit).toBe(0);
    expect((await person.copse(['compare', '--md'])).exit).toBe(0);
    expect((await person.copse(['diff', 'dark', 'light'])).exit).toBe(0);
    expect(await everything(person)).toEqual(before);
  });

  it('merges what it merged before only when told to, or when what it kept is broken', async () => {
    const person = await compared(['dark', 'light']);
    const conflicts = async (...args: string[]) => (await compare(person, ...args)).overlap.map((pair) => pair.conflicts);
    const folder = join(person.repo, '.git/copse/v1/cache/merges');
    expect(await conflicts()).toEqual([['app.js']]);
    const [name = ''] = await readdir(folder);
    const kept = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), kept.replaceAll('"conflicts":["app.js"]', '"conflicts":["kept.js"]'));
    expect(await conflicts()).toEqual([['kept.js']]);
    expect(await conflicts('--fresh')).toEqual([['app.js']]);
    for (const broken of ['', kept.slice(0, 20), '[]', '{"pairs":[{"a":0}],"merges":[]}']) {
      await writeFile(join(folder, name), broken);
      expect(await conflicts()).toEqual([['app.js']]);
    }
    await person.git('commit', '-q', '--allow-empty', '-m', 'the target moves');
    await conflicts();
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('has a row for a failed one, one without a worktree and one whose branch is gone', async () => {
    const person = await compared(['dark', 'light', 'broken']);
    await rm(join(`${person.repo}.worktrees`, 'ui-dark'), { recursive: true });
    await person.git('worktree', 'remove', '--force', join(`${person.repo}.worktrees`, 'ui-light'));
    await person.git('branch', '-D', 'ui/light');
    const found = await compare(person);
    expect(found.variants.map(({ name, outcome, changes }) => [name, outcome, changes.files])).toEqual([
      ['dark', 'succeeded', 2],
      ['light', 'succeeded', 2],
      ['broken', 'failed', 0],
    ]);
    const text = (await person.copse(['compare'])).stdout;
    for (const name of ['dark', 'light', 'broken']) expect(text).toContain(name);
  });

  it('suggests what can still be done', async () => {
    const person = await compared(['dark', 'light']);
    const next = async (): Promise<readonly string[]> => {
      const { stdout } = await person.copse(['compare']);
      return stdout.split('\n').flatMap((line) => /copse (?:merge|prune).*/.exec(line)?.[0] ?? []);
    };
    expect(await next()).toEqual(['copse merge dark']);
    await person.copse(['merge', 'dark']);
    // It conflicts with what was merged.
    expect(await next()).toEqual(['copse prune']);
    await person.copse(['prune', 'dark', '--yes']);
    expect(await next()).toEqual([]);
    // By hand, with its worktree.
    await person.git('worktree', 'remove', '--force', `${person.repo}.worktrees/ui-light`);
    await person.git('branch', '-D', 'ui/light');
    expect(await next()).toEqual([]);
  });

  it('compares across runs, and only what is named', async () => {
    const person = await compared(['dark', 'light']);
    await person.write('more.txt', 'more');
    await person.git('add', '-A');
    await person.git('commit', '-q', '-m', 'more');
    await person.approved(['run']);
    const found = await compare(person, 'ui/dark', 'ui-2/dark');
    expect(found.variants.map(({ name }) => name)).toEqual(['ui/dark', 'ui-2/dark']);
    expect((await person.copse(['compare', 'ui/dark', 'ui-2/dark'])).stdout).toMatch(/base/);
  });

  it('measures a dependent against its start', async () => {
    const person = await compared({ dark: {}, after: { needs: ['dark'] } });
    const found = await compare(person);
    expect(found.variants.find(({ name }) => name === 'after')?.changes.files).toBe(1);
  });

  it('writes a report that stands alone', async () => {
    const person = await compared(['dark', 'light']);
    const ended = await person.copse(['compare', '--html', 'report.html']);
    expect(ended.exit).toBe(0);
    const html = await person.read('report.html');
    expect(html).toContain('<!doctype html>');
    expect(html).toContain('I am dark.');
    expect(html).not.toMatch(/(src|href)="https?:/);
    const missing = await person.copse(['compare', '--html', 'no/such/folder/report.html']);
    expect(missing.exit).toBe(3);
    expect(missing.stderr).toContain('report.html');
  });
});

describe('copse diff', () => {
  it('shows what a variant changed, and how two differ, in a path', async () => {
    const person = await compared(['dark', 'light']);
    expect((await person.copse(['diff', 'dark'])).stdout).toContain('+dark');
    const both = (await person.copse(['diff', 'dark', 'light', '--', 'app.js'])).stdout;
    expect(both).toContain('-dark');
    expect(both).toContain('+light');
    expect(both).not.toContain('light.txt');
    expect((await person.copse(['diff', 'nobody'])).exit).toBe(2);
    const run = await person.copse(['diff', 'ui']);
    expect(run).toMatchObject({ exit: 2, stdout: '' });
    expect(run.stderr).toContain('ui/dark, ui/light');
  });
});
