import { type EffectiveOptions, effectiveOptions, limitsOf } from '../config/effective.ts';
import { fillPlaceholders } from '../config/variants/name-template.ts';
import { branchProblem } from '../config/variants/names.ts';
import type { Problem } from '../model/errors.ts';
import type { PlannedEnvironment, PlannedVariant, Runner } from '../model/plan.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantDeclaration, VariantsFile } from '../model/variants-file.ts';
import { decideIsolation } from './decide-isolation.ts';
import type { VariantNames } from './name-run.ts';
import { composePrompt, fillText } from './prompt-text.ts';

export interface VariantInput {
  readonly file: VariantsFile;
  readonly variant: VariantDeclaration;
  /** With the flags in them. */
  readonly settings: SourcedSettings;
  readonly extraTools: readonly string[];
  /** Name of the repository, for `{repo}`. */
  readonly repo: string;
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
  const { file, variant, settings, extraTools, names } = o;
  const effective = effectiveOptions(settings, file, variant);
  const tools = decideIsolation({ file, variant, effective, extraTools });
  const texts = textsOf(o, effective);
  const runner = runnerOf(effective);
  const problems = [...texts.problems, ...tools.problems];
  const warnings = [...tools.warnings];

  const fault = branchProblem(names.branch);
  if (fault !== null) {
    problems.push({
      what: `The branch ${JSON.stringify(names.branch)} of variant ${variant.name} cannot be created: it ${fault}.`,
      fix: variant.branch === undefined ? 'Change the setting branch.' : `Give variant ${variant.name} another branch.`,
      variant: variant.name,
      path: variant.branch === undefined ? 'branch' : `variants.${variant.name}.branch`,
    });
  }
  if (runner.kind === 'command') {
    // Isolation confines Claude Code's tools; another program is not confined.
    if (tools.isolation === 'sandbox') {
      problems.push({
        what: `Variant ${variant.name} is run by a command, which copse cannot put into a sandbox.`,
        fix: `Give variant ${variant.name} the runner claude, or run it with --isolation guarded`,
        variant: variant.name,
      });
    } else if (tools.isolation === 'guarded') {
      const program = runner.command[0] ?? 'a command';
      warnings.push(`Variant ${variant.name} is run by ${program}, with all your rights: guarded confines only Claude Code.`);
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
      expect: effective.expect.value,
      runner,
      isolation: tools.isolation,
      allowedTools: tools.allowedTools,
      disallowedTools: tools.disallowedTools,
      mcp: effective.mcp.value,
      env: environmentOf(o, effective),
      limits: limitsOf(effective),
    },
    problems,
    warnings,
  };
}

function textsOf(
  o: VariantInput,
  { vars, expect }: EffectiveOptions,
): { readonly prompt: string; readonly preamble: string; readonly problems: readonly Problem[] } {
  const { file, variant, run, names } = o;
  const problems: Problem[] = [];
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
  const preamble = fillText(file.preamble ?? builtInPreamble({ expect: expect.value, checks: verify.length > 0 }), {
    ...vars,
    run,
    variant: variant.name,
    branch: names.branch,
    worktree: names.worktree,
    checks: verify.map((check) => `${check.name} (${check.run})`).join(', '),
  });
  for (const [where, unknown] of [
    ['prompt', prompt.unknown],
    ['preamble', preamble.unknown],
  ] as const) {
    for (const name of unknown) {
      problems.push({
        what: `The ${where} of variant ${variant.name} has {{${name}}}, which has no value.`,
        fix: `Give ${name} a value under vars, or write \\{{${name}}} for the literal text.`,
        variant: variant.name,
        path: where === 'prompt' ? `variants.${variant.name}.vars` : 'preamble',
      });
    }
  }
  return { prompt: prompt.text, preamble: preamble.text, problems };
}

function runnerOf(effective: EffectiveOptions): Runner {
  const runner = effective.runner.value;
  if (runner !== 'claude') return runner;
  return {
    kind: 'claude',
    model: effective.model.value,
    fallbackModel: effective.fallbackModel.value,
    effort: effective.effort.value,
    agent: effective.agent.value,
  };
}

function environmentOf(o: VariantInput, { env }: EffectiveOptions): PlannedEnvironment {
  const values = { repo: o.repo, run: o.run, variant: o.variant.name };
  const set = Object.entries(env.value.set).map(([name, text]) => [name, fillPlaceholders(text, values)]);
  return { pass: env.value.pass, set: Object.fromEntries(set) };
}

/**
 * The instructions of an agent besides the prompt. `{{…}}` places: `run`, `variant`, `branch`, `worktree`, `checks`. A variants file's `preamble` replaces it.
 *
 * The built-in text names no variant, so that plan shows it once for all. It has no hold over the agent; isolation has. It saves the turns that denied calls would cost.
 */
const COMMON = `You are working on one of several variants of a task; the others are being worked on at the same time, elsewhere.

- Work only in the current directory. It is your own git worktree, on your own branch. Do not touch any other directory.
- No one is watching and no one answers questions. If something is unclear, choose the most sensible reading, continue, and state the assumption in your summary.
- A call that is denied stays denied. Do not try to get around it: find another way, or finish without it and say so.`;

const CHANGES = `- Do not commit, and do not create, switch, merge, rebase, reset or push branches. What you leave in the files is committed for you when you are done.
- Do not leave anything running in the background.
- Finish with a summary: first a line of at most 70 characters saying what you changed (it becomes the commit's subject), then what you did and why, what you assumed, and what is left to do.`;

const ANSWER = `- You are asked for an answer, not for changes: leave the files as they are, and do not touch branches.
- Do not leave anything running in the background.
- Your last message is the result. Make it complete: its reader has seen nothing else of your work.`;

const CHECKS = `- Afterwards these checks run on your work: {{checks}}. You may run them yourself.`;

/** The preamble's template for a variant. */
function builtInPreamble(o: { readonly expect: 'changes' | 'answer'; readonly checks: boolean }): string {
  const parts = [COMMON, o.expect === 'answer' ? ANSWER : CHANGES];
  if (o.checks) parts.push(CHECKS);
  return `${parts.join('\n')}\n`;
}
