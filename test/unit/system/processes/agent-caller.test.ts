import { describe, expect, it } from 'vitest';
import { type Ancestor, agentAmong, psAncestors } from '../../../../src/system/processes/agent-caller.ts';

const shell: Ancestor = { words: ['-bash'], environment: { HOME: '/home/ann' } };
const of = (words: string, environment: Record<string, string> | null = {}): Ancestor => ({
  words: words.split(' '),
  environment,
});

describe('who typed a command', () => {
  it('is a person in a shell, an editor, or a job', () => {
    for (const above of [[shell], [shell, of('/usr/bin/code .')], [of('cron')], [of('sudo copse', null), shell], []])
      expect(agentAmong({ PATH: '/bin', CLAUDECODE: '' }, above)).toBeNull();
  });

  it.each([
    ['its own variable', { CLAUDECODE: '1' }, [shell], 'Claude Code'],
    ['a variable above it', {}, [of('env -u CLAUDECODE copse', { CLAUDECODE: '1' }), shell], 'Claude Code'],
    ['a program above it', {}, [of('sh -c copse'), of('claude'), shell], 'Claude Code'],
    ['a package that an interpreter runs', {}, [of('node /usr/lib/node_modules/@google/gemini-cli/dist/index.js')], 'Gemini CLI'],
    ['a program by its whole path', {}, [of('/opt/bin/codex exec')], 'Codex'],
    ['what copse started', {}, [of('sh', { COPSE_MARKER: 'x:dark:1' })], 'an agent of copse'],
  ] as const)('is an agent: %s', (_, own, above, name) => {
    expect(agentAmong(own, above)).toMatchObject({ name });
  });

  it('what the outermost agent was started with is the person’s, whatever it starts', () => {
    const above = [
      of('sh -c copse', { HOME: '/tmp/evil', CLAUDECODE: '1' }),
      of('claude', { HOME: '/tmp/evil' }),
      of('claude', { HOME: '/home/ann' }),
      shell,
    ];
    expect(agentAmong({ HOME: '/tmp/evil' }, above)?.startedWith).toEqual({ HOME: '/home/ann' });
    expect(agentAmong({ CLAUDECODE: '1' }, [shell])?.startedWith).toBeNull();
  });

  it('is read from what ps prints on macOS', () => {
    const rows = ['  10     1 claude --continue HOME=/Users/ann', '  11    10 sh -c copse CLAUDECODE=1', '  12    11 node copse'];
    const found = psAncestors(rows.join('\n'), 12);
    expect(found.map(({ words }) => words[0])).toEqual(['sh', 'claude', undefined]);
    expect(agentAmong({}, found)).toEqual({ name: 'Claude Code', startedWith: { HOME: '/Users/ann' } });
  });
});
