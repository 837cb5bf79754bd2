import { platform } from 'node:os';
import { findOnPath } from '../agent/find-on-path.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { Environment } from '../system/environment.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { plainText, shortLine } from '../text/plain-text.ts';

const TRY_MS = 5_000;

/**
 * What Claude Code's sandbox needs (`sandbox.failIfUnavailable`) and ours for checks: bubblewrap and socat, on Linux. On macOS Claude Code
 * needs nothing, but checks have no sandbox of ours there yet, and half a sandbox is not what `sandbox` promises.
 */
const TOOLS: Readonly<Record<string, readonly string[]>> = { linux: ['bwrap', 'socat'] };

/**
 * Whether a sandbox can be had here: the tools are there, and bubblewrap really makes one. In many containers and under a
 * restrictive AppArmor it is installed and cannot (user namespaces are denied).
 */
export async function sandboxFacts(environment: Environment, system: string = platform()): Promise<PlanFacts['sandbox']> {
  const tools = TOOLS[system];
  if (tools === undefined) return { available: false, missing: [], why: `There is no sandbox for ${system}.` };
  const found = await Promise.all(tools.map(async (tool) => ({ tool, path: await findOnPath(tool, environment) })));
  const missing = found.filter(({ path }) => path === null).map(({ tool }) => tool);
  const bwrap = found.find(({ tool }) => tool === 'bwrap')?.path ?? null;
  if (missing.length > 0 || bwrap === null) return { available: missing.length === 0, missing, why: null };
  // The namespaces that Claude Code's sandbox and ours for checks ask for.
  const args = [
    '--new-session',
    '--die-with-parent',
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--unshare-net',
    '--unshare-pid',
    '--unshare-ipc',
    '--',
    '/bin/sh',
    '-c',
    'exit 0',
  ];
  const result = await runCommand(bwrap, args, { cwd: '/', env: { PATH: environment['PATH'] ?? '' }, timeoutMs: TRY_MS });
  if (result.exitCode === 0) return { available: true, missing, why: null };
  const said = firstLine(result.stderr.toString('utf8'));
  return {
    available: false,
    missing,
    why: `bwrap says: ${said === '' ? (result.startError ?? `exit ${result.exitCode ?? result.signal}`) : said}`,
  };
}

/** The first line that says something, fit to be shown. */
function firstLine(text: string): string {
  return shortLine(
    plainText(text)
      .split('\n')
      .find((line) => line.trim() !== '') ?? '',
    200,
  );
}
