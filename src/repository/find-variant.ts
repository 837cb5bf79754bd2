import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import type { VariantState } from '../model/run-state/state.ts';
import type { Store } from '../store/layout.ts';
import { listRunIds } from '../store/run-folders.ts';
import { noRuns, type RunReport, readRun, runsFromNewest } from './read-runs.ts';

/** A variant of a run, found by what a person typed: `dark`, or `ui-2/dark`. */
export interface Found {
  readonly run: RunReport;
  readonly variant: VariantState;
}

/**
 * `dark` means the latest run that has it; two live runs with a `dark` are refused, both named. `ui-2/dark` is exact. `ui`, if no variant
 * is called that, is the only variant of the run `ui`.
 */
export async function findVariant(store: Store, address: string): Promise<Found> {
  const run = await findNamedRun(store, address);
  return run === null ? findByName(store, address) : { run, variant: onlyVariantOf(run) };
}

/** The run of this name, if no variant is called that; null: it is no run's name, or a variant's too. */
export async function findNamedRun(store: Store, text: string): Promise<RunReport | null> {
  if (!(await isRun(store, text))) return null;
  for await (const run of runsFromNewest(store, () => true))
    if (run.state.variants.some(({ name }) => name === text)) return null;
  return readRun(store, text);
}

async function findByName(store: Store, address: string): Promise<Found> {
  const slash = address.lastIndexOf('/');
  if (slash >= 0) {
    const run = await readRun(store, address.slice(0, slash) as RunId);
    return { run, variant: variantOf(run, address.slice(slash + 1)) };
  }
  let latest: RunReport | null = null;
  let newest: RunReport | null = null;
  const live: RunReport[] = [];
  // Newest first, and once it is found only those that are not finished: of a thousand runs few have to be read.
  for await (const run of runsFromNewest(store, ({ isAtRest }) => latest === null || !isAtRest)) {
    newest ??= run;
    if (!run.state.variants.some(({ name }) => name === address)) continue;
    latest ??= run;
    if (run.alive && run.state.phase.kind !== 'finished') live.unshift(run);
  }
  if (newest === null) throw noRuns();
  if (latest === null) throw noSuchVariant(address, newest);
  if (live.length > 1) {
    const names = live.map((run) => `${run.state.id}/${address}`);
    throw new CopseError({
      code: 'ambiguous-variant',
      exit: EXIT.usage,
      what: `More than one live run has a variant ${address}.`,
      why: `It could be ${names.join(' or ')}.`,
      hint: `Say which, for example: ${names.at(-1)}`,
    });
  }
  return { run: latest, variant: variantOf(latest, address) };
}

/** The variants that the user named, grouped by run. No names: all of the run, which was named itself. */
export async function findVariants(
  store: Store,
  addresses: readonly string[],
): Promise<readonly { readonly run: RunReport; readonly names: readonly VariantName[] }[]> {
  const groups = new Map<RunId, { run: RunReport; names: VariantName[] }>();
  const whole = new Set<RunId>();
  for (const address of addresses) {
    const named = await findNamedRun(store, address);
    if (named !== null) whole.add(named.state.id);
    const { run, variant } = named === null ? await findByName(store, address) : { run: named, variant: null };
    const group = groups.get(run.state.id) ?? { run, names: [] };
    if (variant !== null && !group.names.includes(variant.name)) group.names.push(variant.name);
    groups.set(run.state.id, group);
  }
  return [...groups.values()].map(({ run, names }) => ({ run, names: whole.has(run.state.id) ? [] : names }));
}

/** Whether `text` names a run (and not a variant). */
export async function isRun(store: Store, text: string): Promise<boolean> {
  return (await listRunIds(store)).includes(text);
}

function onlyVariantOf(run: RunReport): VariantState {
  const { id, variants } = run.state;
  const [only] = variants;
  if (only !== undefined && variants.length === 1) return only;
  throw new CopseError({
    code: 'run-named',
    exit: EXIT.usage,
    what: `${id} is a run with ${variants.length} variants.`,
    why: `It has ${variants.map(({ name }) => name).join(', ')}.`,
    hint: `Say which, for example: ${id}/${only?.name ?? 'dark'}`,
  });
}

function variantOf(run: RunReport, name: string): VariantState {
  const variant = run.state.variants.find((candidate) => candidate.name === name);
  if (variant !== undefined) return variant;
  throw new CopseError({
    code: 'no-such-variant',
    exit: EXIT.usage,
    what: `Run ${run.state.id} has no variant ${name}.`,
    why: `It has ${run.state.variants.map((candidate) => candidate.name).join(', ')}.`,
    hint: 'See all of them: copse status',
  });
}

function noSuchVariant(name: string, newest: RunReport): CopseError {
  const { id, variants } = newest.state;
  return new CopseError({
    code: 'no-such-variant',
    exit: EXIT.usage,
    what: `No run here has a variant ${name}.`,
    why: `The latest run, ${id}, has ${variants.map((variant) => variant.name).join(', ')}.`,
    hint: 'See all of them: copse status',
  });
}
