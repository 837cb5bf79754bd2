import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { supervisorAlive } from '../../src/store/supervisor-record.ts';
import { ANY_REPOSITORY, type AnyRepository, ordinary } from '../support/any-repository.ts';
import type { Ended, Person } from '../support/person.ts';

/** The whole loop in every kind of repository: a new kind is one row of the table. */
describe('any repository: run, compare, merge, prune, undo', () => {
  it.concurrent.each(ANY_REPOSITORY)('$title', { timeout: 120_000 }, async (kind) => {
    const loop = await Loop.begin(kind);
    const before = loop.state();

    await loop.does('run');
    const compared = JSON.parse((await loop.does('compare', '--json')).stdout) as {
      variants: readonly { files: unknown; checks: readonly { status: string }[] }[];
    };
    expect(compared.variants).toHaveLength(2);

    const merged = await loop.does('merge', 'a', '--into', 'main');
    expect(merged.stdout).toMatch(/a merged into main/);
    expect(loop.git('show', 'main:src/story.txt')).toBe('one\ntwo\na');
    expect(loop.git('status', '--porcelain')).toBe('');
    if (kind.landed !== undefined) {
      const [format, part] = kind.landed;
      expect(loop.git('log', '-1', `--format=${format}`, 'main')).toContain(part);
    }

    await loop.does('prune', '--all', '--yes');
    expect(loop.git('branch', '--list', 'ui/*')).toBe('');
    await loop.does('undo', ...loop.last());
    expect(loop.git('branch', '--list', 'ui/*', '--format=%(refname:short)')).toBe('ui/a\nui/b');
    await loop.does('undo', ...loop.last());
    expect(loop.state()).toEqual(before);
    expect(loop.git('fsck', '--no-dangling', '--no-progress')).toBe('');
  });
});

class Loop {
  readonly person: Person;
  readonly at: string;
  readonly kind: AnyRepository;

  private constructor(person: Person, at: string, kind: AnyRepository) {
    this.person = person;
    this.at = at;
    this.kind = kind;
  }

  static async begin(kind: AnyRepository): Promise<Loop> {
    const person = await ordinary();
    const at = await kind.arrange(person);
    return new Loop(person, typeof at === 'string' ? at : person.repo, kind);
  }

  git(...args: string[]): string {
    const env = Object.fromEntries(Object.entries(this.person.env).filter(([name]) => this.kind.unset?.includes(name) !== true));
    return execFileSync('git', args, { cwd: this.at, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
  }

  /** The state that the person's repository must have again in the end. */
  state(): Record<string, string> {
    return {
      head: this.git('symbolic-ref', 'HEAD'),
      refs: this.git('for-each-ref', '--format=%(refname) %(objectname)')
        .split('\n')
        .filter((line) => !/^refs\/(copse|heads\/ui)\//.test(line))
        .join('\n'),
      status: this.git('status', '--porcelain', '--ignored'),
      index: this.git('ls-files', '--stage', '-v'),
      config: this.git('config', '--list', '--local'),
    };
  }

  async does(...args: string[]): Promise<Ended> {
    const o = { cwd: this.at, unset: this.kind.unset ?? [] };
    const ended = args[0] === 'run' ? await this.person.approved(args, o) : await this.person.copse(args, o);
    expect({ args, ...ended }).toMatchObject({ args, exit: 0 });
    if (args[0] === 'run') await this.rest();
    return ended;
  }

  /** Id of what `undo` takes back. */
  last(): string[] {
    return this.person.lastOperation(this.git('rev-parse', '--path-format=absolute', '--git-common-dir'));
  }

  /** Until the run has no supervisor. */
  async rest(): Promise<void> {
    const common = this.git('rev-parse', '--path-format=absolute', '--git-common-dir');
    const paths = runPaths(storeAt(common), 'ui');
    expect(existsSync(join(paths.dir, 'plan.json'))).toBe(true);
    await vi.waitFor(async () => expect(await supervisorAlive(paths)).toBe(false), { timeout: 30_000, interval: 30 });
  }
}
