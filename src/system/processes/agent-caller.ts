/**
 * Whether an AI agent typed a command: it, or a process above it, says so in its environment or by its program. Ancestors count because
 * `CLAUDECODE= copse trust` takes one word. An agent that detaches a process from all of its own is not found.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ambientEnvironment, type Environment } from '../environment.ts';
import { parseStat } from './linux-processes.ts';
import { MARKER_VARIABLE } from './process-identity.ts';

export interface AgentCaller {
  /** For a sentence: `Claude Code`. */
  readonly name: string;
  /** The environment that the outermost agent was started with, so the person's; null: unknown. */
  readonly startedWith: Readonly<Record<string, string>> | null;
}

/** A process as far as it tells who it is. */
export interface Ancestor {
  /** Its command line, word by word. */
  readonly words: readonly string[];
  /** What it was started with; null: the system does not say. */
  readonly environment: Readonly<Record<string, string>> | null;
}

/** Set by agents for what they start. The last one is copse's own, for what runs in a variant. */
const VARIABLES: Readonly<Record<string, string>> = {
  CLAUDECODE: 'Claude Code',
  CODEX_SANDBOX: 'Codex',
  CODEX_THREAD_ID: 'Codex',
  CODEX_CI: 'Codex',
  GEMINI_CLI: 'Gemini CLI',
  CURSOR_AGENT: 'Cursor',
  OPENCODE: 'OpenCode',
  AUGMENT_AGENT: 'Augment',
  CLINE_ACTIVE: 'Cline',
  AI_AGENT: 'an agent',
  [MARKER_VARIABLE]: 'an agent of copse',
};

export const AGENT_VARIABLES: readonly string[] = Object.keys(VARIABLES);

const PROGRAMS: Readonly<Record<string, string>> = {
  claude: 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  'cursor-agent': 'Cursor',
  opencode: 'OpenCode',
  aider: 'Aider',
  auggie: 'Augment',
};

/** Folders of packages that are started as `node …/cli.js`. */
const PACKAGES: readonly (readonly [folder: string, name: string])[] = [
  ['/@anthropic-ai/claude-code/', 'Claude Code'],
  ['/@anthropic-ai/claude-agent-sdk/', 'Claude Code'],
  ['/@openai/codex/', 'Codex'],
  ['/@google/gemini-cli/', 'Gemini CLI'],
];

/** Of our own environment and what is above us, nearest first. */
export function agentAmong(own: Readonly<Record<string, string>>, ancestors: readonly Ancestor[]): AgentCaller | null {
  const found = [byVariable(own), ...ancestors.map((one) => byProgram(one.words) ?? byVariable(one.environment ?? {}))];
  const name = found.find((one) => one !== null) ?? null;
  if (name === null) return null;
  // A process of an agent can have any environment; only the agent itself was started by another process.
  const outermost = ancestors.findLast(
    ({ words, environment }) => byProgram(words) !== null || environment?.[MARKER_VARIABLE] !== undefined,
  );
  return { name, startedWith: outermost?.environment ?? null };
}

function byVariable(environment: Readonly<Record<string, string>>): string | null {
  const variable = Object.keys(VARIABLES).find((name) => (environment[name] ?? '') !== '');
  return variable === undefined ? null : (VARIABLES[variable] ?? null);
}

function byProgram(words: readonly string[]): string | null {
  // The program, and what an interpreter was told to run.
  for (const word of words.slice(0, 2)) {
    const name = PROGRAMS[basename(word)] ?? PACKAGES.find(([folder]) => word.includes(folder))?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

/** All processes above one, nearest first. Synchronous: a few reads from the kernel's memory. */
export function ancestorsOf(pid: number): readonly Ancestor[] {
  return process.platform === 'darwin' ? macosAncestors(pid) : linuxAncestors(pid);
}

function linuxAncestors(pid: number): readonly Ancestor[] {
  const found: Ancestor[] = [];
  let next = linuxParent(pid);
  // A pid that is used again while we look could close a circle.
  for (const seen = new Set<number>(); next > 0 && !seen.has(next); next = linuxParent(next)) {
    seen.add(next);
    const environment = read(`/proc/${next}/environ`);
    found.push({
      words: (read(`/proc/${next}/cmdline`) ?? '').split('\0').filter((word) => word !== ''),
      environment: environment === null ? null : assignments(environment.split('\0')),
    });
  }
  return found;
}

function linuxParent(pid: number): number {
  return parseStat(pid, read(`/proc/${pid}/stat`) ?? '')?.parent ?? 0;
}

/** null: it ended meanwhile, or belongs to another user. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** `ps` prints words and assignments in one row, without quotes: enough for names of programs and variables. */
function macosAncestors(pid: number): readonly Ancestor[] {
  const { stdout } = spawnSync('ps', ['-axEwwo', 'pid=,ppid=,command='], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return psAncestors(stdout ?? '', pid);
}

/** From rows `pid ppid command`. */
export function psAncestors(output: string, pid: number): readonly Ancestor[] {
  const rows = new Map(
    output.split('\n').map((line) => {
      const [, own = '', parent = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return [Number(own), { parent: Number(parent), words: command.split(' ') }] as const;
    }),
  );
  const found: Ancestor[] = [];
  const seen = new Set([pid]);
  for (let at = rows.get(pid)?.parent ?? 0; at > 0 && !seen.has(at); at = rows.get(at)?.parent ?? 0) {
    seen.add(at);
    const { words } = rows.get(at) ?? { words: [] };
    found.push({ words, environment: assignments(words) });
  }
  return found;
}

function assignments(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  );
}

let once: AgentCaller | null | undefined;
/** The agent that started this process; null: a person or a script did. Asked for once. */
export function callingAgent(): AgentCaller | null {
  if (once === undefined) once = agentAmong(ambientEnvironment(), ancestorsOf(process.pid));
  return once;
}

/**
 * Our environment, with the folders of the person: an agent cannot bring settings and approvals of its own, they are where they were for
 * the person who started it.
 */
export function personEnvironment(): Environment {
  const own = ambientEnvironment();
  const person = callingAgent()?.startedWith ?? own;
  const isFolder = (name: string): boolean => ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'].includes(name);
  const kept = Object.entries(own).filter(([name]) => !isFolder(name));
  return Object.fromEntries([...kept, ...Object.entries(person).filter(([name]) => isFolder(name))]);
}
