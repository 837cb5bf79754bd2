import { fillPlaceholders } from '../config/name-template.ts';
import { branchProblem } from '../config/names.ts';
import type { Problem } from '../model/errors.ts';
import type { Limits, PlannedEnvironment, PlannedVariant, Runner } from '../model/plan.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantDeclaration, VariantOptions, VariantsFile } from '../model/variants-file.ts';
import { decideIsolation } from './decide-isolation.ts';
import type { VariantNames } from './name-run.ts';
import type { PlanFlags } from './plan-flags.ts';
import { builtInPreamble } from './preamble.ts';
import { strongest } from './precedence.ts';
import { composePrompt, fillText } from './prompt-text.ts';

export interface VariantInput {
  readonly file: VariantsFile;
  readonly variant: VariantDeclaration;
  readonly settings: SourcedSettings;
  readonly flags: PlanFlags;
  readonly run: string;
  readonly names: VariantNames;
}

export interface VariantPlan {
  readonly variant: PlannedVariant;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** One variant with everything said about it laid on top of each other: flag, variant, `defaults`, settings. */
export function planVariant(o: VariantInput): VariantPlan {
  const { file, variant, settings, flags, names } = o;
  const tools = decideIsolation({ variant, defaults: file.defaults, settings, flags });
  const texts = textsOf(o);
  const runner = runnerOf(variant, file.defaults, settings, flags);
  const problems = [...texts.problems, ...tools.problems];
  const warnings = [...tools.warnings];

  const fault = branchProblem(names.branch);
  if (fault !== null) {
    problems.push({
      what: `The branch ${JSON.stringify(names.branch)} of variant ${variant.name} cannot be made: it ${fault}.`,
      fix: variant.branch === undefined ? 'Change the setting branch.' : `Give variant ${variant.name} another branch.`,
      variant: variant.name,
      path: variant.branch === undefined ? 'branch' : `variants.${variant.name}.branch`,
    });
  }
  if (runner.kind === 'command') {
    // Isolation confines Claude Code's tools; a program of its own is confined by nothing.
    if (tools.isolation === 'sandbox') {
      problems.push({
        what: `Variant ${variant.name} is run by a command, which copse cannot put into a sandbox.`,
        fix: `Give variant ${variant.name} the runner claude, or run it alone: copse run ${variant.name} --isolation guarded`,
        variant: variant.name,
      });
    } else if (tools.isolation === 'guarded') {
      warnings.push(
        `Variant ${variant.name} is run by ${runner.command[0] ?? 'a command'}, with all your rights: guarded holds only Claude Code.`,
      );
    }
  }

  return {
    variant: {
      name: variant.name,
      branch: names.branch,
      worktree: names.worktree,
      prompt: texts.prompt,
      preamble: texts.preamble,
      needs: variant.needs ?? [],
      expect: variant.expect ?? file.defaults.expect ?? 'changes',
      runner,
      isolation: tools.isolation,
      allowedTools: tools.allowedTools,
      disallowedTools: tools.disallowedTools,
      mcp: variant.mcp ?? file.defaults.mcp ?? null,
      env: environmentOf(o),
      limits: limitsOf(variant, file.defaults, settings, flags),
    },
    problems,
    warnings,
  };
}

function textsOf(o: VariantInput): { readonly prompt: string; readonly preamble: string; readonly problems: readonly Problem[] } {
  const { file, variant, run, names } = o;
  const problems: Problem[] = [];
  const vars = { ...file.defaults.vars, ...variant.vars };
  const template = composePrompt({ shared: file.prompt, own: variant.prompt, approach: variant.approach });
  if (template === null) {
    problems.push({
      what: `Variant ${variant.name} has no prompt.`,
      fix: `Say what to do under prompt, or under variants.${variant.name}.prompt.`,
      variant: variant.name,
      path: `variants.${variant.name}`,
    });
  }
  const prompt = fillText(template ?? '', vars);
  const verify = file.verify ?? [];
  const expect = variant.expect ?? file.defaults.expect ?? 'changes';
  const preamble = fillText(file.preamble ?? builtInPreamble({ expect, checks: verify.length > 0 }), {
    ...vars,
    run,
    variant: variant.name,
    branch: names.branch,
    worktree: names.worktree,
    checks: verify.map((check) => `${check.name} (${check.run})`).join(', '),
  });
  for (const [where, names] of [
    ['prompt', prompt.unknown],
    ['preamble', preamble.unknown],
  ] as const) {
    for (const name of names) {
      problems.push({
        what: `The ${where} of variant ${variant.name} has {{${name}}}, which has no value.`,
        fix: `Give ${name} a value under vars, or write \\{{${name}}} where the text itself is meant.`,
        variant: variant.name,
        path: where === 'prompt' ? `variants.${variant.name}.vars` : 'preamble',
      });
    }
  }
  return { prompt: prompt.text, preamble: preamble.text, problems };
}

function runnerOf(variant: VariantDeclaration, defaults: VariantOptions, settings: SourcedSettings, flags: PlanFlags): Runner {
  const runner = variant.runner ?? defaults.runner ?? 'claude';
  if (runner !== 'claude') return runner;
  return {
    kind: 'claude',
    model: strongest<string | null>(flags.model, [variant.model, defaults.model], settings.model),
    fallbackModel: variant.fallbackModel ?? defaults.fallbackModel ?? null,
    effort: strongest<string | null>(flags.effort, [variant.effort, defaults.effort], settings.effort),
    agent: variant.agent ?? defaults.agent ?? null,
  };
}

/** Names add up; a variant's literal replaces the one of `defaults`. */
function environmentOf(o: VariantInput): PlannedEnvironment {
  const { variant, file, settings, run } = o;
  const literals = { ...file.defaults.env?.set, ...variant.env?.set };
  const values = { run, variant: variant.name };
  return {
    pass: [...new Set([...settings.env.value, ...(file.defaults.env?.pass ?? []), ...(variant.env?.pass ?? [])])],
    set: Object.fromEntries(Object.entries(literals).map(([name, text]) => [name, fillPlaceholders(text, values)])),
  };
}

function limitsOf(variant: VariantOptions, defaults: VariantOptions, settings: SourcedSettings, flags: PlanFlags): Limits {
  return {
    timeoutMs: strongest(flags.timeoutMs, [variant.timeoutMs, defaults.timeoutMs], settings.timeoutMs),
    idleTimeoutMs: strongest(flags.idleTimeoutMs, [variant.idleTimeoutMs, defaults.idleTimeoutMs], settings.idleTimeoutMs),
    budgetUsd: strongest(flags.budgetUsd, [variant.budgetUsd, defaults.budgetUsd], settings.budgetUsd),
    maxTurns: strongest<number | null>(flags.maxTurns, [variant.maxTurns, defaults.maxTurns], settings.maxTurns),
    retries: strongest(flags.retries, [variant.retries, defaults.retries], settings.retries),
  };
}
