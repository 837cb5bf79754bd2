import { isBareBash } from '../config/variants/restricted.ts';

/**
 * One entry of `allowedTools` can hold several rules: Claude Code splits its `--allowedTools` at commas and spaces outside of
 * parentheses (`claude --help`), so `"Read,Bash"` grants Bash.
 */
export function splitToolRules(entry: string): readonly string[] {
  const rules: string[] = [];
  let depth = 0;
  let rule = '';
  for (const character of entry) {
    if (character === '(') depth += 1;
    if (character === ')') depth = Math.max(0, depth - 1);
    if (depth === 0 && /[\s,]/.test(character)) {
      rules.push(rule);
      rule = '';
    } else rule += character;
  }
  rules.push(rule);
  return rules.filter((text) => text !== '');
}

/** Whether an entry lets every command run: `Bash`, `Bash(*)`, `Bash(:*)`, `*`. */
export function allowsEveryCommand(entry: string): boolean {
  return splitToolRules(entry).some((rule) => rule === '*' || isBareBash(rule));
}
