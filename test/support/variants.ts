/** A variants file `ui` for the scripted claude: variants by name with their options, and top-level keys. */
export function variantsYaml(
  variants: Readonly<Record<string, object | string>> | readonly string[],
  top: Readonly<Record<string, unknown>> = {},
): string {
  const named = Array.isArray(variants) ? Object.fromEntries(variants.map((name: string) => [name, `As ${name}.`])) : variants;
  return JSON.stringify({ name: 'ui', prompt: 'Do the task.', ...top, variants: named }, null, 2);
}
