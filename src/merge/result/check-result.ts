import { join } from 'node:path';
import { type ChangedChecks, changedBy, NOTHING_CHANGED } from '../../checks/changed/changed-by.ts';
import { type BaseChecks, checkBase } from '../../checks/check-base.ts';
import { checkVariant } from '../../checks/check-variant.ts';
import type { CheckedRun } from '../../checks/checked-run.ts';
import { passedSecrets } from '../../checks/command-environment.ts';
import { approvalLine, planTrust } from '../../config/trust/plan-approval.ts';
import { whileAgentsWork } from '../../git/guard/while-agents-work.ts';
import { fileChanges } from '../../git/objects/file-changes.ts';
import { objectsGit } from '../../git/spawn/git-in.ts';
import { blocks, type CheckResult } from '../../model/evidence/check.ts';
import type { CommitId, TreeId } from '../../model/ids.ts';
import { withLock } from '../../store/lock.ts';
import { readTail } from '../../system/files.ts';
import { some } from '../../text/lists.ts';
import { plainText } from '../../text/plain-text.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import { shellWord } from '../../text/shell-word.ts';
import { mergeLine } from '../merge-line.ts';
import type { MergeOptions, Onto, ToMerge } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';

export interface ResultChecked {
  readonly checks: readonly CheckResult[];
  readonly refusal: Refusal | null;
  readonly notes: readonly string[];
}

const NOTHING: ResultChecked = { checks: [], refusal: null, notes: [] };
const OUTPUT_BYTES = 4_000;
const OUTPUT_LINES = 20;

/**
 * The run's checks on the future target, in a scratch worktree, unless they passed on that very tree before. Protected paths
 * are the target's. Only a check that fails here and not on the target keeps the variant from being merged.
 */
export async function checkResult(
  o: MergeOptions,
  onto: Onto,
  one: ToMerge,
  result: { readonly commit: CommitId; readonly tree: TreeId },
): Promise<ResultChecked> {
  const planned = one.plan.variants.find(({ name }) => name === one.name);
  if (o.noVerify || one.plan.verify.length === 0 || planned === undefined) return NOTHING;
  if (!(await o.approved(one.plan))) return { ...NOTHING, refusal: await notApproved(o, one) };
  const plan = { ...one.plan, base: { ref: onto.branch, commit: onto.from } };
  const { repository, store, environment, portRegistry, signal } = o;
  const run = { plan, repository, store, environment, portRegistry, signal };
  // Two looks at once would run the same twice.
  const looking = { purpose: 'checks', waitMs: 3_600_000 };
  const look = async (): Promise<ResultChecked> => {
    const onStart = async (name: string): Promise<void> => o.onProgress(`${name} of ${one.label} on ${onto.branch}`);
    const [files = []] = await fileChanges(objectsGit(repository.commonDir), [{ from: onto.from, to: result.commit }]);
    const looked = [{ start: onto.from, tip: result.commit, files }];
    const [changed = NOTHING_CHANGED] = await changedBy({ plan, commonDir: repository.commonDir }, looked);
    const base = onTarget(o, onto, run);
    const found = await checkVariant({
      ...run,
      variant: planned,
      ...result,
      own: null,
      fresh: false,
      base: async (name) => (await base()).checks.find(({ check }) => check.name === name) ?? null,
      against: 'deciding',
      former: 'claims',
      changed,
      onStart,
    });
    signal.throwIfAborted();
    const { checks } = found;
    const notes = weakened(checks, changed);
    const failing = checks.filter(blocks);
    const [first] = failing;
    if (first === undefined) return { checks, refusal: null, notes };
    const output = await lastLines(found.logs[first.name], passedSecrets(planned.env, environment));
    return { checks, refusal: checksFail(o, { onto, one, failing, checks, output }), notes };
  };
  return withLock(join(store.root, 'checks.lock'), looking, () => whileAgentsWork(repository, look));
}

/** The checks on the target, when they are needed. */
function onTarget(o: MergeOptions, onto: Onto, run: CheckedRun): () => Promise<BaseChecks> {
  let known: Promise<BaseChecks> | null = null;
  return () => {
    known ??= checkBase({
      ...run,
      logOf: (name) => join(o.store.root, 'cache', 'base', run.plan.run, `${name.replace(/[^\w.-]/g, '-')}.log`),
      onStart: async (name) => o.onProgress(`${name} of ${onto.branch}`),
    });
    return known;
  };
}

/** A variant that changed what a check runs may pass it for that alone. */
function weakened(checks: readonly CheckResult[], changed: ChangedChecks): readonly string[] {
  return checks
    .filter(({ status, former, name }) => status === 'passed' && former !== 'passed' && changed.files.has(name))
    .map(({ name }) => `It changed ${some(changed.files.get(name) ?? [])}, which ${name} runs: that pass is weaker evidence.`);
}

async function lastLines(log: string | undefined, secrets: readonly string[]): Promise<string> {
  if (log === undefined) return '';
  const text = redactSecrets(plainText(await readTail(log, OUTPUT_BYTES)), secrets);
  return text.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
}

async function notApproved(o: MergeOptions, { label, plan }: ToMerge): Promise<Refusal> {
  const line = approvalLine(plan, await planTrust(plan, o.environment));
  return {
    code: 'not-trusted',
    what: `${label} was not checked: the commands of its run are no longer approved.`,
    why: 'Checks are commands of the repository.',
    hint: `Review and approve them:\n  ${line}\nThen repeat the command:\n  ${mergeLine(o, [label])}`,
    precondition: true,
  };
}

function checksFail(
  o: MergeOptions,
  {
    onto,
    one: { label },
    failing,
    checks,
    output,
  }: {
    readonly onto: Onto;
    readonly one: ToMerge;
    readonly failing: readonly CheckResult[];
    readonly checks: readonly CheckResult[];
    readonly output: string;
  },
): Refusal {
  const names = failing.map(({ name }) => name).join(', ');
  const detail = failing.map(({ name, detail: text }) => `${name}: ${text}`).join('; ');
  return {
    code: 'checks-fail',
    what: `${label} would break ${onto.branch}: ${names} ${failing.length === 1 ? 'fails' : 'fail'} on the result.`,
    why: detail,
    hint: failing.every(couldNotRun) ? correctThem(o, label) : fixIt(o, label, names),
    precondition: false,
    checks,
    output,
  };
}

function fixIt(o: MergeOptions, label: string, names: string): string {
  return `Have its agent fix it:\n  copse retry ${label} -m ${shellWord(`fix ${names}`)}\nOr merge it anyway:\n  ${mergeLine(o, [label], { noVerify: true })}`;
}

/** No agent can fix a check that cannot run. */
function correctThem(o: MergeOptions, label: string): string {
  const checks = o.checks.length === 0 ? ['--checks'] : o.checks;
  return `Correct the check in the variants file:\n  ${mergeLine(o, [label], { checks })}\nOr merge it anyway:\n  ${mergeLine(o, [label], { noVerify: true })}`;
}

function couldNotRun({ status, onBase }: CheckResult): boolean {
  return status === 'could-not-run' && onBase === 'could-not-run';
}
