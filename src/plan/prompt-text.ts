/** A text with its `{{name}}` places filled, and the names that had no value. */
export interface FilledText {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** Only plain names are places: `{{ github.ref }}` or a template language's `{{#if x}}` is text. `\{{name}}` is text too. */
const PLACE = /(\\?)\{\{[ \t]*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\}\}/g;

/** Fills `{{name}}` from `vars`, in one pass: what a value contains is never filled again. */
export function fillText(text: string, vars: Readonly<Record<string, string>>): FilledText {
  const unknown = new Set<string>();
  const filled = text.replace(PLACE, (place, backslash: string, name: string) => {
    if (backslash !== '') return place.slice(1);
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (value === undefined) unknown.add(name);
    return value ?? place;
  });
  return { text: filled, unknown: [...unknown] };
}

/** The task in full: own prompt, else the shared one; then the approach. null where nothing at all is asked for. */
export function composePrompt(o: {
  readonly shared: string | undefined;
  readonly own: string | undefined;
  readonly approach: string | undefined;
}): string | null {
  const parts = [o.own ?? o.shared, o.approach].map((part) => part?.trim() ?? '').filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join('\n\n');
}
