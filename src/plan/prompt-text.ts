import { fillVars, varsIn } from '../config/variants/prompt-vars.ts';

/** A text with its `{{name}}` places filled, and the names that had no value. */
export interface FilledText {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** Fills `{{name}}` from `vars` as the variants file's checks understand it. */
export function fillText(text: string, vars: Readonly<Record<string, string>>): FilledText {
  const unknown = varsIn(text).filter((name) => !Object.hasOwn(vars, name));
  return { text: fillVars(text, vars), unknown: [...new Set(unknown)] };
}

/** The task in full: own prompt, else the shared one; then the approach. null if there is no task at all. */
export function composePrompt(o: {
  readonly shared: string | undefined;
  readonly own: string | undefined;
  readonly approach: string | undefined;
}): string | null {
  const parts = [o.own ?? o.shared, o.approach].map((part) => part?.trim() ?? '').filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join('\n\n');
}
