import { Document, Scalar } from 'yaml';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { VariantDeclaration, VariantOptions, VariantsFile } from '../../model/variants-file.ts';
import { formatDuration } from '../../text/duration.ts';
import { writtenRule } from './fields.ts';
import { nameProblem, slugOf } from './names.ts';
import { escapeVars } from './prompt-vars.ts';
import { checkAsWritten } from './verify-schema.ts';

const MOST = 50;

/**
 * The file that `run --prompt` works from: `count` equal variants, or one per model (equal models get numbers).
 * Braces in the prompt are taken as they are. `name`: default `try`.
 */
export function variantsFromFlags(o: {
  readonly prompt: string;
  readonly count?: number;
  readonly models?: readonly string[];
  readonly name?: string;
}): VariantsFile {
  const name = o.name ?? 'try';
  const why = nameProblem(name);
  if (why !== null) throw usage(`--name ${JSON.stringify(name)} ${why}.`, slugOf(name));
  if (o.prompt.trim() === '') throw usage('--prompt is empty.', null);
  if (o.count !== undefined && (!Number.isInteger(o.count) || o.count < 1 || o.count > MOST))
    throw usage(`--count needs a whole number from 1 to ${MOST}.`, null);
  // `--models "opus, sonnet"` is one word to the shell.
  const models = (o.models ?? []).map((model) => model.trim()).filter((model) => model !== '');
  const variants = models.length === 0 ? numbered(o.count ?? 3) : perModel(models, o.count ?? 1);
  if (variants.length > MOST) throw usage(`That is ${variants.length} variants; the maximum is ${MOST}.`, null);
  return { path: null, name, prompt: escapeVars(o.prompt), defaults: {}, variants };
}

const numbered = (count: number): VariantDeclaration[] =>
  Array.from({ length: count }, (_, index) => ({ name: `v${index + 1}` }));

function perModel(models: readonly string[], count: number): VariantDeclaration[] {
  const wanted = models.flatMap((model) => Array.from({ length: count }, () => model));
  const used = new Map<string, number>();
  return wanted.map((model) => {
    // Words that slugs cannot hold (`claude-x[1m]`) still need a name.
    const slug = (slugOf(model) ?? 'model').slice(0, 60);
    const times = (used.get(slug) ?? 0) + 1;
    used.set(slug, times);
    return { name: times === 1 ? slug : `${slug}-${times}`, model };
  });
}

function usage(what: string, suggestion: string | null): CopseError {
  return new CopseError({
    code: 'usage',
    exit: EXIT.usage,
    what,
    hint:
      suggestion === null
        ? 'For example:\n  copse run --prompt "Speed up the search" --count 3'
        : `For example: --name ${suggestion}`,
  });
}

/** The file as people write it, e.g. for `run --save`. Loads back to the same. */
export function variantsFileToYaml(file: VariantsFile): string {
  const document = new Document(
    plain({
      name: file.name,
      base: file.base,
      target: file.target,
      prompt: file.prompt,
      preamble: file.preamble,
      defaults: Object.keys(file.defaults).length === 0 ? undefined : options(file.defaults),
      // A Map: an object would put `2` before `dark`.
      variants: new Map(file.variants.map((variant) => [variant.name, variantValue(variant)])),
      concurrency: file.concurrency,
      totalBudgetUsd: file.totalBudgetUsd,
      onLimit: file.onLimit,
      copy: file.copy?.map(writtenRule),
      setup: file.setup,
      verify: file.verify === undefined ? undefined : new Map(file.verify.map((check) => [check.name, checkAsWritten(check)])),
      teardown: file.teardown,
      disposable: file.disposable,
      commandTimeout: file.commandTimeoutMs === undefined ? undefined : formatDuration(file.commandTimeoutMs),
      commit: file.commit,
    }),
  );
  const prompt = document.get('prompt', true);
  if (prompt instanceof Scalar) prompt.type = Scalar.BLOCK_LITERAL;
  return document.toString({ lineWidth: 0, nullStr: '' });
}

function variantValue(variant: VariantDeclaration): unknown {
  const { name: _, ...rest } = variant;
  const keys = Object.keys(rest);
  if (keys.length === 0) return null;
  if (keys.length === 1 && rest.approach !== undefined) return rest.approach;
  const { approach, prompt, needs, branch, ...shared } = rest;
  return plain({ approach, prompt, needs, branch, ...options(shared) });
}

function options(said: VariantOptions): Record<string, unknown> {
  const { timeoutMs, idleTimeoutMs, runner, env, ...same } = said;
  return plain({
    ...same,
    runner: typeof runner === 'object' ? { command: runner.command } : runner,
    env: env === undefined ? undefined : [...env.pass, ...Object.entries(env.set).map(([name, value]) => `${name}=${value}`)],
    timeout: timeoutMs === undefined ? undefined : formatDuration(timeoutMs),
    idleTimeout: idleTimeoutMs === undefined ? undefined : formatDuration(idleTimeoutMs),
  });
}

function plain(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}
