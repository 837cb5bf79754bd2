import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { isErrno } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';

/** A failed write to copse's state as an error for the user. Other errors are returned as they are: bugs in copse. */
export function writeError(error: unknown, path: string): unknown {
  if (isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) {
    return new CopseError({
      code: 'no-space',
      exit: EXIT.precondition,
      what: `No space is left to write ${path}.`,
      why: 'Earlier state is complete.',
      hint: `Free some space, then repeat the command. See how much there is: df -h ${shellWord(path)}`,
      cause: error,
    });
  }
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new CopseError({
      code: 'state-not-writable',
      exit: EXIT.precondition,
      what: `copse cannot write its state: ${path}`,
      why:
        error.code === 'EROFS'
          ? 'The file system is mounted read-only. Nothing was started.'
          : 'You have no permission to write there. Nothing was started.',
      hint: `Make it writable for you, then repeat the command. See who owns it: ls -ld ${shellWord(path)}`,
      cause: error,
    });
  }
  return error;
}
