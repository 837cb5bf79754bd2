const BARE = /^[A-Za-z0-9_./@%+=:,-]+$/;
// Within double quotes the shell still acts on these; `!` is history expansion.
const ACTIVE = /["$`\\!]/;

/** `text` as one word of a command that a person pastes. Ref and check names may hold `$(…)`: git allows it. */
export function shellWord(text: string): string {
  if (BARE.test(text)) return text;
  if (!ACTIVE.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
