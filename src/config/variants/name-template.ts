import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { branchProblem } from './names.ts';

/** `{name}` placeholders of a text, in order. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Replaces `{repo}`, `{run}`, `{variant}`; unknown ones stay. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}

const SAMPLE = { repo: 'repo', run: 'run', variant: 'variant' };

/** Why `template` cannot name branches, as a sentence; null if it can. `distinct`: its names must differ between variants. */
export function branchTemplateProblem(template: string, o: { readonly distinct: boolean }): string | null {
  const unknown = placeholders(template).find((name) => name !== 'run' && name !== 'variant');
  if (unknown !== undefined) return `{${unknown}} is not supported in a branch; {run} and {variant} are.`;
  if (o.distinct && !placeholders(template).includes('variant'))
    return 'It lacks {variant}: all variants would share one branch.';
  const problem = branchProblem(fillPlaceholders(template, SAMPLE));
  return problem === null ? null : `It ${problem}.`;
}

/**
 * Why `template` cannot place worktrees, as a sentence; null if it can. `within`: the checkout's top, for files of
 * the repository, which may place worktrees under its parent directory only.
 */
export function worktreeTemplateProblem(template: string, o: { readonly within: string | null }): string | null {
  const unknown = placeholders(template).find((name) => !Object.hasOwn(SAMPLE, name));
  if (unknown !== undefined) return `{${unknown}} is not supported in a path; {repo}, {run} and {variant} are.`;
  if (!placeholders(template).includes('variant')) return 'It lacks {variant}: all variants would share one folder.';
  const parts = template.split('/');
  if (parts.includes('.git')) return 'It leads into a .git folder.';
  if (o.within === null) return null;
  const outside = 'It leads outside the directory that holds the repository.';
  if (isAbsolute(template) || template.startsWith('~')) return outside;
  // `{repo}/..` would resolve to nothing: a step up is only allowed at the start.
  const firstName = parts.findIndex((part) => part !== '..' && part !== '.');
  if (parts.slice(firstName).includes('..')) return '".." is allowed only at its start.';
  const parent = dirname(o.within);
  const path = resolve(o.within, fillPlaceholders(template, SAMPLE));
  return path.startsWith(parent.endsWith(sep) ? parent : parent + sep) && path !== o.within ? null : outside;
}
