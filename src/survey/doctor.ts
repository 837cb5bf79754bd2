import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { loadSettings } from '../config/settings/load-settings.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import { openRepository, type Repository } from '../git/spawn/repository.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import { storeAt } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import { agentFacts } from './agent-facts.ts';
import { type DoctorCheck, ok } from './doctor-check.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { servingChecks } from './stale-serving.ts';
import { lockCheck, staleRunChecks } from './stale-state.ts';

/** Everything that copse needs, in the order in which it needs it. Changes nothing, and finds fault rather than fail itself. */
export async function diagnose(o: {
  readonly cwd: AbsolutePath;
  readonly environment: Environment;
}): Promise<readonly DoctorCheck[]> {
  const { environment } = o;
  const [git, found, agent, sandbox] = await Promise.all([
    gitCheck(),
    openRepository(o.cwd, { checkVersion: false }).catch(asFault),
    agentFacts(environment),
    sandboxFacts(environment),
  ]);
  const repository = found instanceof CopseError ? null : found;
  const [settings, own] = await Promise.all([
    settingsCheck(repository, environment),
    repository === null ? [] : repositoryChecks(repository),
  ]);
  return [
    git,
    repositoryCheck(found),
    ...agentChecks(agent),
    sandbox.available ? ok('sandbox', 'available') : sandboxCheck(sandbox),
    settings,
    ...own,
  ];
}

async function gitCheck(): Promise<DoctorCheck> {
  const fix = 'Install git 2.39 or newer.';
  try {
    const { text } = await gitIn('/', { reads: true }).run(['version']);
    const version = /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? text;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const enough = major > 2 || (major === 2 && minor >= 39);
    return enough
      ? ok('git', version)
      : { name: 'git', state: 'failed', found: `${version} is too old.`, fix, exit: EXIT.precondition };
  } catch (error) {
    // Any error of `git --version` is the finding.
    return { name: 'git', state: 'failed', found: asFault(error).message, fix, exit: EXIT.precondition };
  }
}

/** An error that a user can cause; anything else is a bug in copse and is thrown. */
function asFault(error: unknown): CopseError {
  if (error instanceof CopseError) return error;
  throw error;
}

function repositoryCheck(found: Repository | CopseError): DoctorCheck {
  if (found instanceof CopseError) {
    // Being outside of any repository is no fault of the machine's.
    const state = found.code === 'not-a-repository' ? 'warning' : 'failed';
    return { name: 'repository', state, found: found.message, fix: found.hint ?? null, exit: found.exit };
  }
  if (found.headCommit === null) {
    const fix = 'Make a first one: git add -A && git commit -m "First commit"';
    return { name: 'repository', state: 'warning', found: `${found.root} has no commit yet.`, fix, exit: EXIT.precondition };
  }
  return ok('repository', `${found.root}, ${found.headBranch === null ? 'HEAD detached' : `on ${found.headBranch}`}`);
}

function agentChecks(agent: PlanFacts['agent']): readonly DoctorCheck[] {
  const exit = EXIT.agent;
  if (agent.file !== null && agent.version === null) {
    return [
      {
        name: 'claude',
        state: 'failed',
        found: `${agent.file} failed to start.`,
        fix: `See what it says: ${agent.file} --version`,
        exit,
      },
    ];
  }
  if (agent.version === null) {
    const fix = 'Install Claude Code: npm install -g @anthropic-ai/claude-code';
    return [{ name: 'claude', state: 'failed', found: 'It was not found.', fix, exit }];
  }
  const lacks = agent.missingFlags.length === 0 ? '' : ` It lacks ${agent.missingFlags.join(', ')}.`;
  const version: DoctorCheck = agent.tooOld
    ? { name: 'claude', state: 'failed', found: `${agent.version} is too old.${lacks}`, fix: 'Update it: claude update', exit }
    : ok('claude', agent.version);
  const login: DoctorCheck =
    agent.loggedIn === null
      ? ok('login', 'cannot be checked without starting a session')
      : agent.loggedIn
        ? ok('login', 'logged in')
        : {
            name: 'login',
            state: 'failed',
            found: 'Claude Code is not logged in.',
            fix: 'Start claude and type /login, or set ANTHROPIC_API_KEY.',
            exit,
          };
  return [version, login];
}

/** Only `isolation: sandbox` needs it, so that its lack is no failure. */
function sandboxCheck(sandbox: PlanFacts['sandbox']): DoctorCheck {
  const { missing, why } = sandbox;
  const found =
    missing.length > 0
      ? `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing; only isolation sandbox needs it.`
      : `It does not work here; only isolation sandbox needs it. ${why ?? ''}`.trim();
  const fix =
    missing.length > 0
      ? 'Install the packages bubblewrap and socat.'
      : 'Allow unprivileged user namespaces, see bwrap --help; in a container, that depends on how it was started.';
  return { name: 'sandbox', state: 'warning', found, fix, exit: EXIT.precondition };
}

async function settingsCheck(repository: Repository | null, environment: Environment): Promise<DoctorCheck> {
  const { problems, files } = await loadSettings({ root: repository?.here ?? null, environment, flags: {} });
  const [first] = problems;
  if (first === undefined) return ok('settings', files.length === 0 ? 'built in' : files.join(', '));
  const where = first.position === undefined ? '' : `${first.position.file}:${first.position.line}: `;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return {
    name: 'settings',
    state: 'failed',
    found: `${where}${first.what}${more}`,
    fix: 'See all of them: copse config',
    exit: EXIT.usage,
  };
}

async function repositoryChecks(repository: Repository): Promise<readonly DoctorCheck[]> {
  const { commonDir } = repository;
  try {
    await access(commonDir, constants.W_OK | constants.X_OK);
  } catch {
    // Whatever the reason: no run can be recorded there.
    const found = `${commonDir} cannot be written to; copse keeps its state there.`;
    return [
      { name: 'state', state: 'failed', found, fix: `Make it yours: chown -R "$USER" '${commonDir}'`, exit: EXIT.precondition },
    ];
  }
  const store = storeAt(commonDir);
  return [await lockCheck(store), ...(await staleRunChecks(store)), ...(await servingChecks(store))];
}
