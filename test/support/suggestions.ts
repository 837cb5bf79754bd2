import { stripVTControlCharacters } from 'node:util';
import { checkOptions } from '../../src/cli/check-options.ts';
import { readCommandLine, takeGlobalFlags } from '../../src/cli/command-line.ts';
import { readOptions } from '../../src/cli/read-options.ts';
import { CopseError } from '../../src/model/errors.ts';

/*
 * Commands that copse proposes in its output: next steps (`  Land      copse merge dark`), lines of a hint that are a command, and
 * what follows a colon in a sentence (`Bring it back: copse undo`).
 */

const BEGINS = /(?:^[ \t]+|[ \t]{2,}|: |; or |\$ )(?=(?:copse|git|cd) )/g;
/** The words after a command in a sentence. */
const ENDS = / {3,}| \(|; |, then |\. [A-Z]|\.$/;

export interface Suggestion {
  readonly command: string;
  /** The line it is in. */
  readonly line: string;
}

export function suggestionsIn(text: string): Suggestion[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .flatMap(unpacked)
    .flatMap((line) =>
      [...line.matchAll(BEGINS)].flatMap(({ index, 0: before }) => {
        const rest = line.slice(index + before.length);
        const quoted = /^(?:[^"';(.]|"[^"]*"|'[^']*'|\.(?! [A-Z]|$)|\((?!.*\) ))+/.exec(rest)?.[0] ?? '';
        const command = (quoted.split(ENDS)[0] ?? '').trim();
        // `copse serve has ended` is no command.
        return isProse(command) ? [] : [{ command, line }];
      }),
    );
}

/** The lines within a line of JSON; any other line is itself. */
function unpacked(line: string): readonly string[] {
  if (!/^[[{].*[\]}]$/.test(line)) return [line];
  try {
    return stringsIn(JSON.parse(line)).flatMap((text) => text.split('\n'));
  } catch {
    // Text in brackets.
    return [line];
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const isProse = (command: string): boolean =>
  /^(copse|git|cd) \w+( \w+)? +(has|had|is|was|will|does|works|knows|refuses|tells|changed)\b|^copse (has|is|did|can|made|writes)\b/.test(
    command,
  );

/** Whether it holds words that only a person has. */
export function hasBlank({ command }: Suggestion): boolean {
  return /…|\.\.\.|<[a-z ]+>/.test(command);
}

/** The words of a command line that holds nothing but words and quotes; null: it is more than that. */
export function wordsOf(command: string): string[] | null {
  if (/[|&;`]|\$\(/.test(command.replace(/'[^']*'/g, ''))) return null;
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}

/** Why copse would not even understand it; null: it would. */
export async function misspelt({ command }: Suggestion): Promise<string | null> {
  const words = wordsOf(command);
  if (words === null || words[0] !== 'copse') return null;
  try {
    const asked = readCommandLine(takeGlobalFlags(words.slice(1)).rest);
    if (asked.kind !== 'run') return null;
    const { command: verb } = await asked.verb.load();
    checkOptions(asked.verb, verb, await readOptions(asked.args, verb.options));
    return null;
  } catch (error) {
    if (error instanceof CopseError) return `${error.message} ${(error.problems ?? []).map(({ what }) => what).join(' ')}`;
    throw error;
  }
}
