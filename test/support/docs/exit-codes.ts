import { EXIT } from '../../../src/model/exit-code.ts';

/** What each exit code means; a new one is a type error here until it has a meaning. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'Done. For `run`, `retry`, `resume`, `attach` and `wait`: every variant `succeeded` or `no-changes`, and no check fails. Also after leaving the live view.',
  failed: 'A variant failed, git refused, or something could not be done.',
  usage: 'The command line or a file is wrong.',
  precondition: 'A precondition is missing: not a repository, no run, not approved, locked, taken.',
  agent: 'Claude Code is missing, too old or not logged in, or its key was rejected.',
  running: '`wait --timeout`: still running.',
  bug: 'A bug in copse. The text on stderr is a report, with paths masked.',
  interrupted: 'Interrupted, or the run was stopped.',
  readerGone: 'The reader of stdout closed the pipe, as in `copse logs dark | head`.',
  terminated: 'Ended by SIGTERM.',
};

export function exitCodesText(): string {
  const rows = Object.entries(EXIT).map(([key, code]) => `| ${code} | ${MEANINGS[key as keyof typeof EXIT]} |`);
  return [
    '| exit | meaning |',
    '| --- | --- |',
    ...rows,
    '',
    'For a signal the code is 128 plus its number. `exec` returns the exit code of its command.',
  ].join('\n');
}
