import type { Stranger } from '../system/port-strangers.ts';
import { count } from '../text/amounts.ts';

/** Sentences about a server. */

const seconds = (ms: number): string => {
  const whole = Math.round(ms / 1000);
  return whole < 120 || whole % 60 !== 0 ? `${whole} s` : `${whole / 60} min`;
};

const how = (code: number | null): string => (code === null ? 'It ended' : `It ended with exit code ${code}`);
const said = (line: string): string => (line.trim() === '' ? ' and printed nothing' : `: ${line.trim()}`);

export const settingUp = 'Its worktree is being set up.';
export const inBackground = (code: number): string =>
  `Its command ended with exit code ${code}; what it left in the background keeps running.`;
export const restarting = (code: number | null, n: number, most: number): string => `${how(code)}; restart ${n} of ${most}.`;
export const gaveUp = (code: number | null, restarts: number, cause: string): string =>
  `${how(code)}${restarts === 0 ? '' : `, also after ${count(restarts, 'restart')}`}${said(cause)}`;
export const notFound = (code: number, cause: string): string => `Its command cannot be run (exit code ${code})${said(cause)}`;
export const elsewhere = (ports: readonly number[], port: number): string =>
  `It listens on port ${ports.join(', ')}, not on its own port ${port}: its command must listen on $PORT.`;
export const answersBadly = (status: number, path: string, ms: number): string =>
  `It still answers ${path} with status ${status} after ${seconds(ms)}.`;
export const silent = (what: string, ms: number, tail: readonly string[]): string =>
  `${what} within ${seconds(ms)}; it printed ${tail.length === 0 ? 'nothing' : `last${said(tail.at(-1) ?? '')}`}`;
export const noAnswer = (port: number, path: string): string => `Nothing answers ${path} on its port ${port}`;
export const noUrl = (url: string): string => `Nothing answers at ${url}`;
export const noText = (text: string): string => `It did not print "${text}"`;
export const noPort = (port: number): string => `Nothing listens on its port ${port}`;
export const portTaken = (port: number): string => `Its port ${port} is in use by another program: stop it, then serve again.`;
export const portStolen = (port: number, { pid, uid }: Stranger): string => {
  const who = pid !== null ? `process ${pid}` : uid !== null ? `a program of user ${uid}` : 'another program';
  return `Its port ${port} was taken by ${who}, which is not the variant's server: stop it, then serve again.`;
};
export const stoppedElsewhere = 'Another command stopped it.';
export const survives = (pids: readonly number[]): string => `Processes that survived SIGKILL: ${pids.join(', ')}.`;
export const servedAlready = 'It is already served. See: copse status; stop it: copse stop --serve';
