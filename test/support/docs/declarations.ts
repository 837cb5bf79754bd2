import { readFileSync } from 'node:fs';

/** Text of a file of the package, by its path from the top. */
export function sourceOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/**
 * Declarations of interfaces and types as they are in a source file, for readers: with their comments, without `export` and
 * `readonly`. Throws if one is missing, so that a renamed type fails the test instead of vanishing.
 */
export function declarations(path: string, names: readonly string[]): string {
  const source = sourceOf(path);
  return names.map((name) => declaration(source, name, path)).join('\n\n');
}

function declaration(source: string, name: string, path: string): string {
  const found = new RegExp(`^(?:/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?(?:export )?(interface|type) ${name}\\b`, 'm').exec(source);
  if (found === null) throw new Error(`${path} declares no ${name}`);
  const rest = source.slice(found.index);
  // Formatted code: an interface ends at a lone brace, a type at the first statement's end outside of any bracket.
  const end = found[1] === 'interface' ? rest.indexOf('\n}') + 2 : endOfType(rest, found[0].length);
  return rest
    .slice(0, end)
    .replace(/\bexport (interface|type)/, '$1')
    .replaceAll('readonly ', '');
}

function endOfType(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i] ?? '';
    if ('{[(<'.includes(character)) depth++;
    else if ('}])>'.includes(character)) depth--;
    else if (character === ';' && depth === 0) return i + 1;
  }
  throw new Error('a type has no end');
}

/** Words of a `new Set(` with one template text, as the allow-lists of environment variables are written. */
export function wordsOfSet(path: string, constant: string): readonly string[] {
  const match = new RegExp(`const ${constant} = new Set\\(\\s*\`([^\`]*)\``).exec(sourceOf(path));
  if (match === null) throw new Error(`${path} has no set ${constant}`);
  return (match[1] ?? '').trim().split(/\s+/);
}
