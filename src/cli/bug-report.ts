import { arch, homedir, release, tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { packageRoot } from './package-root.ts';
import { VERSION } from './version.ts';

/** Folders whose names reveal who the user is or what they work on, with what is shown instead. The longest counts first. */
export type Masks = readonly (readonly [folder: string, shown: string])[];

/** Those of this machine and of a command that was started in `cwd`. */
export function masksOf(cwd: string): Masks {
  const masks: [string, string][] = [
    [packageRoot(), '<copse>'],
    [cwd, '<cwd>'],
    [homedir(), '~'],
    [tmpdir(), '<tmp>'],
  ];
  return masks.filter(([folder]) => folder.length > 1).sort(([a], [b]) => b.length - a.length);
}

/** `text` without the paths of this machine. */
function maskPaths(text: string, masks: Masks): string {
  let masked = text.replaceAll('file://', '');
  for (const [folder, shown] of masks) masked = masked.replaceAll(folder, shown);
  return masked;
}

/** The report that a user sends: the stack, the verb and the versions. Arguments may hold prompts and stay out. */
export function bugReport(error: unknown, o: { readonly verb: string; readonly masks: Masks }): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : `thrown: ${inspect(error)}`;
  const cause = error instanceof Error && error.cause !== undefined ? `\ncause: ${inspect(error.cause)}` : '';
  const lines = [
    'This is a bug in copse. Your runs and branches are as they were; copse status shows them.',
    'Please report it with the text between the lines:',
    '-----',
    maskPaths(stack + cause, o.masks),
    `copse ${VERSION}, ${o.verb === '' ? 'no verb' : `verb ${o.verb}`}`,
    `node ${process.versions.node}, ${process.platform} ${arch()} ${release()}`,
    '-----',
  ];
  return `${lines.join('\n')}\n`;
}
