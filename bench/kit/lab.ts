import { cp, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { personOf } from '../../test/support/environment.ts';
import { run } from './processes.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where a row is measured: a folder of its own, a person without any configuration, and a copy of copse as it is built, so that
 * a build meanwhile disturbs nothing.
 */
export class Lab {
  /** Real path; what a row leaves is in it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** A real repository that was named for the rows that take one (`--repository`). */
  readonly given: string | null;
  /** Program and first argument that start copse. */
  readonly copse: readonly [string, string];

  private constructor(folder: string, env: Readonly<Record<string, string>>, given: string | null) {
    this.folder = folder;
    this.given = given;
    this.env = env;
    this.copse = [process.execPath, join(folder, 'copse', 'dist', 'main.js')];
  }

  /** Takes this process over as well: rooms of `src/` that are measured in it read its environment. */
  static async open(): Promise<Lab> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'copse-bench-')));
    const env = {
      PATH: `${dirname(process.execPath)}:${join(PACKAGE, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      TMPDIR: folder,
      TERM: 'xterm-256color',
      COPSE_NO_NOTIFY: '1',
      ANTHROPIC_API_KEY: 'offline-dummy-key',
      ...personOf(join(folder, 'home')),
    };
    const given = process.env['COPSE_BENCH_REPOSITORY'] ?? null;
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, env);
    await mkdir(join(folder, 'home', '.config'), { recursive: true });
    for (const part of ['dist', 'package.json', 'templates', 'schemas']) {
      await cp(join(PACKAGE, part), join(folder, 'copse', part), { recursive: true });
    }
    return new Lab(folder, env, given);
  }

  /** A repository on branch `main` with these files in one commit. */
  async repository(name: string, files: Iterable<readonly [path: string, text: string]>): Promise<string> {
    const root = join(this.folder, name, 'app');
    await mkdir(root, { recursive: true });
    await this.git(root, 'init', '-q', '-b', 'main');
    for (const [path, text] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await this.git(root, 'add', '-A');
    await this.git(root, 'commit', '-q', '-m', 'first');
    return root;
  }

  async git(cwd: string, ...args: string[]): Promise<string> {
    return (await run('git', args, { cwd, env: this.env })).trimEnd();
  }
}

/** What a small project has: two dozen files of a few kilobytes. */
export function smallProject(): Iterable<readonly [string, string]> {
  return project(24, 3_000);
}

/** Files in folders of a hundred, as a large project has them. */
export function* project(files: number, bytes: number): Generator<readonly [string, string]> {
  for (let n = 0; n < files; n += 1) {
    const line = `export const value${n} = ${n};\n`;
    yield [`src/part${Math.floor(n / 100)}/file${n}.ts`, line.repeat(Math.ceil(bytes / line.length))];
  }
}
