import type { CheckResult } from '../model/evidence/check.ts';
import { shortLine } from '../text/plain-text.ts';

const WATCHER = 'It waits for files to change and never ends';
/** Of what it printed. */
const QUOTED = 60;

/** Why a command that watches files is no check. `line`: by which it said so. */
export function watcherDetail(line: string): string {
  return `${WATCHER} ("${shortLine(line, QUOTED)}"). Give a command that runs once.`;
}

/** Whether a check could not run because its command watches files, which is so on every commit. */
export function isWatcher({ status, detail }: CheckResult): boolean {
  return status === 'could-not-run' && detail.startsWith(WATCHER);
}
