import { rename } from 'node:fs/promises';
import type { CompareTarget } from '../../compare/compare-target.ts';
import { gatherEvidence } from '../../compare/gather-evidence.ts';
import { patchesOf } from '../../compare/patches.ts';
import { pairPatches } from '../../compare/report-parts.ts';
import { writeReport } from '../../compare/write-report.ts';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { Here } from '../../repository/current-repository.ts';
import type { Context } from '../command.ts';

/**
 * The report that the page links, of the known facts about the variants. Nothing is checked for it, since it is made beside servers that are
 * looked at; `copse compare --html` makes one with everything. Without it the page says so.
 */
export async function writeServeReport(
  here: Here,
  targets: readonly CompareTarget[],
  file: AbsolutePath,
  context: Context,
): Promise<void> {
  const { repository, store } = here;
  try {
    const evidence = await gatherEvidence({
      repository,
      store,
      targets,
      now: context.clock.now(),
      fresh: false,
      checked: (compared) =>
        Promise.resolve(
          compared.map(({ variant }) => ({
            checks: variant.checks.map((check) => ({ ...check, changedFiles: [] })),
            metrics: [],
            notes: [],
            logs: {},
          })),
        ),
    });
    const [{ reportParts }, { pairsToShow }] = await Promise.all([
      import('../../view/html/report/report-html.ts'),
      import('../../view/html/report/report-pairs.ts'),
    ]);
    const [diffs, pairs] = await Promise.all([
      patchesOf(repository, evidence.variants),
      pairPatches(repository, evidence.variants, pairsToShow(evidence)),
    ]);
    // Complete or not at all: it may be opened while it is written.
    const part = `${file}.part`;
    await writeReport(part, reportParts(evidence, { diffs, pairs, outputs: [], version: context.version }));
    await rename(part, file);
  } catch (error) {
    // git or the disk fails: the variants can be looked at anyway.
    if (!(error instanceof CopseError)) throw error;
    context.stderr.write(`There is no report: ${error.message}\n`);
  }
}
