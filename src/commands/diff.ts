import * as z from 'zod/mini';
import { showDiff } from '../compare/show-diff.ts';
import { tipsFor } from '../compare/variant-tips.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { defineCommand } from './command.ts';
import { compareTargets } from './compare/compare-targets.ts';
import { writeOut } from './write-out.ts';

export const command = defineCommand({
  description:
    'Shows the changes of a variant (without what it merged from the target), or the differences between two variants, like git diff. Only committed work.',
  examples: [
    { line: 'copse diff dark', does: 'what dark changed' },
    { line: 'copse diff dark light -- src/theme', does: 'from dark to light, in this folder' },
    { line: 'copse diff ui/dark ui-2/dark --stat', does: 'across runs, files only' },
  ],
  arguments: {
    a: 'dark, or ui-2/dark',
    b: 'the variant to compare it with (default: its start)',
    path: 'limit the diff to these paths',
  },
  options: { stat: { kind: 'flag', summary: 'files and counts only' } },
  schema: z.strictObject({ a: z.string(), b: z.optional(z.string()), path: z.array(z.string()), stat: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const [first, second] = await Promise.all(
      [options.a, ...(options.b === undefined ? [] : [options.b])].map(async (name) => {
        const targets = await compareTargets(here, [name]);
        const names = targets.flatMap((target) => target.names.map((variant) => `${target.state.id}/${variant}`));
        if (names.length > 1) throw severalVariants(name, names);
        const [tip] = await tipsFor(here.repository, targets);
        if (tip?.from == null || tip.tip === null) throw nothingToShow(name);
        return { from: tip.from, tip: tip.tip };
      }),
    );
    if (first === undefined) throw new Error('the first variant is always there');
    const range = second === undefined ? { from: first.from, to: first.tip } : { from: first.tip, to: second.tip };
    const { colour, terminal = false } = context.screen('stdout');
    const write = (piece: Buffer): Promise<void> => writeOut(context.stdout, piece);
    await showDiff({ cwd: context.cwd, ...range, paths: options.path, colour, terminal, stat: options.stat, write });
    return EXIT.ok;
  },
});

function severalVariants(run: string, variants: readonly string[]): CopseError {
  return new CopseError({
    code: 'several-variants',
    exit: EXIT.usage,
    what: `${run} is a run; its variants are ${variants.join(', ')}.`,
    hint: `Name one:\n  copse diff ${variants[0] ?? run}\nOr compare all:\n  copse compare ${run}`,
  });
}

function nothingToShow(name: string): CopseError {
  return new CopseError({
    code: 'no-commits',
    exit: EXIT.precondition,
    what: `Variant ${name} has nothing to show.`,
    why: 'It has not started, or its commits are gone.',
    hint: 'See its state: copse status',
  });
}
