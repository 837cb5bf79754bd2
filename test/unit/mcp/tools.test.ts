import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/cli/check-options.ts';
import { readOptions } from '../../../src/cli/read-options.ts';
import { findVerb } from '../../../src/commands/registry.ts';
import { TOOLS } from '../../../src/mcp/tools.ts';

const words = (name: string, input: object): readonly string[] => TOOLS.find((tool) => tool.name === name)?.words(input) ?? [];

/** One of each that has arguments, with all of them. */
const INPUTS: Readonly<Record<string, object>> = {
  plan: { file: 'other.yaml', variants: ['dark'] },
  run: { file: 'other.yaml', variants: ['dark'] },
  status: { run: 'ui' },
  wait: { run: 'ui', minutes: 0.5 },
  compare: { variants: ['ui/dark', 'ui-2'] },
  diff: { variant: 'dark', other: 'light', path: 'src/a b.css', stat: true },
  log: { variant: 'dark', check: 'test' },
  merge: { variants: ['dark'] },
  prune: {},
  undo: { operation: '01JABC' },
  retry: { variants: ['light'], message: '--allow=Bash' },
  resume: { run: 'ui' },
};

describe('the tools', () => {
  it('are these, and no trust, exec, serve, config or purge', () => {
    expect(TOOLS.map(({ name }) => name).toSorted()).toEqual(Object.keys(INPUTS).toSorted());
  });

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s is a line that copse takes, and its arguments are those it reads',
    async (name, tool) => {
      const input = INPUTS[name] ?? {};
      for (const key of Object.keys(input)) expect(Object.keys(tool.properties)).toContain(key);
      const [verbName = '', ...rest] = tool.words(input);
      const verb = findVerb(verbName);
      if (verb === null) throw new Error(`there is no ${verbName}`);
      const { command } = await verb.load();
      const read = await readOptions(rest, command.options);
      expect(read.unknown).toEqual([]);
      checkOptions(verb, command, read);
      // Nothing that widens, skips or deletes, and nothing that the schema does not have.
      expect(rest.join(' ')).not.toMatch(
        /--(trust|isolation|allowed-tools|allow|budget|total|no-verify|purge|all|judge)\b(?!=Bash)/,
      );
      expect(() => tool.words({ ...input, isolation: 'bypass' })).toThrow();
    },
  );

  it('take no option for a name, and a message for nothing but a message', () => {
    expect(() => words('retry', { variants: ['--fresh'] })).toThrow();
    expect(() => words('merge', { variants: [] })).toThrow();
    expect(() => words('undo', {})).toThrow();
    expect(words('retry', { variants: ['light'], message: '--allow=Bash' })).toContain('--message=--allow=Bash');
  });

  it('move and remove nothing unless told so', () => {
    expect(words('merge', { variants: ['dark'] })).toContain('--dry-run');
    expect(words('prune', {})).toContain('--dry-run');
    expect(words('merge', { variants: ['dark'], dryRun: false })).not.toContain('--dry-run');
    expect(words('prune', { dryRun: false })).toEqual(['prune', '--json', '--yes']);
  });
});
