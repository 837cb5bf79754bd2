import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { baseEnvironment, type Environment } from '../../../system/environment.ts';
import { makePrivateDirectory, readTextIfExists, replaceFile } from '../../../system/files.ts';
import { runCommand } from '../../../system/processes/run-command.ts';
import { REQUIRED_FLAGS } from '../flags.ts';
import { listOf, parseObject, textOf } from '../json.ts';
import { findClaude } from './find-claude.ts';
import { isLoggedIn, type RunClaude } from './login.ts';
import { loginVariables } from './login-variables.ts';

const PROBE_TIMEOUT_MS = 15_000;

export interface ClaudeProbe {
  /** Absolute path; null: there is none. */
  readonly file: string | null;
  /** Null also if it does not run. */
  readonly version: string | null;
  /** It lacks flags that an attempt needs. */
  readonly tooOld: boolean;
  readonly missingFlags: readonly string[];
  /** Null: cannot be found out for free. */
  readonly loggedIn: boolean | null;
}

/**
 * Which Claude Code there is and whether it can work. Spends nothing and runs nothing of the repository: only the person's
 * `claude`, away from the repository. `--help` is read once per version and file, cached in `cacheDir` (null: not cached).
 */
export async function probeClaude(environment: Environment, o: { readonly cacheDir: string | null }): Promise<ClaudeProbe> {
  const file = await findClaude(environment);
  if (file === null) return { file, version: null, tooOld: false, missingFlags: [], loggedIn: null };
  const run: RunClaude = (args) =>
    runCommand(file, args, {
      // Not the repository: Claude Code reads the settings of its working directory.
      cwd: '/',
      env: { ...baseEnvironment(environment), ...loginVariables(environment), DISABLE_AUTOUPDATER: '1' },
      timeoutMs: PROBE_TIMEOUT_MS,
      maxBytes: 4 * 1024 * 1024,
    }).then(({ exitCode, stdout }) => ({ exitCode, text: stdout.toString('utf8') }));
  const said = await run(['--version']);
  const version = /\d+\.\d+\.\d+\S*/.exec(said.text)?.[0] ?? null;
  if (version === null) return { file, version, tooOld: false, missingFlags: [], loggedIn: null };
  const features = await featuresOf(file, version, run, o.cacheDir);
  const missingFlags = REQUIRED_FLAGS.filter((flag) => !features.flags.includes(flag));
  const loggedIn = await isLoggedIn(environment, features.commands.includes('auth') ? run : null);
  return { file, version, tooOld: missingFlags.length > 0, missingFlags, loggedIn };
}

interface Features {
  readonly flags: readonly string[];
  readonly commands: readonly string[];
}

async function featuresOf(file: string, version: string, run: RunClaude, cacheDir: string | null): Promise<Features> {
  const { mtimeMs, size } = await stat(file);
  const key = `${file}\n${mtimeMs}\n${size}\n${version}`;
  const cache = cacheDir === null ? null : join(cacheDir, 'claude-features.json');
  const cached = cache === null ? null : parseObject((await readTextIfExists(cache)) ?? '');
  if (cached !== null && cached['key'] === key) return { flags: texts(cached['flags']), commands: texts(cached['commands']) };
  const help = await run(['--help']);
  const features = featuresIn(help.text);
  if (help.exitCode === 0 && cacheDir !== null && cache !== null) {
    try {
      await makePrivateDirectory(cacheDir);
      await replaceFile(cache, JSON.stringify({ key, ...features }));
    } catch {
      // Without a cache the next call reads the help again, a tenth of a second.
    }
  }
  return features;
}

/** Flags and commands that a `--help` text names. */
export function featuresIn(help: string): Features {
  const [options = '', commands = ''] = help.split(/^Commands:$/m);
  return {
    flags: [...new Set(options.match(/--[a-zA-Z][\w-]*/g) ?? [])],
    commands: [...commands.matchAll(/^ {2}([a-z][\w-]*)/gm)].flatMap((match) => match[1] ?? []),
  };
}

function texts(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}
