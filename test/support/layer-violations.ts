import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { MAY_IMPORT, PACKAGE_HOMES, PROCESS_HOMES } from './layers.ts';

/** Imports that may compute what they load, with what they load. */
const COMPUTED: Readonly<Record<string, string>> = { 'cli/start.ts': 'the bundles of the quick verbs, beside it in dist/' };

const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*(['"`])((?:(?!\1).)*)\1/g;
const COMPUTED_IMPORT = /\b(?:import|require)\s*\(\s*(?!\s*(['"])[^'"]*\1\s*[),])/;

/** Every import below `src` that the table of `layers.ts` forbids, one sentence each; paths are resolved, however they are spelt. */
export function layerViolations(src: string): string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => violationsOf(src, file.split(sep).join('/')));
}

function violationsOf(src: string, file: string): string[] {
  const text = withoutComments(readFileSync(join(src, file), 'utf8'));
  const folder = folderOf(file);
  const allowed = MAY_IMPORT[folder];
  if (allowed === undefined) return [`${file}: ${folder}/ is not in the table of layers`];
  const found: string[] = [];
  if (COMPUTED_IMPORT.test(text) && !(file in COMPUTED)) found.push(`${file}: a computed import escapes the layers`);
  for (const [, , specifier = ''] of text.matchAll(SPECIFIER)) {
    if (specifier.startsWith('.')) {
      const target = relative(src, resolve(dirname(join(src, file)), specifier))
        .split(sep)
        .join('/');
      if (target === '../package.json' && folder === 'cli') continue;
      const to = folderOf(target);
      if (target.startsWith('..')) found.push(`${file}: ${specifier} leaves src/`);
      else if (to !== folder && !allowed.includes(to)) found.push(`${file}: ${folder} must not import ${to} (${specifier})`);
    } else if (/^(node:)?process$/.test(specifier)) {
      // The global of the same name is the linter's, which knows code from text.
      if (!PROCESS_HOMES.includes(folder)) found.push(`${file}: ${folder} must not touch process`);
    } else {
      const name = specifier.split('/')[0] ?? '';
      const homes = PACKAGE_HOMES[name];
      if (homes !== undefined && !homes.includes(folder)) found.push(`${file}: only ${homes.join(' and ')} may import ${name}`);
    }
  }
  return found;
}

/** `src/main.ts` is a layer of its own. */
function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : path.replace(/\.ts$/, '');
}

/** Enough for our own sources: a `//` inside a string only hides the rest of that line from a check that looks at imports. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}])\/\/.*$/gm, '$1');
}
