/** One simple command of a shell line: its words, without assignments before it, and the folder that a `cd` before it went to. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Relative to where the line starts; empty: there. */
  readonly folder: string;
}

const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  '!',
  'time',
  'exec',
  'command',
  '{',
  '}',
]);

/**
 * The simple commands of a line for `sh`, as far as they are visible without running it: lists, pipes, groups, `$(…)` and quoted text
 * in `sh -c`. Variables stay as they are written.
 */
export function shellCommands(line: string, folder = ''): readonly ShellCommand[] {
  const found: ShellCommand[] = [];
  let at = folder;
  for (const all of split(line)) {
    const words = [...all];
    while (words[0] !== undefined && (KEYWORDS.has(words[0]) || /^\w+=/.test(words[0]))) words.shift();
    const [program, ...rest] = words;
    if (program === undefined) continue;
    if (program === 'cd') at = joined(at, rest[0] ?? '');
    const inner = /^(?:ba|da|z|k)?sh$/.test(program) ? rest[rest.findIndex((word) => /^-[a-z]*c$/.test(word)) + 1] : undefined;
    if (inner !== undefined && rest.some((word) => /^-[a-z]*c$/.test(word))) found.push(...shellCommands(inner, at));
    else found.push({ words, folder: at });
  }
  return found;
}

/** A path from a folder, both from the top; `..` if it leads out of it. */
export function joined(folder: string, path: string): string {
  const steps: string[] = [];
  for (const step of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/');
}

/** Words by command; a redirection and the file after it belong to none. */
function split(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let skip = false;
  const endWord = (): void => {
    if (word !== null && !skip) words.push(word);
    if (word !== null) skip = false;
    word = null;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
    skip = false;
  };
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (char === "'") {
      const end = line.indexOf("'", i + 1);
      word = (word ?? '') + line.slice(i + 1, end < 0 ? line.length : end);
      i = end < 0 ? line.length : end;
    } else if (char === '"') {
      let text = '';
      for (i += 1; i < line.length && line.charAt(i) !== '"'; i += 1) {
        if (line.charAt(i) === '\\') i += 1;
        text += line.charAt(i);
      }
      // The commands of a substitution in it are examined too.
      for (const [, inner = ''] of text.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g))
        commands.push(...split(inner).map((one) => [...one]));
      word = (word ?? '') + text;
    } else if (char === '\\') {
      i += 1;
      if (line.charAt(i) !== '\n') word = (word ?? '') + line.charAt(i);
    } else if (char === ' ' || char === '\t') endWord();
    else if (char === '#' && word === null) i = Math.max(i, line.indexOf('\n', i) < 0 ? line.length : line.indexOf('\n', i) - 1);
    else if (char === '>' || char === '<') {
      // `2>&1`: the number is part of it.
      if (word !== null && /^\d+$/.test(word)) word = null;
      endWord();
      while ('<>&|'.includes(line.charAt(i + 1)) && line.charAt(i + 1) !== '') i += 1;
      skip = true;
    } else if (';&|()`\n'.includes(char)) endCommand();
    else if (char === '$' && line.charAt(i + 1) === '(') {
      endCommand();
      i += 1;
    } else word = (word ?? '') + char;
  }
  endCommand();
  return commands;
}
