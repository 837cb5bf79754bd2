import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const SPECIFIER = /\b(?:from|import)\s*\(?\s*(['"`])(\.(?:(?!\1).)*)\1/g;

/**
 * Groups of files below `src` that import each other in a circle, each sorted, by path below `src`. An import of a type counts as well: who
 * reads one file has to read the others. What is only loaded when it is called (`import()`) counts too.
 */
export function importCycles(src: string): string[][] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const imports = new Map(files.map((file) => [file, importsOf(src, file)]));
  return circles(imports);
}

function importsOf(src: string, file: string): string[] {
  // Comments may show an import.
  const text = readFileSync(posix.join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(SPECIFIER)].map(([, , specifier = '']) => posix.join(posix.dirname(file), specifier));
}

/** Strongly connected components of more than one file (Tarjan), and files that import themselves. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!index.has(next)) {
        visit(next);
        low.set(file, Math.min(low.get(file) ?? 0, low.get(next) ?? 0));
      } else if (open.includes(next)) {
        low.set(file, Math.min(low.get(file) ?? 0, index.get(next) ?? 0));
      }
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1 || imports.get(file)?.includes(file) === true) found.push(circle.toSorted());
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return found.toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
}
