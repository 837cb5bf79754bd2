import { join } from 'node:path';
import { changedItsChecks } from '../checks/changed-checks.ts';
import { checkBase } from '../checks/check-base.ts';
import { checkVariant } from '../checks/check-variant.ts';
import { passedSecrets } from '../checks/command-environment.ts';
import { objectsGit } from '../git/door.ts';
import { fileChanges } from '../git/file-changes.ts';
import type { CommitId, TreeId } from '../model/ids.ts';
import type { CheckResult } from '../model/outcome.ts';
import { fails, newlyFails } from '../model/run-facts.ts';
import { withLock } from '../store/lock.ts';
import { readTail } from '../system/files.ts';
import { redactSecrets, stripControl } from '../system/sanitize.ts';
import { shellArgument } from '../system/shell-argument.ts';
import { mergeLine } from './merge-line.ts';
import type { MergeOptions, Onto, ToMerge } from './merge-options.ts';
import type { Refusal } from './refusal.ts';

export interface ResultChecked {
  readonly checks: readonly CheckResult[];
  readonly refusal: Refusal | null;
  readonly notes: readonly string[];
}

const NOTHING: ResultChecked = { checks: [], refusal: null, notes: [] };
const OUTPUT_BYTES = 4_000;
const OUTPUT_LINES = 20;

/**
 * The run's checks on what the target would be, in a scratch worktree, unless they passed on that very tree before. Protected paths
 * are the target's. Only a check that fails here and not on the target keeps the variant from landing.
 */
export async function checkResult(
  o: MergeOptions,
  onto: Onto,
  one: ToMerge,
  result: { readonly commit: CommitId; readonly tree: TreeId },
): Promise<ResultChecked> {
  const planned = one.plan.variants.find(({ name }) => name === one.name);
  if (o.noVerify || one.plan.verify.length === 0 || planned === undefined) return NOTHING;
  if (!(await o.approved(one.plan))) return { ...NOTHING, refusal: notApproved(o, one) };
  const plan = { ...one.plan, base: { ref: onto.branch, commit: onto.from } };
  const { repository, store, environment, portRegistry, signal } = o;
  const run = { plan, repository, store, environment, portRegistry, signal };
  // Two looks at once would run the same twice.
  return withLock(join(store.root, 'checks.lock'), { purpose: 'checks', waitMs: 3_600_000 }, async () => {
    const onStart = async (name: string): Promise<void> => o.onProgress(`${name} of ${one.label} on ${onto.branch}`);
    const found = await checkVariant({ ...run, variant: planned, ...result, own: null, fresh: false, onStart });
    signal.throwIfAborted();
    const weaker = await weakened(o, onto, one, result.commit);
    if (!found.checks.some(fails)) return { checks: found.checks, refusal: null, notes: weaker };
    const base = await checkBase({
      ...run,
      logOf: (name) => join(store.root, 'cache', 'base', plan.run, `${name.replace(/[^\w.-]/g, '-')}.log`),
      onStart: async (name) => o.onProgress(`${name} of ${onto.branch}`),
    });
    signal.throwIfAborted();
    const checks = found.checks.map((check) => {
      const status = base.checks.find(({ name }) => name === check.name)?.status ?? null;
      return { ...check, onBase: status === 'skipped' ? null : status };
    });
    const notes = base.failure === '' ? weaker : [...weaker, `The checks could not run on ${onto.branch}. ${base.failure}`];
    const failing = checks.filter(newlyFails);
    const [first] = failing;
    if (first === undefined) return { checks, refusal: null, notes };
    const output = await lastLines(found.logs[first.name], passedSecrets(planned.env, environment));
    return { checks, refusal: checksFail(o, onto, one, failing, checks, output), notes };
  });
}

/** A variant that changed what a check runs may pass it for that alone. */
async function weakened(o: MergeOptions, onto: Onto, one: ToMerge, commit: CommitId): Promise<readonly string[]> {
  const { verify, protect } = one.plan;
  const git = objectsGit(o.repository.commonDir);
  const [files = []] = await fileChanges(git, [{ from: onto.from, to: commit }]);
  const manifest = async (at: CommitId): Promise<string | null> => {
    const { text, exitCode } = await git.run(['cat-file', 'blob', `${at}:package.json`], { ok: [0, 128] });
    return exitCode === 0 ? text : null;
  };
  const manifests = { before: await manifest(onto.from), after: await manifest(commit) };
  const names = [...changedItsChecks({ checks: verify, protect, files, manifests }).keys()];
  if (names.length === 0) return [];
  return [
    `It changed what ${names.join(', ')} ${names.length === 1 ? 'runs: that pass proves' : 'run: these passes prove'} less.`,
  ];
}

async function lastLines(log: string | undefined, secrets: readonly string[]): Promise<string> {
  if (log === undefined) return '';
  const text = redactSecrets(stripControl(await readTail(log, OUTPUT_BYTES)), secrets);
  return text.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
}

function notApproved(o: MergeOptions, { label }: ToMerge): Refusal {
  return {
    code: 'not-trusted',
    what: `${label} was not checked: what its run executes is not approved any more.`,
    why: 'Checks are commands of the repository.',
    hint: `Look at them and approve, then repeat the command:\n  copse trust\n  ${mergeLine(o, [label])}`,
    precondition: true,
  };
}

function checksFail(
  o: MergeOptions,
  onto: Onto,
  { label }: ToMerge,
  failing: readonly CheckResult[],
  checks: readonly CheckResult[],
  output: string,
): Refusal {
  const names = failing.map(({ name }) => name).join(', ');
  const detail = failing.map(({ name, detail: text }) => `${name}: ${text}`).join('; ');
  return {
    code: 'checks-fail',
    what: `${label} would break ${onto.branch}: ${names} ${failing.length === 1 ? 'fails' : 'fail'} on the result.`,
    why: detail,
    hint: `Have it mended, or land it all the same:\n  copse retry ${label} -m ${shellArgument(`fix ${names}`)}\n  ${mergeLine(o, [label], { noVerify: true })}`,
    precondition: false,
    checks,
    output,
  };
}
