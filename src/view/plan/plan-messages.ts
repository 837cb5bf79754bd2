import { count } from '../../text/amounts.ts';
/** Sentences of `plan`, and of problems and errors. */

export const lands = (target: string | null): string => (target === null ? 'no target' : `into ${target}`);
export const atATime = (n: number): string => `${n} at a time`;
export const needs = (names: readonly string[]): string => (names.length === 0 ? '' : `needs ${names.join(', ')}`);
export const command = (words: string): string => `command: ${words}`;
export const ownModel = 'default model';
export const eachAtMost = (timeout: string, budget: string): string => `${timeout}, ${budget}`;

export const labels = {
  told: 'Told',
  copies: 'Copies',
  setup: 'Setup',
  checks: 'Checks',
  protect: 'Protects',
  teardown: 'Teardown',
  serve: 'Serve',
  passes: 'Passes on',
  sets: 'Sets',
  grants: 'Grants',
  servers: 'MCP',
  disk: 'Disk',
  cost: 'Cost',
  limits: 'Limits',
  isolation: 'Isolation',
} as const;

export const cost = (amount: string): string => `at most ${amount} in all`;
export const noChecks = 'none, so nothing tells whether a variant works: add commands under `verify:`, or --verify "…"';
export const check = (o: { readonly name: string; readonly run: string; readonly report: string | null }): string =>
  `${o.name}: ${o.run}${o.report === null ? '' : ` (report: ${o.report})`}`;

export const disk = (o: {
  readonly each: string;
  readonly times: string;
  readonly n: number;
  readonly reflinks: boolean | null;
  readonly setUp: string | null;
  readonly free: string;
}): string => {
  const how = o.reflinks === null ? '' : o.reflinks ? ', shared by reflinks' : ', no reflinks here';
  const setUp = o.setUp === null ? '' : `, set-up took ${o.setUp} each before`;
  return `${o.each} ${o.times} ${o.n}${how}${setUp}, ${o.free} free`;
};
export const diskShort = 'That does not fit: free some space, or run fewer variants.';
export const limits = (timeout: string, idle: string, retries: number): string =>
  `${timeout} per attempt, ${idle} of silence, ${retries} ${retries === 1 ? 'retry' : 'retries'} after a transient failure`;
export const notUsed = (items: readonly string[]): string => `Not used: ${items.join(', ')}`;
export const preamble = 'Each agent is also told:';
export const preambleOf = (names: readonly string[]): string => `${names.join(', ')}: also told:`;

export const trustNone = 'Nothing in these files needs your approval.';
export const trustApproved = 'You have approved what these files run and grant.';
export const trustNeeded = 'These files will run these commands and grant these permissions. Review and approve them once:';
export const trustCommand = (start: string, hash: string): string =>
  `${start} asks; without a terminal: ${start} --trust ${hash}`;

export const nothingCreated = 'Nothing was created.';
export const startWith = (command_: string): string => `Start: ${command_}`;
export const problemCount = (n: number): string => `${count(n, 'problem')}; nothing was created.`;
