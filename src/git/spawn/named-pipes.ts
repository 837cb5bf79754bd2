import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { shellWord } from '../../text/shell-word.ts';

/** Files that git opens in each folder without checking their type: a named pipe there keeps it waiting for a writer, for ever. */
const OPENED = new Set(['.gitignore', '.gitattributes', '.gitmodules']);

/** No healthy call on a small worktree takes this long, and looking through a large one costs a fraction of what git does there. */
const FIRST_LOOK_MS = 2_000;

/**
 * Runs git on a worktree that an agent has written to. If it takes long, checks whether a named pipe holds it up, and ends it then: CopseError
 * `named-pipe` (exit 3). `signal` also ends where the caller's own (`run`) does.
 */
export async function pastNamedPipes<T>(
  workTree: AbsolutePath,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const held = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const lookAfter = (ms: number): void => {
    timer = setTimeout(async () => {
      const pipe = await firstPipe(workTree);
      if (over) return;
      if (pipe === null) lookAfter(ms * 2);
      else held.abort(inTheWay(pipe));
    }, ms);
    timer.unref();
  };
  lookAfter(FIRST_LOOK_MS);
  try {
    return await run(signal === undefined ? held.signal : AbortSignal.any([signal, held.signal]));
  } finally {
    over = true;
    clearTimeout(timer);
  }
}

function inTheWay(path: AbsolutePath): CopseError {
  return new CopseError({
    code: 'named-pipe',
    exit: EXIT.precondition,
    what: `${path} is a named pipe, and git would wait for it forever.`,
    hint: `Remove it, then repeat the command:\n  rm ${shellWord(path)}`,
  });
}

async function firstPipe(root: AbsolutePath): Promise<AbsolutePath | null> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // Gone meanwhile, or not ours to read: git skips it too.
    for (const entry of entries) {
      if (entry.isFIFO() && OPENED.has(entry.name)) return join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git') folders.push(join(folder, entry.name));
    }
  }
  return null;
}
