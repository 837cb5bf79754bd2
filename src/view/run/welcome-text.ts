import type { RunNow } from '../../model/run-state/run-choice.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { wrapWords } from '../kit/wrap.ts';
import { nextCommands } from './next-commands.ts';
import { isInterrupted, type StatusRun } from './run-word.ts';
import { statusText } from './status-text.ts';
import * as say from './welcome-messages.ts';

export interface WelcomeFacts {
  /** Runs worth showing, as a rule the live ones and the latest; empty the first time. */
  readonly runs: readonly StatusRun[];
  /** Version; null if it is missing. */
  readonly git: string | null;
  readonly claude: string | null;
  /** null: cannot be found out for free. */
  readonly loggedIn: boolean | null;
  /** null: not in a repository. */
  readonly repository: { readonly branch: string | null; readonly hasCommit: boolean } | null;
  /** Whether the default variants file is there. */
  readonly hasVariantsFile: boolean;
  /** Worktrees that copse did not create; shown if there are many. */
  readonly others?: { readonly count: number; readonly landed: number };
}

/** From so many on they are worth a line. */
export const MANY = 8;

function commandLines(list: readonly { label: string; command: string; note?: string }[], o: Screen): string[] {
  const style = styleFor(o);
  const width = Math.max(0, ...list.map((way) => way.command.length));
  return list.map(
    ({ label, command, note }) =>
      `  ${style.dim(label.padEnd(10))} ${command}${note === undefined || note === '' ? '' : `${' '.repeat(width - command.length)}   ${style.dim(note)}`}`,
  );
}

function readyLine(facts: WelcomeFacts, o: Screen): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const mark = (ok: boolean | null): string =>
    ok === null ? style.yellow(symbols.warning) : ok ? style.green(symbols.success) : style.red(symbols.failure);
  const parts: [boolean | null, string][] = [
    [facts.git !== null, say.git(facts.git)],
    [facts.claude !== null, say.claude(facts.claude)],
    ...(facts.claude === null ? [] : ([[facts.loggedIn, say.login(facts.loggedIn)]] as [boolean | null, string][])),
    facts.repository === null
      ? [false, say.noRepository]
      : facts.repository.hasCommit
        ? [true, say.branch(facts.repository.branch === null ? null : oneLine(facts.repository.branch))]
        : [false, say.noCommit],
  ];
  return `  ${parts.map(([ok, text]) => `${mark(ok)} ${text}`).join('   ')}`;
}

/** Bare `copse`: the first time what it is and three ways to start, later the state of runs and what to do next. */
export function welcomeText(
  facts: WelcomeFacts,
  o: Screen & {
    readonly now: Date;
    readonly commands: ReadonlySet<string>;
    readonly serves?: boolean;
    /** The state of the latest run's variants in git now. */
    readonly git?: RunNow;
    readonly fileFlag?: string;
  },
): string {
  const many = facts.others !== undefined && facts.others.count >= MANY && o.commands.has('prune') ? facts.others : undefined;
  const others = many === undefined ? [] : [`  ${say.others(many.count, many.landed)}`];
  const latest = facts.runs.at(-1);
  if (latest === undefined) {
    const begun = facts.hasVariantsFile
      ? [...(o.commands.has('plan') ? [say.planIt] : []), ...(o.commands.has('run') ? [say.runIt] : [])]
      : say.ways
          .filter((way) => o.commands.has(way.verb))
          .map((way) => (o.unicode ? way : { ...way, command: way.command.replace('…', '...') }));
    return [...wrapWords(say.what, o.columns), '', ...commandLines(begun, o), '', readyLine(facts, o), ...others].join('\n');
  }
  const live = facts.runs.filter((run) => run.state.phase.kind !== 'finished' && !isInterrupted(run));
  const next = [
    ...live.map((run) => say.watchIt(shellWord(run.state.id))).filter(() => o.commands.has('attach')),
    ...(latest.state.phase.kind === 'finished' ? nextCommands(latest.state, o) : []),
    ...(o.commands.has('status') ? [say.lookAround] : []),
  ];
  return [statusText(facts.runs, o), '', ...commandLines(next, o), ...others].join('\n');
}
