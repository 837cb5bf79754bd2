const PLAIN = /^[A-Za-z0-9_./@%+=:,-]+$/;

/** `text` as one argument of a command line that a person pastes: names of branches and files may hold anything, `$(…)` too. */
export function shellArgument(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
