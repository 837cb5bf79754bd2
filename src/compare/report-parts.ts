import type { CheckedVariant } from '../checks/check-variants.ts';
import { patchesOf } from '../git/objects/hunks.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { CommitId } from '../model/ids.ts';
import type { VariantEvidence } from '../model/reports/evidence.ts';
import { readTail } from '../system/files.ts';
import { plainText } from '../text/plain-text.ts';
import { redactSecrets } from '../text/redact-secrets.ts';

/** Bytes of one check's output that a report gets at most; the end says most. */
const MOST_OUTPUT = 64 * 1024;

export interface CheckOutput {
  readonly label: string;
  readonly check: string;
  readonly text: string;
}

/** The output of the checks, with keys of known shapes redacted. */
export async function outputsOf(labels: readonly string[], checked: readonly CheckedVariant[]): Promise<readonly CheckOutput[]> {
  const outputs = checked.map(async ({ logs }, index) =>
    Promise.all(
      Object.entries(logs).map(async ([check, log]) => ({
        label: labels[index] ?? '',
        check,
        text: redactSecrets(plainText(await readTail(log, MOST_OUTPUT))),
      })),
    ),
  );
  return (await Promise.all(outputs)).flat();
}

/** From the tip of `a` to that of `b`, for each pair, in one git process. */
export async function pairPatches(
  repository: Repository,
  variants: readonly VariantEvidence[],
  pairs: readonly { readonly a: string; readonly b: string }[],
): Promise<readonly { readonly a: string; readonly b: string; readonly patch: string }[]> {
  const tipOf = (label: string): CommitId | null => variants.find((variant) => variant.label === label)?.tip ?? null;
  const placed = pairs.flatMap(({ a, b }) => {
    const [from, to] = [tipOf(a), tipOf(b)];
    return from === null || to === null ? [] : [{ a, b, from, to }];
  });
  const patches = await patchesOf(gitIn(repository.root, { reads: true }), placed);
  return placed.map(({ a, b }, at) => ({ a, b, patch: patches[at] ?? '' }));
}
