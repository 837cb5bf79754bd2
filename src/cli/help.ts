import type { Screen } from '../commands/command.ts';
import { typedVerbs } from '../commands/registry.ts';
import { styleFor } from '../view/kit/style.ts';
import { padEnd } from '../view/kit/width.ts';
import { wrapWords } from '../view/kit/wrap.ts';

const INTRODUCTION =
  'Runs several approaches to one task side by side, each in its own git worktree and branch, with an isolated headless Claude Code.';

/** `copse --help`: the verbs in their groups, from the registry alone. */
export function helpText(screen: Screen): string {
  const style = styleFor(screen);
  const verbs = typedVerbs();
  const usage = (verb: { name: string; usage: string }) => `${verb.name}${verb.usage === '' ? '' : ` ${verb.usage}`}`;
  // A column of usages and one of summaries; if that leaves too little room, the summary is below.
  const column = Math.max(...verbs.map((verb) => usage(verb).length)) + 4;
  const beside = screen.columns - column >= 28;
  const lines = [...wrapWords(INTRODUCTION, screen.columns), ''];
  for (const group of new Set(verbs.map((verb) => verb.group))) {
    lines.push(style.bold(group ?? ''));
    for (const verb of verbs.filter((candidate) => candidate.group === group)) {
      const indent = beside ? column : 6;
      const summary = wrapWords(verb.summary, Math.max(20, screen.columns - indent));
      const first = `  ${usage(verb)}`;
      lines.push(beside ? padEnd(first, column) + (summary[0] ?? '') : first);
      lines.push(...summary.slice(beside ? 1 : 0).map((line) => ' '.repeat(indent) + line));
    }
    lines.push('');
  }
  lines.push('  copse                  state of your runs, next steps');
  lines.push('  copse <command> --help options and examples of one command');
  lines.push('  copse --version', '');
  lines.push('--no-color, NO_COLOR and CI turn colours and animation off.');
  return `${lines.join('\n')}\n`;
}
