import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { REQUIRED_FLAGS } from '../../../src/agent/claude/flags.ts';
import { hermeticEnvironment } from '../../support/environment.ts';

/** A folder with a repository `app` in it, on branch main with one commit. Removed with the test. */
export interface TestRepository {
  readonly folder: string;
  readonly root: string;
  /** A person's, with nothing inherited. */
  readonly environment: Record<string, string>;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  commit(path: string, text: string): string;
}

export function testRepository(o: { readonly empty?: boolean } = {}): TestRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'survey-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, 'app');
  const environment = hermeticEnvironment({ PATH: `${plainClaude(folder)}:/usr/local/bin:/usr/bin:/bin` });
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const commit = (path: string, text: string): string => {
    write(path, text);
    git('add', path);
    git('commit', '-qm', `Change ${path}`);
    return git('rev-parse', 'HEAD');
  };
  mkdirSync(root);
  git('init', '-q', '-b', 'main');
  if (o.empty !== true) commit('app.txt', 'x'.repeat(1000));
  return { folder, root, environment, git, write, commit };
}

/** A folder with a `claude` that answers what it is asked before the start, and nothing else. A shell script: it is asked often. */
function plainClaude(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const help = `Options:\n${REQUIRED_FLAGS.join('\n')}\nCommands:\n  auth  x`;
  const script = `#!/bin/sh
case "$1" in
  --version) echo '2.1.329 (Claude Code)' ;;
  --help) echo '${help}' ;;
  auth) echo '{"loggedIn": true}' ;;
  *) exit 1 ;;
esac
`;
  writeFileSync(join(bin, 'claude'), script);
  chmodSync(join(bin, 'claude'), 0o755);
  return bin;
}
