import * as z from 'zod/mini';
import type { PlannedCheck } from '../../model/plan.ts';
import { command, count, pathWithin } from './fields.ts';
import { nameProblem } from './names.ts';

/* The key `verify`: checks by name. */

const reportPath = () => {
  const wanted = 'a path or glob within the repository like junit.xml, or "-" for standard output';
  // Everything, or the worktree itself, is no report.
  return pathWithin(wanted).check(z.refine((value) => !/^[./*]+$/.test(value), wanted));
};

const check = () =>
  z.strictObject({
    run: command().check(z.describe('The command; a line for sh.')),
    report: z.optional(
      reportPath().check(
        z.describe(
          'The test results that the command writes: a file, folder or glob relative to the top of the worktree, or "-" for its standard output. ' +
            'copse then compares test by test. Formats: JUnit XML, TAP, and the JSON of vitest, jest, mocha, pytest, go and cargo.',
        ),
        z.meta({ examples: ['junit.xml', 'target/surefire-reports/*.xml', '-'] }),
      ),
    ),
    repeat: z.optional(
      count(1, 20).check(
        z.describe('How often to run the check. Tests that both pass and fail on the same files are flaky. Default 1.'),
      ),
    ),
    tests: z.optional(
      z
        .array(pathWithin('a path or glob within the repository like test/**'), 'a list of paths within the repository')
        .check(
          z.describe(
            'Test files that decide whether the check passes. A variant that changes one of them is marked. Default: files named like tests.',
          ),
        ),
    ),
  });

export const verify = () =>
  z.record(z.string(), z.union([command(), check()], 'a command, or a map with run'), 'a map of names to commands').check(
    z.check((context) => {
      for (const name of Object.keys(context.value)) {
        const why = nameProblem(name);
        if (why === null) continue;
        const message = `The check ${JSON.stringify(name)} ${why}.`;
        context.issues.push({ code: 'custom', input: name, path: [name], message });
      }
    }),
    z.describe(
      'Checks by name: commands that must exit 0 after the agent has finished. They run on every variant and on the base.',
    ),
    z.meta({ examples: [{ types: 'npx tsc --noEmit', test: { run: 'npm test', report: 'junit.xml' } }] }),
  );

/** In the order of the file. */
export function toChecks(names: readonly string[], input: z.infer<ReturnType<typeof verify>>): PlannedCheck[] {
  return names.flatMap((name) => {
    const said = input[name];
    if (said === undefined) return [];
    const one: z.infer<ReturnType<typeof check>> = typeof said === 'string' ? { run: said } : said;
    const { run, report = null, repeat = 1, tests = [] } = one;
    return [{ name, run, report, repeat, tests }];
  });
}

/** A check as people write it: the command alone if that says everything. */
export function checkAsWritten({ run, report, repeat, tests }: PlannedCheck): string | Record<string, unknown> {
  const more = {
    ...(report === null ? {} : { report }),
    ...(repeat === 1 ? {} : { repeat }),
    ...(tests.length === 0 ? {} : { tests }),
  };
  return Object.keys(more).length === 0 ? run : { run, ...more };
}
