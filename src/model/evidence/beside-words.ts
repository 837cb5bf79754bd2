import { unreachable } from '../errors.ts';
import type { HeldBack } from '../outcome.ts';

/** `src/lib/util.js is ignored by .gitignore:1`: why a file is not in the commit. The path is as it is, so a screen makes it visible first. */
export function besideWords({ path, why, by }: HeldBack): string {
  switch (why) {
    case 'ignored':
      return by === null ? `${path} is ignored` : `${path} is ignored by ${by}`;
    case 'submodule':
      return by === null ? `${path} is a submodule at another commit` : `${path} is inside the submodule ${by}`;
    case 'nested-repository':
      return `${path} is a nested repository`;
    case 'secret-name':
      return `${path} looks like a secret by its name`;
    case 'secret-content':
      return `${path} holds a secret`;
    case 'too-large':
      return by === null ? `${path} is too large` : `${path} is too large (${by})`;
    case 'not-committed':
      return `${path} differs from the commit`;
    default:
      return unreachable(why);
  }
}

/** Whether `commit.allow` can put it into the commit. */
export function isAllowable({ path, why }: HeldBack): boolean {
  return ['ignored', 'secret-name', 'secret-content', 'too-large'].includes(why) && PLAIN.test(path);
}

/** The line of the variants file that keeps these files, for those that a line can keep; null: none. */
export function allowLine(held: readonly HeldBack[]): string | null {
  const paths = [...new Set(held.filter(isAllowable).map(({ path }) => JSON.stringify(path)))];
  return paths.length === 0 ? null : `commit: {allow: [${paths.join(', ')}]}`;
}

const NAMED = 3;

/** `src/lib/util.js is ignored by .gitignore:1, so it is not in the commit.`, one sentence each; beyond a few they are counted. */
export function besideSentences(held: readonly HeldBack[]): string[] {
  const rest = held.length - NAMED;
  return [
    ...held.slice(0, NAMED).map((one) => `${besideWords(one)}, so it is not in the commit.`),
    ...(rest > 0 ? [moreBeside(rest)] : []),
  ];
}

export function moreBeside(count: number): string {
  return count === 1 ? 'One more file is not in the commit.' : `${count} more files are not in the commit.`;
}

/** The sentences, and the line that keeps such files in later runs. */
export function besideNotes(held: readonly HeldBack[]): string[] {
  const line = allowLine(held);
  return [
    ...besideSentences(held),
    ...(line === null ? [] : [`To keep ${held.length === 1 ? 'it' : 'them'}, in the variants file: ${line}`]),
  ];
}

/** A path that is one word for a shell, and that a terminal shows as it is. */
const PLAIN = /^[^\p{Cc}\p{Cf}]+$/u;

/**
 * The command that puts ignored files of a finished variant into its index, where `copse merge --include-uncommitted` finds them; null: there
 * are none. `quote` makes one word of a shell.
 */
export function addCommand(label: string, held: readonly HeldBack[], quote: (text: string) => string): string | null {
  const paths = held.flatMap(({ path, why }) => (why === 'ignored' && PLAIN.test(path) ? [quote(path)] : []));
  return paths.length === 0 ? null : `git -C "$(copse path ${quote(label)})" add -f -- ${paths.join(' ')}`;
}

/** Why a commit without a change is not "no changes". */
export function nothingInCommit(held: readonly HeldBack[], more: number): string {
  const shown = held.slice(0, NAMED).map(besideWords).join(', ');
  const others = held.length - Math.min(held.length, NAMED) + more;
  return `Nothing is in the commit: ${shown}${others === 0 ? '' : `, and ${others} more`}.`;
}
