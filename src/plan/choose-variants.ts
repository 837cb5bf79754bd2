import type { Problem } from '../model/errors.ts';
import type { VariantName } from '../model/ids.ts';
import type { VariantDeclaration, VariantsFile } from '../model/variants-file.ts';

export interface ChosenVariants {
  /** In the file's order. */
  readonly variants: readonly VariantDeclaration[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** The named variants and their needs; all if none is named. */
export function chooseVariants(file: VariantsFile, only: readonly VariantName[]): ChosenVariants {
  const byName = new Map(file.variants.map((variant) => [variant.name, variant]));
  const problems: Problem[] = [];
  for (const name of new Set(only)) {
    if (!byName.has(name)) {
      problems.push({
        what: `There is no variant ${name}.`,
        fix: `Choose one of these: ${[...byName.keys()].join(', ')}.`,
        variant: name,
      });
    }
  }
  for (const variant of file.variants) {
    for (const need of variant.needs ?? []) {
      if (byName.has(need)) continue;
      problems.push({
        what: `Variant ${variant.name} needs ${need}, which does not exist.`,
        fix: `Choose one of these: ${[...byName.keys()].filter((name) => name !== variant.name).join(', ')}.`,
        variant: variant.name,
        path: `variants.${variant.name}.needs`,
      });
    }
  }
  const cycle = findCycle(byName);
  if (cycle !== null) {
    problems.push({
      what: `These variants wait for each other: ${cycle.join(' → ')}.`,
      fix: 'Remove one of these needs.',
      variant: cycle[0] ?? '',
      path: `variants.${cycle[0] ?? ''}.needs`,
    });
  }

  const wanted = new Set<VariantName>(only.length === 0 ? byName.keys() : only);
  const warnings: string[] = [];
  // A Set iterates over what is added meanwhile: needs of needs come along.
  for (const name of wanted) {
    for (const need of byName.get(name)?.needs ?? []) {
      if (wanted.has(need) || !byName.has(need)) continue;
      wanted.add(need);
      warnings.push(`${name} needs ${need}: ${need} runs too.`);
    }
  }
  return { variants: file.variants.filter((variant) => wanted.has(variant.name)), problems, warnings };
}

/** A cycle in `needs` as a path that ends where it began, or null. */
function findCycle(byName: ReadonlyMap<VariantName, VariantDeclaration>): readonly VariantName[] | null {
  const done = new Set<VariantName>();
  const path: VariantName[] = [];
  const visit = (name: VariantName): readonly VariantName[] | null => {
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    if (done.has(name)) return null;
    path.push(name);
    for (const need of byName.get(name)?.needs ?? []) {
      const cycle = visit(need);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(name);
    return null;
  };
  for (const name of byName.keys()) {
    const cycle = visit(name);
    if (cycle !== null) return cycle;
  }
  return null;
}
