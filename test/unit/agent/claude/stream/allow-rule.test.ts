import { describe, expect, it } from 'vitest';
import { allowRule } from '../../../../../src/agent/claude/stream/allow-rule.ts';

const bash = (command: string) => allowRule('Bash', { command }, 'This command requires approval');

describe('allowRule', () => {
  it.each([
    ['npm install zod', 'Bash(npm install *)'],
    ['npm install', 'Bash(npm install *)'],
    ['npm run build -- --watch', 'Bash(npm run build *)'],
    ['npx prettier --write .', 'Bash(npx prettier *)'],
    ['git add -A', 'Bash(git add *)'],
    ['make', 'Bash(make)'],
    ['prettier --write "src/**/*.ts"', 'Bash(prettier *)'],
    ['cd src && npm install zod', 'Bash(npm install *)'],
    ['npm install a && npm install b; ls', 'Bash(npm install *)'],
    ['cargo test | tail -5', 'Bash(cargo test *)'],
    ["echo 'a && b' && make", 'Bash(make)'],
  ])('%s: %s', (command, rule) => expect(bash(command)).toBe(rule));

  it.each([
    'node -e "1"',
    'python3 script.py',
    'bash -c "npm test"',
    'sudo npm install',
    'env FOO=1 make',
    'FOO=1 make',
    'git diff --output=/x',
    'npm -g install x',
    'npm install a && cargo test',
    'npm install $(cat list)',
    'make > log.txt',
    'npm install `x`',
    'make "unfinished',
    '',
    'ls',
  ])('nothing sensible would allow: %s', (command) => expect(bash(command)).toBeNull());

  it('knows domains and servers', () => {
    expect(allowRule('WebFetch', { url: 'https://docs.example.com/a?b' }, '')).toBe('WebFetch(domain:docs.example.com)');
    expect(allowRule('WebFetch', { url: 'nonsense' }, '')).toBeNull();
    expect(allowRule('mcp__playwright__click', {}, '')).toBe('mcp__playwright__click');
    expect(allowRule('Write', { file_path: '/x' }, '')).toBeNull();
  });

  it('offers nothing for what lies outside the worktree', () => {
    const reason = "rm in '/srv' needs approval. The path is outside the working directories for this session";
    expect(allowRule('Bash', { command: 'rm -rf /srv' }, reason)).toBeNull();
  });
});
