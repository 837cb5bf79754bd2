import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { landedIn } from '../../src/git/landed/landed.ts';
import { interleave, timed } from '../kit/interleave.ts';
import type { Lab } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { mergeAll } from '../kit/merge-all.ts';

const ROUNDS = 7;
const BRANCHES = 100;
const AHEAD = 1_000;
const FILES = 10_000;
const LINES = 10;
/** Everybody writes to it. */
const LOG = 'CHANGELOG.md';

/** What became of a branch, by its number: a fifth each. */
const FATES = ['merged', 'squashed', 'edited since', 'taken back', 'open'] as const;
const KINDS = {
  merged: 'landed',
  squashed: 'landed',
  'edited since': 'landed-then-changed',
  'taken back': 'reverted',
  open: 'open',
};

/** A day-one repository: what is told apart needs the target's tip, its history, or both. */
export const measure: Measure = async (lab) => {
  const root = await lab.repository('landed', [...files(), [LOG, 'Changes\n']]);
  await importHistory(lab, root);
  const refs = Array.from({ length: BRANCHES }, (_, n) => `refs/heads/branch-${n}`);
  const [target = '', ...tips] = (await lab.git(root, 'rev-parse', 'main', ...refs)).split('\n');
  const o = { commonDir: join(root, '.git'), targets: [target], candidates: tips.map((tip) => ({ tip })) };
  const found = await landedIn(o);
  const wrong = found.flatMap(({ kind }, n) => (kind === KINDS[fateOf(n)] ? [] : [`branch ${n} (${fateOf(n)}): ${kind}`]));
  if (wrong.length > 0) throw new Error(`${wrong.length} wrong answers: ${wrong.join(', ')}`);
  const pairs = tips.map((tip) => `${target} ${tip}\n`);
  const taken = await interleave(ROUNDS, {
    floor: () => mergeAll(lab, root, pairs),
    ours: () => timed(() => landedIn(o)),
  });
  return [
    {
      what: `landed test of ${BRANCHES} branches, target 1,000 commits ahead`,
      unit: 'ms',
      floor: { name: 'one git merge-tree --stdin over the same pairs', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: 1.3 },
      rounds: ROUNDS,
    },
  ];
};

/** No line twice: of equal ones a merge cannot tell which was edited. */
function* files(): Generator<readonly [string, string]> {
  for (let n = 0; n < FILES; n += 1) {
    const lines = Array.from({ length: LINES }, (_, line) => `export const value${n}_${line} = ${n};\n`);
    yield [`src/part${Math.floor(n / 100)}/file${n}.ts`, lines.join('')];
  }
}

function fateOf(branch: number): (typeof FATES)[number] {
  return FATES[branch % FATES.length] ?? 'open';
}

/**
 * Each branch changes five files of its own. All start from the first commit, and the target has 1,000 more, each of which writes to
 * one file, in which the open branches have a line, too.
 */
async function importHistory(lab: Lab, root: string): Promise<void> {
  const lines: string[] = [];
  let mark = 0;
  const commit = (ref: string, from: string, files: Iterable<readonly [string, string]>, merged = ''): string => {
    mark += 1;
    lines.push(
      `commit ${ref}`,
      `mark :${mark}`,
      `committer Ann <ann@example.com> ${1_700_000_000 + mark * 60} +0000`,
      'data 1',
      'x',
    );
    lines.push(`from ${from}`, ...(merged === '' ? [] : [`merge ${merged}`]));
    for (const [path, content] of files) lines.push(`M 100644 inline ${path}`, `data ${content.length}`, content);
    return `:${mark}`;
  };
  const base = await lab.git(root, 'rev-parse', 'main');
  const original = [...files()];
  const edited = (file: number, line: number, text: string): [string, string] => {
    const [path = '', content = ''] = original[file] ?? [];
    return [path, content.split('\n').with(line, text).join('\n')];
  };
  let log = 'Changes\n';
  let main = base;
  const next = (files: readonly (readonly [string, string])[], merged = ''): void => {
    if (merged === '') log += `Change ${mark}\n`;
    main = commit('refs/heads/main', main, merged === '' ? [...files, [LOG, log]] : files, merged);
  };
  for (let branch = 0; branch < BRANCHES; branch += 1) {
    const own = [0, 7, 14, 21, 28].map((n) => branch * 100 + n);
    const work = own.map((file) => edited(file, 2, `export const own = ${branch};`));
    const fate = fateOf(branch);
    const tip = commit(
      `refs/heads/branch-${branch}`,
      base,
      fate === 'open' ? [...work, [LOG, `Changes\nBranch ${branch}\n`]] : work,
    );
    const before = mark;
    if (fate !== 'open') next(work, fate === 'merged' ? tip : '');
    if (fate === 'edited since') next([edited(own[0] ?? 0, 2, 'export const own = "edited since";')]);
    if (fate === 'taken back') next(own.map((file) => original[file] ?? ['', '']));
    // An open branch finds all of its files edited: that no commits of its own is there does not show in names.
    if (fate === 'open') next(own.map((file) => edited(file, 4, 'export const theirs = true;')));
    // What landed has company in one of its files, so that a look at names does not tell.
    const company = edited(own[1] ?? 0, 4, 'export const theirs = true;');
    const both = company[1].split('\n').with(2, `export const own = ${branch};`).join('\n');
    if (fate === 'squashed' || fate === 'merged') next([[company[0], both]]);
    while (mark - before < AHEAD / BRANCHES) next([edited(branch * 100 + 50 + (mark % 50), 4, `export const theirs = ${mark};`)]);
  }
  await new Promise<void>((resolve, reject) => {
    const child = spawn('git', ['fast-import', '--quiet', '--force'], {
      cwd: root,
      env: lab.env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git fast-import ended with ${code}`))));
    child.stdin.end(`${lines.join('\n')}\n`);
  });
}
