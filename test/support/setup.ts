import './as-person.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect } from 'vitest';
import { personOf } from './environment.ts';

/*
 * Before each test file: nothing of the person who runs the suite reaches a test. No key, no login, no git configuration.
 */
for (const name of Object.keys(process.env)) {
  if (/^(ANTHROPIC_|CLAUDE|GIT_)/.test(name) || name === 'NODE_OPTIONS' || name === 'NO_COLOR' || name === 'FORCE_COLOR') {
    delete process.env[name];
  }
}
for (const name of [
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'TMUX',
  'EDITOR',
  'VISUAL',
  'PAGER',
]) {
  delete process.env[name];
}
Object.assign(process.env, personOf(mkdtempSync(join(tmpdir(), 'home-'))));

// A test without an assertion cannot fail. Of concurrent tests it is unknown whose assertion it was.
beforeEach(({ task }) => {
  if (task.concurrent !== true) expect.hasAssertions();
});
