import { basename, join } from 'node:path';
import * as z from 'zod/mini';
import type { Problem } from '../../model/errors.ts';
import type { VariantDeclaration, VariantOptions, VariantsFile } from '../../model/variants-file.ts';
import { parseDuration } from '../../text/duration.ts';
import { asHeld } from '../as-held.ts';
import { readDocument } from '../document/document.ts';
import type { DataDocument } from '../document/document-positions.ts';
import { schemaProblems, sortByPlace } from '../document/schema-problems.ts';
import { type DeclaredVariant, declaredVariants } from './each.ts';
import { toJudge, toMetrics } from './evidence-schema.ts';
import { copyRules } from './fields.ts';
import { toServe } from './serve-schema.ts';
import { madeProblems, nameProblems, needsOf, needsProblems, variableProblems } from './variants-checks.ts';
import { type OptionsInput, type VariantInput, type VariantsFileInput, variantsFileSchema } from './variants-schema.ts';
import { toChecks } from './verify-schema.ts';

export type LoadedVariantsFile =
  | { readonly ok: true; readonly file: VariantsFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a variants file and makes its variants (`each`). All that is wrong comes at once, in the order of the file.
 * `root`: top of the checkout, to which globs and tables of `each` are relative.
 */
export async function loadVariantsFile(path: string, o: { readonly root: string }): Promise<LoadedVariantsFile> {
  const read = await readDocument(path);
  if (!read.ok) {
    return {
      ok: false,
      problems: read.problems,
    };
  }
  return checkVariantsFile(read.document, o.root);
}

/** {@link loadVariantsFile} for a document that is already there. */
export async function checkVariantsFile(document: DataDocument, root: string): Promise<LoadedVariantsFile> {
  if (document.value === null || document.value === undefined) {
    const what = `${basename(document.path)} is empty.`;
    // The only name that `init` writes to.
    const isUsual = document.path === join(root, 'variants.yaml');
    const fix = isUsual ? 'Write one with examples: copse init --force' : 'It describes the task and its variants.';
    return { ok: false, problems: [{ what, fix, position: document.position([]) }] };
  }
  const schema = variantsFileSchema();
  const parsed = z.safeParse(schema, document.value);
  const names = nameProblems(document);
  if (!parsed.success) {
    const problems = [...schemaProblems(document, schema, parsed.error.issues), ...names, ...needsAnyway(document)];
    return { ok: false, problems: sortByPlace(problems) };
  }
  const declared = await declaredVariants(document, parsed.data, root);
  const problems = [...names, ...declared.problems];
  // Without rows it is unknown which needs exist.
  if (declared.problems.length === 0)
    problems.push(...needsProblems(document, declared.variants), ...madeProblems(document, declared.variants));
  const file = toFile(document, parsed.data, declared.variants);
  problems.push(...promptProblems(document, file, declared.variants));
  return problems.length === 0 ? { ok: true, file } : { ok: false, problems: sortByPlace(problems) };
}

/** Needs of a file that the schema refuses, so that all problems come at once; `each` could add names, so not with it. */
function needsAnyway(document: DataDocument): Problem[] {
  const value = document.value as Readonly<Record<string, unknown>> | null;
  const variants =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'each')
      ? value['variants']
      : null;
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants)) return [];
  const declared = Object.entries(variants as Record<string, unknown>).map(([name, entry]) => ({
    name,
    key: name,
    value: { needs: [...needsOf({ value: entry })] },
    row: {},
  }));
  return needsProblems(document, declared);
}

/** Variants without anything to do, and `{{name}}` without a value. The shared texts are judged with each variant's own variables. */
function promptProblems(document: DataDocument, file: VariantsFile, declared: readonly DeclaredVariant[]): Problem[] {
  const problems = new Map<string, Problem>();
  const add = (found: readonly Problem[]): void => {
    for (const problem of found) problems.set(`${problem.path}\0${problem.what}`, problem);
  };
  file.variants.forEach((variant, index) => {
    const declaration = declared[index];
    const path = ['variants', declaration?.key ?? variant.name];
    const vars = { ...file.defaults.vars, ...variant.vars };
    const isText = typeof declaration?.value === 'string';
    if (variant.prompt === undefined && file.prompt === undefined && variant.approach === undefined) {
      const what = `${variant.name} has nothing to do: there is no prompt.`;
      add([
        {
          what,
          fix: 'Write a prompt at the top, or one for this variant.',
          path: path.join('.'),
          position: document.keyPosition(path),
        },
      ]);
    }
    add(variableProblems(document, isText ? path : [...path, 'approach'], variant.approach, vars));
    add(variableProblems(document, [...path, 'prompt'], variant.prompt, vars));
    if (variant.prompt === undefined) add(variableProblems(document, ['prompt'], file.prompt, vars));
  });
  return [...problems.values()];
}

function toFile(document: DataDocument, input: VariantsFileInput, declared: readonly DeclaredVariant[]): VariantsFile {
  return {
    path: document.path,
    name: input.name,
    ...defined({
      base: input.base,
      target: input.target,
      prompt: input.prompt,
      preamble: input.preamble,
      concurrency: input.concurrency,
      totalBudgetUsd: input.totalBudgetUsd,
      onLimit: input.onLimit,
      copy: input.copy === undefined ? undefined : copyRules(input.copy),
      setup: input.setup,
      teardown: input.teardown,
      disposable: input.disposable,
      commandTimeoutMs: milliseconds(input.commandTimeout),
      commit: input.commit === undefined ? undefined : defined(input.commit),
    }),
    ...defined({
      verify: input.verify === undefined ? undefined : toChecks(document.keys(['verify']), input.verify),
      protect: input.protect,
      protectAt: input.protect?.map((_, place) => document.position(['protect', place])),
      metrics: input.metrics === undefined ? undefined : toMetrics(document.keys(['metrics']), input.metrics),
      judge: input.judge === undefined ? undefined : toJudge(input.judge),
      serve: input.serve === undefined ? undefined : toServe(input.serve),
    }),
    defaults: toOptions(input.defaults ?? {}),
    variants: declared.map(toDeclaration),
  };
}

function toDeclaration(declared: DeclaredVariant): VariantDeclaration {
  const value: VariantInput = typeof declared.value === 'string' ? { approach: declared.value } : (declared.value ?? {});
  const { approach, prompt, needs, branch, ...said } = value;
  const options = toOptions(said);
  const vars = { ...declared.row, ...options.vars };
  return {
    name: declared.name,
    ...defined({ approach, prompt, needs: needs && [...new Set(needs)], branch }),
    ...options,
    ...(Object.keys(vars).length === 0 ? {} : { vars }),
  };
}

function toOptions({ runner, env, vars, ...same }: OptionsInput): VariantOptions {
  return {
    ...asHeld(same),
    ...defined({
      runner: typeof runner === 'object' ? ({ kind: 'command', command: runner.command } as const) : runner,
      env: env === undefined ? undefined : toEnvironment(env),
      vars: vars === undefined ? undefined : Object.fromEntries(Object.entries(vars).map(([name, text]) => [name, String(text)])),
    }),
  };
}

/** Names to pass and values to set, from either spelling. */
export function toEnvironment(input: NonNullable<OptionsInput['env']>): NonNullable<VariantOptions['env']> {
  const pairs: [string, string | null][] = Array.isArray(input)
    ? input.map((entry) => {
        const equals = entry.indexOf('=');
        return equals === -1 ? [entry, null] : [entry.slice(0, equals), entry.slice(equals + 1)];
      })
    : Object.entries(input).map(([name, value]) => [name, value === null ? null : String(value)]);
  return {
    pass: pairs.flatMap(([name, value]) => (value === null ? [name] : [])),
    set: Object.fromEntries(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  };
}

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : (parseDuration(text) ?? undefined);

/** Without the keys that are undefined: absent means not said. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
