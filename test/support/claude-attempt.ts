import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AttemptCommand, AttemptReader, AttemptStop } from '../../src/agent/backend.ts';
import { backendFor } from '../../src/agent/backend-for.ts';
import type { AgentSignal, AttemptFiles, AttemptVerdict } from '../../src/model/attempt.ts';
import type { Plan, PlannedVariant, Runner } from '../../src/model/plan.ts';
import { LineSplitter } from '../../src/system/follow.ts';
import { runCommand } from '../../src/system/processes/run-command.ts';
import { stopProcesses } from '../../src/system/processes/stop-processes.ts';
import { makeTemporary, removeTemporary } from '../../src/system/temporary-folders.ts';
import {
  type Endpoint,
  endpointEnvironment,
  type ScriptedTool,
  type ScriptedTurn,
  startEndpoint,
} from '../../src/tour/endpoint.ts';
import { barePlan } from './bare-plan.ts';
import { hermeticEnvironment } from './environment.ts';

export const CLAUDE: Extract<Runner, { kind: 'claude' }> = {
  kind: 'claude',
  model: null,
  fallbackModel: null,
  effort: null,
  agent: null,
};

export const bash = (command: string, more: object = {}): ScriptedTool => ({
  name: 'Bash',
  input: { command, description: 'd', ...more },
});

/** A person's home, a repository with one commit and a linked worktree of it, each in a temporary folder. */
export class Place {
  readonly top: string;
  readonly home: string;
  readonly repo: string;
  readonly worktree: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(top: string, home: string, env: Readonly<Record<string, string>>) {
    this.top = top;
    this.home = home;
    this.repo = join(top, 'app');
    this.worktree = join(top, 'app.worktrees', 'ui-dark');
    this.env = env;
  }

  static async create(files: Readonly<Record<string, string>> = {}): Promise<Place> {
    const top = await realpath(await mkdtemp(join(tmpdir(), 'a-')));
    const env = hermeticEnvironment();
    const place = new Place(top, env['HOME'] ?? top, env);
    await mkdir(place.repo);
    await place.git('init', '-q', '-b', 'main');
    for (const [path, text] of Object.entries({ 'readme.md': 'An app.\n', ...files }))
      await place.write(join(place.repo, path), text);
    await place.git('add', '-A', '-f');
    await place.git('commit', '-q', '-m', 'first');
    await place.git('worktree', 'add', '-q', '-b', 'ui/dark', place.worktree);
    return place;
  }

  async write(path: string, text: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  async git(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runCommand('git', ['-C', this.repo, ...args], { cwd: this.repo, env: this.env });
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString('utf8')}`);
    return stdout.toString('utf8').trim();
  }
}

export interface AttemptOptions {
  readonly variant?: Partial<PlannedVariant>;
  readonly plan?: Partial<Plan>;
  /** Answers of the model, in order; afterwards it says `Done.` */
  readonly turns?: readonly (ScriptedTurn | ScriptedTool | readonly ScriptedTool[])[];
  /** Over the person's environment and the endpoint's; `undefined` takes a name away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly message?: string;
  readonly sessionId?: string;
  readonly resume?: boolean;
  readonly sessionCostUsd?: number;
  readonly budgetUsd?: number | null;
  readonly stopped?: AttemptStop;
  /** Called with each signal while it runs. */
  readonly onSignal?: (signal: AgentSignal, kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with each line of its output while it runs. */
  readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export interface Attempted {
  readonly verdict: AttemptVerdict;
  readonly signals: readonly AgentSignal[];
  readonly command: AttemptCommand;
  readonly files: AttemptFiles;
  readonly exitCode: number;
  readonly stderr: string;
  readonly lines: readonly Buffer[];
  readonly reader: AttemptReader;
  readonly requests: Endpoint['requests'];
  /** What each tool call got, in order. */
  readonly results: readonly { readonly text: string; readonly failed: boolean }[];
  readonly url: string;
}

/** One whole attempt as a supervisor makes it: prepared by the backend, stdin and output as files, read to the end. */
export async function attempt(place: Place, o: AttemptOptions = {}): Promise<Attempted> {
  const turns = (o.turns ?? []).map(
    (turn): ScriptedTurn => (Array.isArray(turn) ? { tools: turn } : 'name' in turn ? { tools: [turn] } : (turn as ScriptedTurn)),
  );
  let asked = 0;
  const endpoint = await startEndpoint(() => {
    asked += 1;
    return turns[asked - 1] ?? { text: 'Done.' };
  });
  try {
    const folder = await mkdtemp(join(place.top, 'attempt-'));
    const file = (name: string): string => join(folder, name);
    const files: AttemptFiles = {
      prompt: file('prompt'),
      stdout: file('out'),
      stderr: file('err'),
      exit: file('exit'),
      extras: file('extras'),
    };
    await mkdir(files.extras, { mode: 0o700 });
    const environment: Record<string, string> = {
      ...place.env,
      ...endpointEnvironment(endpoint.url, place.home),
      CLAUDE_CODE_MAX_RETRIES: '2',
    };
    for (const [name, value] of Object.entries(o.env ?? {})) {
      if (value === undefined) delete environment[name];
      else environment[name] = value;
    }
    const variant = sampleVariant(place, o.variant);
    const backend = backendFor(variant.runner);
    const temporary = await makeTemporary(environment, folder);
    const command = await backend.prepare({
      variant,
      plan: samplePlan(place, variant, o.plan),
      worktree: place.worktree,
      files,
      temporary,
      sessionId: o.sessionId ?? randomUUID(),
      resume: o.resume ?? false,
      message: o.message ?? variant.prompt,
      budgetUsd: o.budgetUsd === undefined ? 2 : o.budgetUsd,
      environment,
      variables: { COPSE_RUN: 'ui', COPSE_VARIANT: 'dark' },
      sessionCostUsd: o.sessionCostUsd ?? 0,
    });
    const reader = backend.reader({ sessionCostUsd: o.sessionCostUsd ?? 0, secretValues: command.secretValues, model: null });
    const marker = randomUUID();
    const marked = { ...command, env: { ...command.env, COPSE_MARKER: marker } };
    const ran = await run(marked, files, place.worktree, reader, o);
    // Commands of a killed agent keep running, each in its own session.
    await stopProcesses({ root: null, marker, force: true });
    await backend.tidy(place.worktree);
    await removeTemporary(environment, folder);
    const verdict = reader.settle({
      exit: { code: ran.exitCode, timedOut: false },
      stderrTail: ran.stderr.slice(-4000),
      stopped: o.stopped ?? null,
    });
    return {
      ...ran,
      verdict,
      command,
      files,
      reader,
      requests: endpoint.requests,
      results: resultsIn(ran.lines),
      url: endpoint.url,
    };
  } finally {
    await endpoint.close();
  }
}

async function run(command: AttemptCommand, files: AttemptFiles, cwd: string, reader: AttemptReader, o: AttemptOptions) {
  const stdin = await open(command.stdin, 'r');
  const signals: AgentSignal[] = [];
  const lines: Buffer[] = [];
  const splitter = new LineSplitter();
  let stderr = '';
  try {
    const child = spawn(command.file, command.args, { cwd, env: command.env, stdio: [stdin.fd, 'pipe', 'pipe'], detached: true });
    const take = (line: Buffer): void => {
      lines.push(line);
      o.onLine?.(line.toString('utf8'), (name) => child.kill(name));
      for (const signal of reader.push(line)) {
        signals.push(signal);
        o.onSignal?.(signal, (name) => child.kill(name));
      }
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      for (const line of splitter.push(chunk)) take(line);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => ('code' in error && error.code === 'ENOENT' ? resolve(127) : reject(error)));
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : signal === 'SIGTERM' ? 15 : 2)));
    });
    const rest = splitter.rest();
    if (rest.length > 0) take(rest);
    await writeFile(files.stdout, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    return { exitCode, stderr, lines, signals };
  } finally {
    await stdin.close();
  }
}

export function sampleVariant(place: Pick<Place, 'worktree'>, o: Partial<PlannedVariant> = {}): PlannedVariant {
  return {
    name: 'dark',
    branch: 'ui/dark',
    worktree: place.worktree,
    prompt: 'Do the task.',
    preamble: 'You are working on one variant of a task, named "dark".',
    needs: [],
    expect: 'changes',
    runner: CLAUDE,
    isolation: 'guarded',
    allowedTools: [],
    disallowedTools: [],
    mcp: null,
    env: { pass: [], set: {} },
    limits: { timeoutMs: 60_000, idleTimeoutMs: 60_000, budgetUsd: 2, maxTurns: null, retries: 0 },
    ...o,
  };
}

export function samplePlan(place: Pick<Place, 'repo'>, variant: PlannedVariant, o: Partial<Plan> = {}): Plan {
  return barePlan({
    run: 'ui',
    repository: { commonDir: join(place.repo, '.git'), root: place.repo },
    base: { ref: 'main', commit: '0'.repeat(40) },
    target: 'main',
    isolation: variant.isolation,
    concurrency: 1,
    totalBudgetUsd: 2,
    variants: [variant],
    ...o,
  });
}

/** Tool results in the order of the stream. */
function resultsIn(lines: readonly Buffer[]): Attempted['results'] {
  const results: { text: string; failed: boolean }[] = [];
  for (const line of lines) {
    let message: { type?: string; message?: { content?: unknown } };
    try {
      message = JSON.parse(line.toString('utf8')) as typeof message;
    } catch {
      // Not NDJSON: the command backend's own output.
      continue;
    }
    if (message.type !== 'user' || !Array.isArray(message.message?.content)) continue;
    for (const block of message.message.content as { type: string; content: unknown; is_error?: boolean }[]) {
      if (block.type !== 'tool_result') continue;
      const text = typeof block.content === 'string' ? block.content : JSON.stringify(block.content);
      results.push({ text, failed: block.is_error === true });
    }
  }
  return results;
}

/** The lines of a recorded stream. */
export async function recorded(name: string): Promise<readonly Buffer[]> {
  const bytes = await readFile(new URL(`../fixtures/streams/${name}.ndjson`, import.meta.url));
  const splitter = new LineSplitter();
  return splitter.push(bytes);
}
