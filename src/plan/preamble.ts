/**
 * What an agent is told besides the prompt. `{{…}}` places: `run`, `variant`, `branch`, `worktree`, `checks`. A variants file's `preamble` takes its place.
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
export function builtInPreamble(o: { readonly expect: 'changes' | 'answer'; readonly checks: boolean }): string {
  const parts = [COMMON, o.expect === 'answer' ? ANSWER : CHANGES];
  if (o.checks) parts.push(CHECKS);
  return `${parts.join('\n')}\n`;
}
