import { describe, expect, it } from 'vitest';
import {
  credentialValues,
  loginSettings,
  loginVariables,
  usesCloud,
} from '../../../../../src/agent/claude/installed/login-variables.ts';

describe('loginVariables', () => {
  it('takes login, provider and model names, and leaves what a surrounding Claude Code or shell set', () => {
    const kept = {
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'u',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'm',
      CLAUDE_CODE_OAUTH_TOKEN: 't',
      CLAUDE_CONFIG_DIR: '/c',
      DISABLE_TELEMETRY: '1',
    };
    const left = {
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_CODE_SSE_PORT: '1',
      CLAUDE_CODE_SESSION_ID: 'x',
      CLAUDE_CODE_SESSION_ACCESS_TOKEN: 'x',
      GIT_DIR: 'x',
      GITHUB_TOKEN: 'x',
      NODE_OPTIONS: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      GOOGLE_APPLICATION_CREDENTIALS: 'x',
      AZURE_CLIENT_SECRET: 'x',
    };
    expect(loginVariables({ ...kept, ...left })).toEqual(kept);
  });

  it.each([
    ['CLAUDE_CODE_USE_BEDROCK', 'AWS_SECRET_ACCESS_KEY', 'GOOGLE_CLOUD_PROJECT'],
    ['CLAUDE_CODE_USE_VERTEX', 'GOOGLE_APPLICATION_CREDENTIALS', 'AWS_PROFILE'],
    ['CLAUDE_CODE_USE_FOUNDRY', 'AZURE_CLIENT_SECRET', 'AWS_PROFILE'],
  ])('%s brings the credentials of that cloud and of no other', (flag, wanted, other) => {
    const environment = { [wanted]: 'x', [other]: 'y' };
    expect(loginVariables({ ...environment, [flag]: '1' })).toEqual({ [flag]: '1', [wanted]: 'x' });
    expect(loginVariables({ ...environment, [flag]: '0' })).toEqual({ [flag]: '0' });
    expect(loginVariables(environment, { [flag]: 'true' })).toEqual({ [wanted]: 'x' });
    expect(usesCloud({ [flag]: '1' })).toBe(true);
    expect(usesCloud({ [flag]: 'false' })).toBe(false);
  });

  it('takes of the settings only login, provider and network', () => {
    const kept = { HTTPS_PROXY: 'p', no_proxy: 'n', NODE_EXTRA_CA_CERTS: 'c', ANTHROPIC_BASE_URL: 'u', AWS_PROFILE: 'a' };
    expect(loginSettings({ ...kept, PATH: 'x', EDITOR: 'x', MY_VALUE: 'x', CLAUDECODE: 'x' })).toEqual(kept);
  });

  it('knows which values are secrets', () => {
    const variables = {
      ANTHROPIC_API_KEY: 'a',
      ANTHROPIC_CUSTOM_HEADERS: 'b',
      ANTHROPIC_BASE_URL: 'c',
      AWS_BEARER_TOKEN_BEDROCK: 'd',
      AWS_REGION: 'e',
    };
    expect(credentialValues(variables)).toEqual(['a', 'b', 'd']);
  });
});
