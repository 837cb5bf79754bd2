import { shellWord } from '../../text/shell-word.ts';

/** The options of a prune; those that only show (`--dry-run`, `--json`) or answer (`--yes`) are left out. */
export interface PruneTyped {
  readonly variant: readonly string[];
  readonly run?: string | undefined;
  readonly all: boolean;
  readonly older?: string | undefined;
  readonly others: boolean;
  readonly fetch: boolean;
  readonly purge: boolean;
  readonly 'skip-teardown': boolean;
}

/** The command as it was typed: to be pasted with `--yes`, and for `undo --list`. Any option left out would remove more, or less. */
export function pruneLine(options: PruneTyped): string {
  return [
    'copse prune',
    ...options.variant.map(shellWord),
    ...(options.run === undefined ? [] : ['--run', shellWord(options.run)]),
    ...(options.all ? ['--all'] : []),
    ...(options.older === undefined ? [] : ['--older', shellWord(options.older)]),
    ...(['others', 'fetch', 'purge', 'skip-teardown'] as const).flatMap((name) => (options[name] ? [`--${name}`] : [])),
  ].join(' ');
}
