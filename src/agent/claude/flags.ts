import type { Plan, PlannedVariant, Runner } from '../../model/plan.ts';
import { readsOutside } from './reads-outside.ts';

/** The built-in tools of `guarded` and `sandbox`. No skills, no worktrees, no timers: a repository's skill may grant itself tools. */
const TOOLS = ['Bash', 'Edit', 'Glob', 'Grep', 'NotebookEdit', 'Read', 'Task', 'TaskStop', 'TodoWrite', 'Write'];
/** Offered only if a rule of `allowedTools` names them: denied calls cost turns. */
const TOOLS_ON_REQUEST = ['WebFetch', 'WebSearch'];
/** Would leave the worktree or start work after the end, in any isolation. */
const NEVER = ['CronCreate', 'EnterWorktree', 'ExitWorktree', 'ScheduleWakeup'];

/** Flags without which an attempt would be something else than promised; looked for in `claude --help`. */
export const REQUIRED_FLAGS = [
  '--allowedTools',
  '--append-system-prompt',
  '--dangerously-skip-permissions',
  '--disallowedTools',
  '--max-budget-usd',
  '--mcp-config',
  '--output-format',
  '--permission-mode',
  '--permission-prompts',
  '--restricted',
  '--resume',
  '--session-id',
  '--setting-sources',
  '--settings',
  '--strict-mcp-config',
  '--system-prompt-snapshot',
  '--tools',
] as const;

/** Files for an attempt; null: not needed. */
export interface FlagFiles {
  readonly systemPrompt: string | null;
  readonly settings: string | null;
  readonly mcp: string | null;
  /** Definition of the profile that `--agent` names. */
  readonly agents: string | null;
}

export interface FlagOptions {
  readonly variant: PlannedVariant;
  readonly runner: Extract<Runner, { kind: 'claude' }>;
  readonly verify: Plan['verify'];
  readonly sessionId: string;
  readonly resume: boolean;
  /** At a terminal: a call that is not allowed becomes a question to the person. */
  readonly interactive?: boolean;
  readonly budgetUsd: number | null;
  readonly files: FlagFiles;
}

/** The argument vector of an attempt, without the program. The prompt comes on stdin. */
export function claudeArguments(o: FlagOptions): readonly string[] {
  const { runner, files, variant } = o;
  return [
    // stream-json requires --verbose.
    ...(o.interactive === true ? [] : ['-p', '--output-format', 'stream-json', '--verbose']),
    // Without `off` a resumed session keeps its first system prompt, whatever is appended now.
    ...(o.resume ? ['--resume', o.sessionId, '--system-prompt-snapshot', 'off'] : ['--session-id', o.sessionId]),
    ...isolationFlags(o),
    '--strict-mcp-config',
    ...flag('--mcp-config', files.mcp),
    ...flag('--settings', files.settings),
    ...flag('--append-system-prompt-file', files.systemPrompt),
    ...flag('--agents', files.agents),
    ...flag('--agent', runner.agent),
    ...flag('--model', runner.model),
    ...flag('--fallback-model', runner.fallbackModel),
    ...flag('--effort', runner.effort),
    ...flag('--max-budget-usd', o.budgetUsd === null ? null : dollars(o.budgetUsd)),
    ...flag('--max-turns', o.interactive === true || variant.limits.maxTurns === null ? null : String(variant.limits.maxTurns)),
  ];
}

/**
 * `--restricted` makes settings, hooks and MCP servers of repository and person inert and confines the file tools to the
 * worktree; with `--permission-prompts none` nothing ever waits for an answer. It refuses to run with bypass; there
 * `--setting-sources ''` keeps the repository's settings out instead.
 */
function isolationFlags(o: FlagOptions): readonly string[] {
  const { variant } = o;
  const denied = [...NEVER, ...variant.disallowedTools];
  if (variant.isolation === 'bypass')
    return ['--dangerously-skip-permissions', '--setting-sources', '', '--disallowedTools', ...denied];
  const allowed = [...new Set([...o.verify.flatMap(({ run, report }) => checkRules(run, report)), ...variant.allowedTools])];
  const asked = TOOLS_ON_REQUEST.filter((tool) => variant.allowedTools.some((rule) => toolOf(rule) === tool));
  return [
    '--restricted',
    '--permission-mode',
    'acceptEdits',
    ...(o.interactive === true ? [] : ['--permission-prompts', 'none']),
    '--tools',
    [...TOOLS, ...asked].join(','),
    ...(allowed.length === 0 ? [] : ['--allowedTools', ...allowed]),
    '--disallowedTools',
    ...denied,
    ...(variant.isolation === 'guarded' ? readsOutside(allowed) : []),
  ];
}

/**
 * The rule that lets the agent run a declared check: exactly this command. Null if no rule says exactly that: in a rule `*`
 * matches anything, so a check named `*` would allow every command.
 */
export function checkRule(command: string): string | null {
  const line = command.trim();
  return line === '' || line.includes('*') ? null : `Bash(${line})`;
}

/** What `init` and people add so that a check writes a report. */
const REPORT_FLAGS =
  /\s(?:--(?:reporter|outputFile(?:\.\w+)?|test-reporter|junitxml)=[\w./-]+|--json(?=\s+--outputFile)|-json)(?=\s|$)/g;

/** A check that writes a report may be run without it too: an agent reads what people read, and types the shorter command. */
function checkRules(run: string, report: string | null): readonly string[] {
  const plain = report === null ? run : run.replaceAll(REPORT_FLAGS, '').replace(/\s--\s*$/, '');
  return [run, plain].flatMap((line) => checkRule(line) ?? []);
}

function toolOf(rule: string): string {
  return rule.replace(/\(.*$/s, '').trim();
}

function flag(name: string, value: string | null): readonly string[] {
  return value === null ? [] : [name, value];
}

/** Claude Code takes plain decimals only; less than a hundredth of a cent is nothing. */
function dollars(usd: number): string {
  return String(Number(Math.max(usd, 0.0001).toFixed(4)));
}
