import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** The shape of a repository that was worked in for years. */
export interface MessShape {
  readonly commits: number;
  readonly branches: number;
  readonly worktrees: number;
  readonly files: number;
}

/** What became of a branch, by its number. */
const FATES = ['merged', 'squashed', 'edited since', 'taken back', 'open', 'open', 'open over landed files'] as const;

/** Everybody writes to these. */
const HOT = ['CHANGELOG.md', 'src/index.ts'];
const LINES = 60;

/**
 * A history with merges, squashes, reverts and files that everybody writes to; branches that left it at every age, and worktrees of
 * them. Root of the repository, on `main`.
 */
export async function messRepository(lab: Lab, name: string, shape: MessShape): Promise<string> {
  const root = await lab.repository(name, [['README.md', 'mess\n']]);
  await fastImport(lab, root, history(await lab.git(root, 'rev-parse', 'main'), shape));
  await lab.git(root, 'reset', '-q', '--hard');
  await addWorktrees(lab, root, shape.worktrees);
  return root;
}

/** Worktrees of the first branches. */
export async function addWorktrees(lab: Lab, root: string, count: number): Promise<void> {
  const names = (await lab.git(root, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/')).split('\n');
  const branches = names.filter((name) => name !== 'main' && name !== 'master').slice(0, count);
  for (const [n, branch] of branches.entries()) {
    const path = join(`${root}.worktrees`, `w${n}`);
    await lab.git(root, 'worktree', 'add', '-q', path, branch);
    // As anybody's git does there: an index that was written within the second of its files has git read them all, each time.
    await lab.git(path, 'status', '--short');
  }
}

function* history(base: string, shape: MessShape): Generator<string> {
  const files = new Map<string, string[]>();
  const paths = Array.from({ length: shape.files }, (_, n) => `src/part${n % 40}/file${n}.ts`);
  for (const path of [...paths, ...HOT])
    files.set(
      path,
      Array.from({ length: LINES }, (_, line) => `// ${path} ${line}`),
    );
  let mark = 0;
  function* commit(
    ref: string,
    from: string,
    changed: readonly string[],
    content: ReadonlyMap<string, readonly string[]>,
    merged = '',
  ): Generator<string> {
    mark += 1;
    yield `commit ${ref}\nmark :${mark}\ncommitter Ann <ann@example.com> ${1_600_000_000 + mark * 600} +0000\ndata 1\nx\n`;
    yield `from ${from}\n${merged === '' ? '' : `merge ${merged}\n`}`;
    for (const path of changed) {
      const text = `${(content.get(path) ?? []).join('\n')}\n`;
      yield `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    }
  }
  yield* commit('refs/heads/main', base, [...files.keys()], files);
  const every = Math.floor(shape.commits / shape.branches);
  let next = 0;
  let branch = 0;
  // Any number, the same each time.
  const pick = (most: number): number => {
    next = (next * 1_103_515_245 + 12_345) % 2_147_483_648;
    return next % most;
  };
  const edit = (path: string, text: string): string[] => (files.get(path) ?? []).with(pick(LINES), text);
  while (mark < shape.commits) {
    const main = `:${mark}`;
    if (mark % every !== 0 || branch >= shape.branches) {
      const changed = [paths[pick(paths.length)] ?? '', ...(pick(4) === 0 ? [HOT[pick(2)] ?? ''] : [])];
      for (const path of changed) files.set(path, edit(path, `// edited ${mark}`));
      yield* commit('refs/heads/main', main, changed, files);
      continue;
    }
    const fate = FATES[branch % FATES.length];
    const own = [0, 1, 2, 3].map(() => paths[pick(paths.length)] ?? '');
    const touched = [...new Set(fate === 'open over landed files' ? [...own, ...HOT] : own)];
    const work = new Map(touched.map((path) => [path, edit(path, `// branch ${branch}`)]));
    yield* commit(`refs/heads/topic/${branch}`, main, touched, work);
    const tip = `:${mark}`;
    branch += 1;
    if (fate === 'open' || fate === 'open over landed files') {
      yield* commit('refs/heads/main', main, [], files);
      continue;
    }
    const before = new Map(touched.map((path) => [path, files.get(path) ?? []]));
    for (const [path, lines] of work) files.set(path, lines);
    yield* commit('refs/heads/main', main, touched, files, fate === 'merged' ? tip : '');
    if (fate === 'taken back') for (const [path, lines] of before) files.set(path, lines);
    if (fate === 'edited since') for (const path of touched) files.set(path, edit(path, `// edited since ${branch}`));
    if (fate === 'taken back' || fate === 'edited since') yield* commit('refs/heads/main', `:${mark}`, touched, files);
  }
}

function fastImport(lab: Lab, root: string, lines: Iterable<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['fast-import', '--quiet', '--force'], {
      cwd: root,
      env: lab.env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git fast-import ended with ${code}`))));
    child.stdin.end([...lines].join(''));
  });
}
