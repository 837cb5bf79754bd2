/** Own slug of runs, variants and checks: safe as branch part, as folder, as file name and as argument. */
export const SLUG_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Device names of Windows: a branch or folder of that name cannot be checked out there. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** Why `name` cannot name a run, a variant or a check, as the end of a sentence; null if it can. */
export function nameProblem(name: string): string | null {
  if (!SLUG_PATTERN.test(name)) {
    return 'is not a usable name: lower-case letters, digits and "-", starting with a letter or digit, at most 64';
  }
  if (RESERVED.test(name)) return 'is a reserved name on Windows';
  return null;
}

/** The nearest usable slug of any text, or null if no part of it can be used. */
export function slugOf(text: string): string | null {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 65)
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return nameProblem(slug) === null ? slug : null;
}

/** A variant's or run's name from outside (a flag, an argument), or why it is none. */
export function parseVariantName(
  text: string,
):
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly why: string; readonly suggestion: string | null } {
  const why = nameProblem(text);
  return why === null ? { ok: true, name: text } : { ok: false, why, suggestion: slugOf(text) };
}

/** Why git would not accept `name` as a branch (`git check-ref-format --branch`), as the end of a sentence; null if it would. */
export function branchProblem(name: string): string | null {
  if (name === '' || name === '@' || name === 'HEAD') return 'is not a branch name';
  if (name.startsWith('-')) return 'starts with "-"';
  if (/[\p{Cc}\p{Cf}\p{Zs}~^:?*[\\]/u.test(name)) return 'contains a character that git does not allow in a branch';
  if (name.includes('..') || name.includes('@{')) return 'contains ".." or "@{", which git does not allow in a branch';
  if (name.endsWith('.')) return 'ends with "."';
  for (const part of name.split('/')) {
    if (part === '') return 'has an empty part between slashes';
    if (part.startsWith('.')) return 'has a part that starts with "."';
    if (part.endsWith('.lock')) return 'has a part that ends with ".lock"';
  }
  return null;
}
