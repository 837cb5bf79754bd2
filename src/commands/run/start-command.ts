import { formatDuration } from '../../text/duration.ts';
import { shellWord } from '../../text/shell-word.ts';
import { PLANNING_OPTIONS, type PlanningOptions } from './planning.ts';

/** The `copse run` line that would execute what was planned with these options; `verb`: another line that takes them. */
export function startCommand(options: PlanningOptions, verb: readonly string[] = ['run']): string {
  const words = (Object.keys(PLANNING_OPTIONS) as (keyof typeof PLANNING_OPTIONS)[]).flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    if (typeof value === 'object') return value.flatMap((text) => [`--${name}`, text]);
    const isDuration = name === 'timeout' || name === 'idle-timeout';
    return [`--${name}`, isDuration ? formatDuration(Number(value)) : String(value)];
  });
  return ['copse', ...verb, ...options.variant, ...words].map(shellWord).join(' ');
}
