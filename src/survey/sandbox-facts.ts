import { mkdir, mkdtemp } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../agent/find-on-path.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import { baseEnvironment, type Environment } from '../system/environment.ts';
import { type CommandResult, runCommand } from '../system/processes/run-command.ts';
import { removeTree } from '../system/remove-tree.ts';
import { sandboxed } from '../system/sandbox/sandboxed.ts';
import { plainText, shortLine } from '../text/plain-text.ts';

const TRY_MS = 5_000;

/**
 * The requirements of Claude Code's sandbox (`sandbox.failIfUnavailable`) and of copse's own for checks: bubblewrap and socat, on Linux. On macOS Claude Code
 * needs nothing, but copse has no sandbox for checks there yet, and half a sandbox is not what `sandbox` promises.
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
  const folder = await mkdtemp(join(tmpdir(), 'copse-try-'));
  let result: CommandResult;
  try {
    result = await tryOut(folder, environment);
  } finally {
    await removeTree(folder);
  }
  if (result.exitCode === 0) return { available: true, missing, why: null };
  const said = firstLine(result.stderr.toString('utf8'));
  if (result.exitCode === NOT_HELD) return { available: false, missing, why: said };
  return {
    available: false,
    missing,
    why: `bwrap says: ${said === '' ? (result.startError ?? `exit ${result.exitCode ?? result.signal}`) : said}`,
  };
}

/** No status of bubblewrap's own. */
const NOT_HELD = 77;
/** Runs in the sandbox. As root, and in some containers, a sandbox can be made that does not hold. */
const PROOF = `
refuse() { echo "$1" >&2; exit ${NOT_HELD}; }
while read -r name value; do
  case $name in CapPrm:|CapEff:|CapBnd:) [ "$value" = 0000000000000000 ] ||
    refuse 'Commands in the sandbox would keep capabilities of root.' ;; esac
done </proc/self/status
[ ! -w /proc/sys/kernel/core_pattern ] || refuse 'Commands in the sandbox could write to /proc/sys.'
[ ! -w /usr ] && [ ! -w / ] || refuse 'Commands in the sandbox could write to the files of the machine.'
`;

/** The very sandbox that checks get, around a proof that it holds. */
async function tryOut(folder: string, environment: Environment): Promise<CommandResult> {
  const place = { worktree: join(folder, 'worktree'), commonDir: null, temporary: join(folder, 'temporary') };
  for (const path of [place.worktree, place.temporary]) await mkdir(path);
  const env = baseEnvironment(environment);
  const [file = '', ...args] = await sandboxed(['/bin/sh', '-c', PROOF], { ...place, env });
  return runCommand(file, args, { cwd: '/', env, timeoutMs: TRY_MS });
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
