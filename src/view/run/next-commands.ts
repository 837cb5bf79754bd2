import { blocks } from '../../model/evidence/check.ts';
import { mergeable, NOTHING_MOVED, needsOf, type RunNow, retryHelps } from '../../model/run-state/run-choice.ts';
import { isGood, landingOf, waitsForResume } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { isFinished } from '../kit/variant-facts.ts';
import * as say from './summary-messages.ts';

export interface NextCommand {
  readonly label: string;
  /** To be pasted as it is. */
  readonly command: string;
}

const words = (names: readonly string[]): string => names.map(shellWord).join(' ');

/** As it is typed: with the run if there is a newer one. */
function addressIn(state: RunState, { isOlder }: RunNow): (name: string) => string {
  return (name) => (isOlder ? `${state.id}/${name}` : name);
}

function correct(bad: readonly VariantState[], address: (name: string) => string): string | null {
  if (bad.length === 0) return null;
  const only = bad.length === 1 ? bad[0] : undefined;
  const checks = (only?.checks ?? []).filter(blocks).map((check) => oneLine(check.name));
  // A message is sent to all that are named: it is suggested only if a single variant fails its checks.
  const message = checks.length === 0 ? '' : ` -m ${shellWord(say.correction(checks))}`;
  return `copse retry ${words(bad.map(({ name }) => address(name)))}${message}`;
}

/** The command that shows the rest of what went wrong; null: nothing ran. */
function logsOf(variant: VariantState, address: (name: string) => string): string | null {
  const { attempts, checks, created } = variant;
  const logs = `copse logs ${shellWord(address(variant.name))}`;
  // With a worktree and without an attempt, it is the set-up that failed.
  if (attempts.length === 0) return created === null ? null : `${logs} --setup`;
  const check = checks.find(blocks);
  return check === undefined ? logs : `${logs} --check ${shellWord(oneLine(check.name))}`;
}

/** The next commands for the state of a run, most likely first, only of the verbs in `commands`. */
export function nextCommands(
  state: RunState,
  o: {
    readonly commands: ReadonlySet<string>;
    readonly look?: string;
    /** Its plan has a serve command: the first thing to look at. */
    readonly serves?: boolean;
    /** The state of its variants in git now. */
    readonly git?: RunNow;
    /** ` -f other.yaml` if the run is of a file that has to be named. */
    readonly fileFlag?: string;
  },
): NextCommand[] {
  const now = o.git ?? NOTHING_MOVED;
  // A variant that landed or was removed needs no choice or correction.
  const here = state.variants.filter((v) => landingOf(v) === null && v.removed === null && !now.contained.has(v.name));
  const changed = mergeable(state, now);
  const bad = here.filter((v) => isFinished(v) && !isGood(v) && !(v.phase.kind === 'finished' && v.phase.outcome === 'skipped'));
  const address = addressIn(state, now);
  const run = now.isOlder ? ` ${shellWord(state.id)}` : '';
  const looked = changed[0] ?? bad.find((v) => v.changes.files > 0);
  const [best] = changed;
  const all: (NextCommand & { verb: string })[] = [];
  const add = (verb: string, label: string, command: string | null): void => {
    if (command !== null && o.commands.has(verb)) all.push({ verb, label, command });
  };
  const queued = state.variants.filter((v) => v.phase.kind === 'queued').length;
  const unchecked = state.phase.kind === 'finished' && state.phase.fatal === 'checks-cannot-run';
  if (unchecked) add('plan', say.labels.look, `copse plan --check${o.fileFlag ?? ''}`);
  if (queued > 0) add('resume', say.labels.goOn, `copse resume ${shellWord(state.id)}`);
  if (queued === 0 && state.variants.some((v) => (landingOf(v) !== null || now.contained.has(v.name)) && v.removed === null)) {
    add('prune', say.labels.clear, 'copse prune');
  }
  if (state.variants.length > 1 && here.some((v) => isFinished(v) && v.changes.files > 0))
    add('compare', say.labels.choose, `copse compare${run}`);
  // If the budget is used up, a retry ends at once; if no check can run, nothing could judge its result.
  if (!unchecked)
    add(
      'retry',
      say.labels.correct,
      correct(
        bad.filter((v) => retryHelps(v, state) === true && !now.gone.has(v.name)),
        address,
      ),
    );
  add('logs', say.labels.read, bad.map((v) => logsOf(v, address)).find((command) => command !== null) ?? null);
  const served = looked !== undefined && o.serves === true && o.commands.has('serve');
  if (served) add('serve', say.labels.look, `copse serve${run}`);
  else if (looked !== undefined)
    add('exec', say.labels.look, `copse exec ${shellWord(address(looked.name))} -- ${o.look ?? 'git show'}`);
  if (best !== undefined)
    add('merge', say.labels.merge, `copse merge ${words([...(needsOf(best, state, now) ?? []), best.name].map(address))}`);
  return all.map(({ label, command }) => ({ label, command }));
}

/** The next command for one variant, for `status --json`; null if nothing has to be done. */
export function nextFor(variant: VariantState, state: RunState): string | null {
  const { phase } = variant;
  if (phase.kind === 'queued') return waitsForResume(variant, state) ? `copse resume ${shellWord(state.id)}` : null;
  if (retryHelps(variant, state) !== true) return null;
  return `copse retry ${shellWord(`${state.id}/${variant.name}`)}`;
}
