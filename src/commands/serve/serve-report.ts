import { readFile, rename } from 'node:fs/promises';
import type { CompareTarget } from '../../compare/compare-target.ts';
import { gatherEvidence } from '../../compare/gather-evidence.ts';
import { knownChecks } from '../../compare/known-checks.ts';
import { patchesOf } from '../../compare/patches.ts';
import { pairPatches } from '../../compare/report-parts.ts';
import { type Screenshots, screenshotsOf } from '../../compare/screenshots.ts';
import { writeReport } from '../../compare/write-report.ts';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { VariantEvidence } from '../../model/reports/evidence.ts';
import type { Here } from '../../repository/current-repository.ts';
import { readRun } from '../../repository/read-runs.ts';
import type { Context } from '../command.ts';

/** Pictures of the variants, taken once for each state of their branches: a browser for each reader would slow the apps down. */
export class PictureMemory {
  #of = '';
  #taken: Promise<Screenshots> | null = null;

  of(variants: readonly VariantEvidence[], take: () => Promise<Screenshots>): Promise<Screenshots> {
    const now = JSON.stringify(variants.map(({ label, tip }) => [label, tip]));
    if (this.#taken === null || this.#of !== now) this.#taken = take();
    this.#of = now;
    return this.#taken;
  }
}

/**
 * The report that the page links: what is known of the variants now. Nothing is checked or measured for it, since it is made beside servers
 * that are looked at; `copse compare --html` makes one with everything.
 */
export async function makeServeReport(
  here: Here,
  chosen: readonly CompareTarget[],
  { file, pictures: taken }: { readonly file: AbsolutePath; readonly pictures: PictureMemory },
  context: Context,
): Promise<Uint8Array> {
  const { repository, store } = here;
  try {
    // Merged, removed or tried again since.
    const targets = await Promise.all(
      chosen.map(async (target) => ({ ...target, state: (await readRun(store, target.state.id)).state })),
    );
    const evidence = await gatherEvidence({
      repository,
      store,
      targets,
      now: context.clock.now(),
      fresh: false,
      checked: (compared, tips) => knownChecks({ repository, store, environment: context.environment }, compared, tips),
    });
    const [{ reportParts }, { pairsToShow }] = await Promise.all([
      import('../../view/html/report/report-html.ts'),
      import('../../view/html/report/report-pairs.ts'),
    ]);
    const [diffs, pairs, { pictures, note }] = await Promise.all([
      patchesOf(repository, evidence.variants),
      pairPatches(repository, evidence.variants, pairsToShow(evidence)),
      taken.of(evidence.variants, () => screenshotsOf({ store, variants: evidence.variants, environment: context.environment })),
    ]);
    // By way of a file: a large one is written in parts.
    const part = `${file}.part`;
    await writeReport(
      part,
      reportParts(evidence, { diffs, pairs, outputs: [], pictures, pictureNote: note, version: context.version }),
    );
    await rename(part, file);
    return await readFile(file);
  } catch (error) {
    // git or the disk refuse: the variants can be looked at anyway.
    if (error instanceof CopseError) context.stderr.write(`There is no report: ${error.message}\n`);
    throw error;
  }
}
