import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { parseSync } from 'vite';

const MOST_LINES = 300;
const MOST_FILES = 20;
const MOST_PARAMETERS = 5;
/** One file for each verb. */
const VERBS = 'commands';

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number };

/** What in `src` is against the rules of size and naming, one sentence each. */
export function houseViolations(src: string): string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const texts = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
  return [...longFiles(texts), ...crowdedFolders(files), ...namesakes(files), ...longParameterLists(texts)].sort();
}

function longFiles(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MOST_LINES ? [`${file} has ${lines} lines, at most ${MOST_LINES} are allowed`] : [];
  });
}

function crowdedFolders(files: readonly string[]): string[] {
  const counts = Map.groupBy(files, (file) => dirname(file));
  return [...counts].flatMap(([folder, { length }]) =>
    length > MOST_FILES && folder !== VERBS ? [`${folder}/ has ${length} files, at most ${MOST_FILES} are allowed`] : [],
  );
}

/** Only a verb and what is for it in its station share a name: `commands/merge.ts`, `merge/merge.ts`. */
function namesakes(files: readonly string[]): string[] {
  const byName = Map.groupBy(
    files.filter((file) => dirname(file) !== VERBS),
    (file) => basename(file),
  );
  return [...byName].flatMap(([name, same]) => (same.length > 1 ? [`${name} occurs twice: ${same.sort().join(', ')}`] : []));
}

function longParameterLists(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([file, text]) => {
    const { program, errors } = parseSync(posix.basename(file), text);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
    const found: string[] = [];
    visit(program, (node) => {
      const params = node['params'];
      if (!Array.isArray(params) || params.length <= MOST_PARAMETERS) return;
      const line = text.slice(0, node.start).split('\n').length;
      found.push(`${file}:${line} takes ${params.length} parameters, at most ${MOST_PARAMETERS} are allowed`);
    });
    return found;
  });
}

function visit(value: unknown, use: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, use);
  else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) use(value);
    for (const inner of Object.values(value)) visit(inner, use);
  }
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string' && 'start' in value && typeof value.start === 'number';
}
