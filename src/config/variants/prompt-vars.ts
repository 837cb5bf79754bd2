/** `{{name}}` and `{{name.part}}`; a backslash before it keeps the braces. */
const VARIABLE = /\\?\{\{[ \t]*([A-Za-z][\w-]*(?:\.[\w-]+)?)[ \t]*\}\}/g;

/** `text` with `{{name}}` filled in, once: a value that holds braces stays as it is. Unknown names stay; `\{{` becomes `{{`. */
export function fillVars(text: string, vars: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    if (whole.startsWith('\\')) return whole.slice(1);
    return Object.hasOwn(vars, name) ? (vars[name] ?? whole) : whole;
  });
}

/** Names that `text` asks for. */
export function varsIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].flatMap((match) => (match[0].startsWith('\\') ? [] : [match[1] ?? '']));
}

/** `text` so that {@link fillVars} gives it back as it is. */
export function escapeVars(text: string): string {
  return text.replace(VARIABLE, (whole) => `\\${whole}`);
}
