import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN, Person, type PersonOptions } from '../support/person.ts';
import { hasBlank, misspelt, type Suggestion, suggestionsIn, wordsOf } from '../support/suggestions.ts';
import { variantsYaml } from '../support/variants.ts';

const WORKS = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant + '\\n'); call('Write', { file_path: variant + '.txt' }); done();`;

describe('what is taken for a suggestion', () => {
  it.each([
    ['  Land      copse merge dark', ['copse merge dark']],
    ['  copse retry dark -m "smaller, and: x"', ['copse retry dark -m "smaller, and: x"']],
    ['Bring it back: copse undo', ['copse undo']],
    ['It was removed. Bring it back first: copse undo 01k9.', ['copse undo 01k9']],
    ['Wait for it: copse wait ui; or end it: copse stop --run ui', ['copse wait ui', 'copse stop --run ui']],
    ['  git branch ui/dark 1a2b3c4', ['git branch ui/dark 1a2b3c4']],
    ['ui: copse runs several approaches', ['copse runs several approaches']],
    ['the branch of copse stays', []],
  ])('%j', (text, commands) => {
    expect(suggestionsIn(text).map(({ command }) => command)).toEqual(commands);
  });

  it('is held against the verbs and options that there are', async () => {
    const misspelled = ['copse mrege dark', 'copse merge dark --force', 'copse logs', 'copse stop --run'];
    for (const command of misspelled) expect(await misspelt({ command, line: '' }), command).not.toBeNull();
    for (const command of ['copse merge dark light', 'copse stop --run ui', 'git status'])
      expect(await misspelt({ command, line: '' }), command).toBeNull();
  });
});

/** Needs a terminal or a person, or stays open until it is ended: known to copse is all that is asked. */
const OPEN_ENDED = /^copse (trust$|attach|serve|undo$|init\b)/;

interface Situation {
  readonly person?: PersonOptions;
  readonly variants?: Parameters<typeof variantsYaml>[0];
  readonly top?: Record<string, unknown>;
  /** Brings it about, and types the line whose output counts. */
  readonly type: (person: Person) => Promise<{ stdout: string; stderr: string }>;
  readonly says?: RegExp;
  /** A required suggestion, so that the case is what it says. */
  readonly proposes?: readonly (string | RegExp)[];
  readonly never?: readonly (string | RegExp)[];
}

const TWO = { banner: { approach: 'b' }, export: { approach: 'e', needs: ['banner'] } };
const run = (person: Person, args: readonly string[] = []) => person.approved(['run', ...args]);

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a run with needs': { variants: TWO, type: (p) => run(p), proposes: ['copse merge banner'] },
  'the last of a run with needs, compared': {
    variants: TWO,
    type: async (p) => {
      await run(p);
      return p.copse(['compare', 'export']);
    },
    proposes: ['copse merge banner export'],
    never: ['copse merge export'],
  },
  'a need that is not landed': {
    variants: TWO,
    type: async (p) => {
      await run(p);
      return p.copse(['merge', 'export']);
    },
    proposes: ['copse merge banner export'],
  },
  'both named, and the need conflicts': {
    variants: TWO,
    type: async (p) => {
      await run(p);
      await p.write('banner.txt', 'mine\n');
      await p.git('add', '-A');
      await p.git('commit', '-q', '-m', 'mine');
      return p.copse(['merge', 'banner', 'export']);
    },
    never: ['copse merge banner export'],
  },
  'a check that fails': {
    top: { verify: { test: 'test ! -e dark.txt' } },
    type: (p) => run(p),
    proposes: [/^copse retry dark -m /],
  },
  'calls that were denied': {
    person: {
      claude: `init(); done({ permission_denials: [{ tool_name: 'Bash', tool_use_id: 't', tool_input: { command: 'npm install x' } }] });`,
    },
    type: (p) => run(p),
    never: [/^copse retry/],
  },
  'a branch that was renamed': {
    type: async (p) => {
      await run(p);
      await p.git('branch', '-m', 'ui/dark', 'ui/other');
      return p.copse(['merge', 'dark']);
    },
    proposes: ['git branch -m ui/other ui/dark'],
  },
  'a branch that was deleted': {
    type: async (p) => {
      await run(p);
      await p.git('worktree', 'remove', '--force', `${p.repo}.worktrees/ui-dark`);
      await p.git('branch', '-D', 'ui/dark');
      return p.copse(['merge', 'dark']);
    },
    proposes: [/^git branch ui\/dark/],
  },
  'main, which is never pruned': {
    type: (p) => p.copse(['prune', 'main', '--others']),
    proposes: ['copse prune --others --dry-run'],
  },
  'a name that is not of copse': {
    type: async (p) => {
      await run(p);
      await p.git('branch', 'mine');
      return p.copse(['prune', 'mine']);
    },
    proposes: ['copse prune mine --others'],
  },
  'a locked worktree of a lasting branch': {
    type: async (p) => {
      await p.git('worktree', 'add', '-q', '-b', 'develop', '../develop');
      await p.git('worktree', 'lock', '../develop', '--reason', 'mine');
      return p.copse(['prune', '--others', '--dry-run']);
    },
    proposes: [/^git worktree unlock /],
    never: [/^copse prune --others develop/],
  },
  'no variants file': { variants: {}, type: (p) => p.copse(['plan', '-f', 'nowhere.yaml']), never: ['copse init'] },
  'an empty variants file': {
    type: async (p) => {
      await p.write('variants.yaml', '');
      return p.copse(['plan']);
    },
    proposes: ['copse init --force'],
  },
  'nothing to retry': {
    type: async (p) => {
      await run(p);
      return p.copse(['retry']);
    },
  },
  'what was pruned': {
    type: async (p) => {
      await run(p);
      await p.copse(['prune', 'dark', '--yes']);
      return p.copse(['retry', 'dark']);
    },
    proposes: [/^copse undo \S+$/],
  },
  'uncommitted work': {
    type: async (p) => {
      await run(p);
      await writeFile(join(`${p.repo}.worktrees/ui-dark`, 'more.txt'), 'more');
      return p.copse(['merge', 'dark']);
    },
    proposes: ['copse merge dark --include-uncommitted'],
  },
  'a fixed branch in a second run': {
    variants: { dark: { branch: 'feature' } },
    type: async (p) => {
      await run(p);
      return p.copse(['run']);
    },
    says: /Put \{run\} into it, for example: feature-\{run\}/,
  },
  'where I stand after a run': {
    type: async (p) => {
      await run(p);
      return p.copse([]);
    },
  },
};

describe('fault 97: every suggestion is a command that works from here', () => {
  it.each(Object.entries(SITUATIONS))('%s', async (_, situation) => {
    const person = await Person.create({
      claude: WORKS,
      ...situation.person,
      files: { 'variants.yaml': variantsYaml(situation.variants ?? ['dark'], situation.top), ...situation.person?.files },
    });
    const { stdout, stderr } = await situation.type(person);
    if (situation.says !== undefined) expect(stdout + stderr).toMatch(situation.says);
    const found = suggestionsIn(`${stdout}\n${stderr}`);
    const commands = found.map(({ command }) => command);
    for (const wanted of situation.proposes ?? []) expect(commands).toContainEqual(matching(wanted));
    for (const unwanted of situation.never ?? []) expect(commands).not.toContainEqual(matching(unwanted));
    const typed = [...new Map(found.map((one) => [one.command, one])).values()].filter((one) => !hasBlank(one));
    const deadEnds: string[] = [];
    for (const one of typed) deadEnds.push(...(await typedAndPutBack(person, one)));
    expect(deadEnds).toEqual([]);
  });
});

const matching = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));

/** Types a suggestion in the very situation, then puts everything back as it was. What was wrong with it. */
async function typedAndPutBack(person: Person, suggestion: Suggestion): Promise<string[]> {
  const why = await misspelt(suggestion);
  if (why !== null) return [`${suggestion.command}: ${why}`];
  if (OPEN_ENDED.test(suggestion.command) || wordsOf(suggestion.command) === null) return [];
  await person.supervisorGone().catch(() => undefined);
  const folder = dirname(person.repo);
  const kept = `${folder}.kept`;
  const home = `${person.home}.kept`;
  const copy = (from: string, to: string) => cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await copy(folder, kept);
  if (!person.home.startsWith(folder)) await copy(person.home, home);
  try {
    const { exit, output } = await typeInShell(person, suggestion.command);
    // 1 is an answer (a check fails again); usage, a precondition and a bug are dead ends.
    return exit === 0 || exit === 1 ? [] : [`${suggestion.command}: exit ${exit}\n${output}`];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rename(kept, folder);
    if (!person.home.startsWith(folder)) {
      await rm(person.home, { recursive: true, force: true });
      await rename(home, person.home);
    }
  }
}

async function typeInShell(person: Person, command: string): Promise<{ exit: number | null; output: string }> {
  const bin = join(person.home, 'typed');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'copse'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(join(bin, 'copse'), 0o755);
  const asked = command.startsWith('copse prune') && !/--(yes|dry-run)/.test(command) ? `${command} --dry-run` : command;
  const child = spawn('sh', ['-c', asked], {
    cwd: person.repo,
    env: { ...person.env, PATH: `${bin}:${person.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, output })));
}
