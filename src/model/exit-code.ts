/** Exit codes of `copse`, documented in `docs/reference.md`. */
export const EXIT = {
  ok: 0,
  /** A variant failed, a conflict, git refused. */
  failed: 1,
  /** Usage or configuration. */
  usage: 2,
  /** A precondition: not a repository, dirty, locked, not trusted. */
  precondition: 3,
  /** Agent missing, too old or not logged in. */
  agent: 4,
  /** Still running (`wait --timeout`). */
  running: 8,
  /** A bug in copse. */
  bug: 70,
  interrupted: 130,
  /** The reader of stdout ended before copse did (`copse logs | head`); as the shell shows it for any program. */
  readerGone: 141,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
