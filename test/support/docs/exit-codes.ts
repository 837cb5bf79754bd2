import { EXIT } from '../../../src/model/exit-code.ts';

/** What each exit code means; a new one is a type error here until it has a meaning. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'Done. For `run`, `retry`, `resume`, `attach` and `wait`: every variant `succeeded` or `no-changes`, and no check fails. Also after leaving the live view.',
  failed: 'A variant failed, git refused, or something could not be done.',
  usage: 'The command line or a file is wrong.',
  precondition: 'Something has to be true first: not a repository, no run, not approved, locked, taken.',
  agent: 'Claude Code is missing, too old or not logged in, or its key was rejected.',
  running: '`wait --timeout`: still running.',
  bug: 'A bug of copse. The text on stderr is ready to be reported; paths are masked.',
  interrupted: 'Interrupted, or the run was stopped by a person.',
  readerGone: 'Whoever read stdout went away, as in `copse logs dark | head`.',
  terminated: 'Ended by SIGTERM.',
};

export function exitCodesText(): string {
  const rows = Object.entries(EXIT).map(([key, code]) => `| ${code} | ${MEANINGS[key as keyof typeof EXIT]} |`);
  return [
    '| exit | meaning |',
    '| --- | --- |',
    ...rows,
    '',
    'For a signal the code is 128 and its number. `exec` passes the exit code of its command on.',
  ].join('\n');
}
