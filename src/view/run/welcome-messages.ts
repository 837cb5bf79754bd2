/** Sentences of bare `copse`. */

export const what = 'copse runs several approaches to one task side by side, each agent in its own worktree and branch.';
export const ways = [
  { verb: 'tour', label: 'See it', command: 'copse tour', note: 'one minute, offline, free' },
  { verb: 'run', label: 'Try it', command: 'copse run --prompt "…" --count 3', note: '' },
  { verb: 'init', label: 'Set it up', command: 'copse init', note: 'writes variants.yaml' },
] as const;
export const planIt = { label: 'Check it', command: 'copse plan' };
export const runIt = { label: 'Start it', command: 'copse run' };
export const watchIt = (run: string): { label: string; command: string } => ({ label: 'Watch', command: `copse attach ${run}` });
export const lookAround = { label: 'All runs', command: 'copse status' };

export const git = (version: string | null): string => (version === null ? 'git: not found' : `git ${version}`);
export const claude = (version: string | null): string => (version === null ? 'claude: not found on PATH' : `claude ${version}`);
export const login = (loggedIn: boolean | null): string =>
  loggedIn === null ? 'login: unknown' : loggedIn ? 'logged in' : 'not logged in';
export const branch = (name: string | null): string => (name === null ? 'no branch checked out' : `branch ${name}`);
export const noCommit = 'no commit yet: variants start from one';
export const noRepository = 'not in a git repository';
export const others = (n: number, landed: number): string => `${n} worktrees here, ${landed} landed: copse prune --others`;
