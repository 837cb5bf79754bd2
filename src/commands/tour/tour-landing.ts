import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import { openHere } from '../../repository/current-repository.ts';
import { chooseOperation } from '../../undo/choose-operation.ts';
import type { Context } from '../command.ts';
import { command as merge } from '../merge.ts';
import { command as prune } from '../prune.ts';
import { command as undo } from '../undo.ts';

const AS_IT_IS = {
  edit: false,
  checks: false,
  'include-uncommitted': false,
  'no-verify': false,
  prune: false,
  'dry-run': false,
  json: false,
} as const;
const NO_SCOPE = {
  variant: [],
  all: false,
  others: false,
  fetch: false,
  purge: false,
  'skip-teardown': false,
  'dry-run': false,
  yes: false,
  json: false,
};

/** The last third of the loop, as a user types it: merge one, prune all, undo. */
export async function showLanding(winner: string, context: Context): Promise<ExitCode> {
  const steps: readonly (readonly [line: string, run: () => Promise<ExitCode>])[] = [
    [`copse merge ${winner}`, () => merge.run({ ...AS_IT_IS, variant: [winner] }, context)],
    ['copse prune --all --yes', () => prune.run({ ...NO_SCOPE, all: true, yes: true }, context)],
    [
      'copse undo',
      async () => {
        const { store } = await openHere(context.cwd);
        // As in a terminal, where the last one is meant.
        const operation = (await chooseOperation(store, null)).id;
        return undo.run({ operation, list: false, yes: false, json: false }, context);
      },
    ],
  ];
  for (const [line, run] of steps) {
    context.stdout.write(`\n$ ${line}\n`);
    const exit = await run();
    if (exit !== EXIT.ok) return exit;
  }
  return EXIT.ok;
}
