import type { Problem } from '../../model/errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { DataDocument, KeyPath } from '../document/document-positions.ts';
import { keyPathText, knownKeys } from '../document/schema-problems.ts';
import type { DeclaredVariant } from './each.ts';
import { branchTemplateProblem } from './name-template.ts';
import { nameProblem, slugOf } from './names.ts';
import { varsIn } from './prompt-vars.ts';
import { MOST_VARIANTS, variantsFileSchema } from './variants-schema.ts';

/** Problems that no schema can see: equal names, needs, variables. */

/** Keys of `variants`, whatever the rest of the file is like. Keys with `{{…}}` are for `each`. */
export function nameProblems(document: DataDocument): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  const schema = variantsFileSchema();
  const variantKeys = new Set(knownKeys(schema, ['variants', 'x']));
  // If the file has that key at its top as well, a variant of that name is meant.
  const fileKeys = new Set(knownKeys(schema, []).filter((key) => !document.keys([]).includes(key)));
  // The schema refuses more.
  for (const name of document.keys(['variants']).slice(0, MOST_VARIANTS)) {
    if (varsIn(name).length > 0) {
      if (!document.keys([]).includes('each')) {
        problems.push(
          at(
            document,
            ['variants', name],
            `${JSON.stringify(name)} needs each, which supplies its values.`,
            'Add each at the top, or remove the braces.',
          ),
        );
      }
      continue;
    }
    const folded = name.normalize('NFC').toLowerCase();
    const twin = seen.get(folded);
    seen.set(folded, name);
    const why = nameProblem(name);
    const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
    if (twin !== undefined) {
      const what = `${JSON.stringify(twin)} and ${shown} are the same name on file systems that ignore case or normalise accents.`;
      problems.push(at(document, ['variants', name], what, 'Rename one of them.'));
    } else if (variantKeys.has(name)) {
      const what = `${JSON.stringify(name)} is a key of a variant, but here it is the name of a variant. Is it indented too little?`;
      problems.push(at(document, ['variants', name], what, 'Indent it below its variant, or rename the variant.'));
    } else if (fileKeys.has(name)) {
      const what = `${JSON.stringify(name)} is a key of the file, but here it is the name of a variant. Is it indented too much?`;
      problems.push(at(document, ['variants', name], what, 'Move it to the left margin, or rename the variant.'));
    } else if (why !== null) {
      const slug = slugOf(name);
      problems.push(at(document, ['variants', name], `${shown} ${why}.`, slug === null ? undefined : `For example: ${slug}`));
    }
  }
  return problems;
}

/** Needs that do not exist, and cycles among the rest. */
export function needsProblems(document: DataDocument, variants: readonly DeclaredVariant[]): Problem[] {
  const names = variants.map((variant) => variant.name);
  const problems: Problem[] = [];
  const reported = new Set<string>();
  const graph = new Map<string, string[]>();
  for (const variant of variants) {
    const needs = needsOf(variant);
    graph.set(
      variant.name,
      needs.filter((need) => names.includes(need)),
    );
    needs.forEach((need, index) => {
      if (names.includes(need) || reported.has(`${variant.key}\0${need}`)) return;
      reported.add(`${variant.key}\0${need}`);
      const near = nearest(need, names);
      const what = `${variant.name} needs ${JSON.stringify(need)}, which is not a variant of this file.`;
      problems.push(
        at(
          document,
          ['variants', variant.key, 'needs', index],
          what,
          near === null ? `Variants: ${names.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
        ),
      );
    });
  }
  const cycle = findCycle(graph);
  if (cycle !== null) {
    const key = variants.find((variant) => variant.name === cycle[0])?.key ?? '';
    const what = cycle.length === 2 ? `${cycle[0]} needs itself.` : `These variants wait for each other: ${cycle.join(' → ')}.`;
    problems.push(at(document, ['variants', key, 'needs'], what, 'Remove one need.'));
  }
  return problems;
}

/** The needs, if the value is a map with a list of texts; the schema reports anything else. */
export function needsOf(variant: { readonly value: unknown }): readonly string[] {
  const { value } = variant;
  if (typeof value !== 'object' || value === null || !('needs' in value) || !Array.isArray(value.needs)) return [];
  return value.needs.filter((need): need is string => typeof need === 'string');
}

/** `{{name}}` without a value in the text at `path`. */
export function variableProblems(
  document: DataDocument,
  path: KeyPath,
  text: string | undefined,
  vars: Readonly<Record<string, string>>,
): Problem[] {
  const unknown = [...new Set(varsIn(text ?? ''))].filter((name) => !Object.hasOwn(vars, name));
  return unknown.map((name) => {
    const near = nearest(name, Object.keys(vars));
    const fix = `${near === null ? `Define ${name} under vars` : `Did you mean {{${near}}}?`}${near === null ? ', or write' : ' For literal braces write'} \\{{${name}}}${near === null ? ' for literal braces.' : '.'}`;
    return at(document, path, `{{${name}}} has no value here.`, fix);
  });
}

/** Names and branches that `each` made. */
export function madeProblems(document: DataDocument, variants: readonly DeclaredVariant[]): Problem[] {
  return variants
    .filter((variant) => variant.name !== variant.key)
    .flatMap((variant) => {
      const path = ['variants', variant.key];
      const why = nameProblem(variant.name);
      const branch = typeof variant.value === 'object' ? variant.value?.branch : undefined;
      const branchWhy = branch === undefined ? null : branchTemplateProblem(branch, { distinct: false });
      return [
        ...(why === null ? [] : [at(document, path, `each creates the name ${JSON.stringify(variant.name)}, which ${why}.`)]),
        ...(branchWhy === null ? [] : [at(document, [...path, 'branch'], `each creates the branch ${branch}. ${branchWhy}`)]),
      ];
    });
}

function at(document: DataDocument, path: KeyPath, what: string, fix?: string): Problem {
  return { what, path: keyPathText(path), position: document.keyPosition(path), ...(fix === undefined ? {} : { fix }) };
}

/** A cycle of needs, as the names along it with the first one again at the end; null if there is none. */
function findCycle(needs: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  for (const start of needs.keys()) {
    // An explicit stack: a chain of 200 needs must not depend on the caller's.
    const path: string[] = [];
    const stack: { name: string; rest: string[] }[] = [];
    const enter = (name: string): void => {
      path.push(name);
      stack.push({ name, rest: [...(needs.get(name) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        done.add(top.name);
        stack.pop();
        path.pop();
      } else if (path.includes(next)) {
        return [...path.slice(path.indexOf(next)), next];
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return null;
}
