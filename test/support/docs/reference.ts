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

Plain \`copse\` shows the state of your runs and what to do next. \`copse <command> --help\` shows the same text as this page. Every command takes \`--no-color\`.

Name a variant \`dark\` (in the latest run that has it) or \`ui-2/dark\`. Answers go to stdout, progress and the live view to stderr. Amounts are in dollars, like
\`2.50\`; durations are like \`90s\`, \`45m\`, \`2h\`.

${await commandsText()}

## Exit codes

${exitCodesText()}

## Settings

The repository's settings are in the first of \`.worktreerc\`, \`.worktreerc.json\`, \`.worktreerc.yaml\`, \`.worktreerc.yml\`, the same names in \`.config/\` without the dot, or \`worktree\` in
\`package.json\`. Your own, for all repositories, are in \`~/.config/copse/config.yaml\`. Both take the same keys; they are data, never code.

The strongest source wins: flag > variant > \`defaults\` > variants file > repository > person > built in. \`copse config\` shows each value and its source.

${settingsText()}

## Environment variables

${environmentText()}

## JSON

Keys are added, never renamed or removed. Every key is always present; unknown values are null. Times are ISO 8601 in UTC, amounts are US
dollars, and \`schema\` is 1. The types are TypeScript.

${jsonText()}
`;
}
