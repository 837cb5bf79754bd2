import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/cli/check-options.ts';
import { readCommandLine, takeGlobalFlags } from '../../../src/cli/command-line.ts';
import { positionalsOf } from '../../../src/cli/positionals.ts';
import { readOptions } from '../../../src/cli/read-options.ts';
import { findVerb, typedVerbs, VERBS } from '../../../src/commands/registry.ts';

describe('the registry', () => {
  it('names each verb once', () => {
    const names = VERBS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(typedVerbs().some(({ name }) => name.startsWith('_'))).toBe(false);
    expect(findVerb('')?.name).toBe('bare');
    expect(findVerb('bare')).toBeNull();
  });

  it.each(VERBS.map((verb) => [verb.name, verb] as const))('%s fits its file', async (_, verb) => {
    const { command } = await verb.load();
    const positionals = positionalsOf(verb.usage).map(({ name }) => name);
    expect(Object.keys(command.arguments ?? {}).filter((name) => !positionals.includes(name))).toEqual([]);
    expect(positionals.filter((name) => name in command.options)).toEqual([]);
    const letters = Object.values(command.options).flatMap(({ alias }) => alias ?? []);
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters.every((letter) => /^[a-zA-Z]$/.test(letter) && letter !== 'h')).toBe(true);
    for (const option of ['help', 'no-color']) expect(command.options).not.toHaveProperty(option);
    for (const spec of Object.values(command.options)) expect(spec.summary).not.toMatch(/\.$/);
    if (verb.group !== null) expect(command.examples.length).toBeGreaterThan(0);
  });

  it.each(typedVerbs().map((verb) => [verb.name, verb] as const))(
    'the examples of %s are lines that it takes',
    async (_, verb) => {
      const { command } = await verb.load();
      for (const { line } of command.examples) {
        const words = copseWords(line);
        const asked = readCommandLine(takeGlobalFlags(words).rest);
        expect(asked, line).toMatchObject({ kind: 'run', verb: { name: verb.name } });
        if (asked.kind === 'run') checkOptions(verb, command, await readOptions(asked.args, command.options));
      }
    },
  );
});

/** The words after `copse` of an example, up to where another command begins. */
function copseWords(line: string): string[] {
  const own = /\bcopse\s?([^|>)]*)/.exec(line)?.[1] ?? '';
  const words = own.split(' && ')[0]?.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^["']|["']$/g, ''));
}

it('each file of a verb stands in the registry', () => {
  for (const { name } of VERBS) {
    const file = name === '__supervise' ? 'supervise' : name;
    expect(existsSync(new URL(`../../../src/commands/${file}.ts`, import.meta.url)), file).toBe(true);
  }
});
