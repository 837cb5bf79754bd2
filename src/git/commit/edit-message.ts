import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { Environment } from '../../system/environment.ts';
import { runAttached } from '../../system/processes/run-attached.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';

const SCISSORS = '# Lines that begin with # are ignored; an empty message cancels the merge.\n';

/**
 * Lets the person edit a message on their terminal, in the editor that git would use. '' if nothing is left of it. CopseError
 * `editor` (exit 3) if it cannot be started or fails.
 */
export async function editMessage(o: {
  readonly message: string;
  readonly cwd: AbsolutePath;
  /** The person's, whole: it names the editor. */
  readonly environment: Environment;
}): Promise<string> {
  const names = ['GIT_EDITOR', 'VISUAL', 'EDITOR', 'TERM'];
  const chosen = Object.fromEntries(
    names.flatMap((name) => (o.environment[name] === undefined ? [] : [[name, o.environment[name]]])),
  );
  const { GIT_EDITOR: _none, ...env } = gitEnvironment();
  const { text: editor } = await spawnGit(['var', 'GIT_EDITOR'], { cwd: o.cwd, env: { ...env, ...chosen }, ok: [0, 1, 128] });
  if (editor === '') throw failed('There is no editor.', 'Set GIT_EDITOR, or pass the message with -m.');
  // Editors tell by this name that it is a commit's message.
  const folder = await mkdtemp(join(tmpdir(), 'copse-message-'));
  const file = join(folder, 'COMMIT_EDITMSG');
  try {
    await writeFile(file, `${o.message.trimEnd()}\n\n${SCISSORS}`);
    // As git starts it: a line for the shell, with the file behind it.
    const status = await runAttached(['/bin/sh', '-c', `${editor} "$@"`, editor, file], {
      cwd: o.cwd,
      env: { ...o.environment },
    });
    if (status !== 0)
      throw failed(`The editor ${editor} ended with ${status}.`, 'Repeat the command, or give the message with -m.');
    return await cleaned(await readFile(file, 'utf8'), o.cwd);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without comments and surplus empty lines, as git commits it. */
async function cleaned(message: string, cwd: AbsolutePath): Promise<string> {
  const env = gitEnvironment();
  const { text } = await spawnGit(['-c', 'core.commentChar=#', 'stripspace', '--strip-comments'], { cwd, env, input: message });
  return text;
}

function failed(what: string, hint: string): CopseError {
  return new CopseError({ code: 'editor', exit: EXIT.precondition, what, why: 'Nothing was merged.', hint });
}
