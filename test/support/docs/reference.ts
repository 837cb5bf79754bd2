import { commandsText } from './commands.ts';
import { environmentText } from './environment-variables.ts';
import { exitCodesText } from './exit-codes.ts';
import { jsonText } from './json-shapes.ts';
import { settingsText } from './settings-keys.ts';

/** `docs/reference.md`, from the code. */
export async function referenceText(): Promise<string> {
  return `# Reference

<!-- Written by \`npm run docs\` from the code. Do not edit. -->

## Commands

\`copse\` alone shows where you stand and what to do next. \`copse <verb> --help\` shows what stands here. \`--no-color\` goes with every verb.

A variant is \`dark\`, which is the one of the latest run that has it, or \`ui-2/dark\`. stdout carries the answer, stderr the narration and the
live view. Amounts in dollars are like \`2.50\`, durations like \`90s\`, \`45m\`, \`2h\`.

${await commandsText()}

## Exit codes

${exitCodesText()}

## Settings

Of the repository: the first of \`.worktreerc\`, \`.worktreerc.json\`, \`.yaml\`, \`.yml\`, the same below \`.config/\` without the dot, or \`worktree\` in
\`package.json\`. Yours, for all repositories: \`~/.config/copse/config.yaml\`. The same keys in both; data, never code.

Flag > variant > \`defaults\` > variants file > repository > person > built in. \`copse config\` shows what holds and where it comes from.

${settingsText()}

## Environment variables

${environmentText()}

## JSON

Keys are added, never renamed or taken away. Every key is always there; what is not known is null. Times are ISO 8601 in UTC, amounts US
dollars, and \`schema\` is 1. The types are TypeScript.

${jsonText()}
`;
}
