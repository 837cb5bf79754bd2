import { expect, test } from 'vitest';
import { baseEnvironment, scrubGit } from '../../../src/system/environment.ts';

test('a worktree gets tools, language and network, but nobody’s credentials', () => {
  const passed = {
    PATH: '/bin',
    HOME: '/h',
    LANG: 'C',
    LC_ALL: 'C',
    TZ: 'UTC',
    XDG_CACHE_HOME: '/c',
    https_proxy: 'http://p',
    SSL_CERT_FILE: '/ca',
    NVM_DIR: '/n',
  };
  const held = {
    GIT_DIR: '/x',
    GIT_INDEX_FILE: '/x',
    ANTHROPIC_API_KEY: 'k',
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    NODE_OPTIONS: '--require /x',
    LD_PRELOAD: '/x',
    BASH_ENV: '/x',
    GITHUB_TOKEN: 't',
    AWS_SECRET_ACCESS_KEY: 's',
    SSH_AUTH_SOCK: '/s',
    COPSE_MARKER: 'm',
    npm_config__authToken: 't',
  };
  expect(baseEnvironment({ ...passed, ...held })).toEqual(passed);
});

test('git sees nothing of a hook that called us, and waits for no editor', () => {
  const env = { GIT_DIR: '/x', GIT_INDEX_FILE: 'i', GIT_SSH_COMMAND: 'x', EDITOR: 'vi', VISUAL: 'vi', PAGER: 'less', HOME: '/h' };
  expect(scrubGit(env)).toEqual({ HOME: '/h' });
});
