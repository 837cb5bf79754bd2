import { join } from 'node:path';
import { baseEnvironment } from '../../system/environment.ts';
import { replaceFile } from '../../system/files.ts';
import { temporaryVariables } from '../../system/temporary-folders.ts';
import type { AgentBackend, AttemptCommand, AttemptRequest } from '../backend.ts';
import { confiningPath } from './bwrap-for-root.ts';
import { claudeArguments } from './flags.ts';
import { agentProfile } from './installed/agent-profile.ts';
import { findClaude } from './installed/find-claude.ts';
import { credentialValues, loginVariables } from './installed/login-variables.ts';
import { memoryText } from './installed/memory-files.ts';
import { personSettings } from './installed/person-settings.ts';
import { removeSandboxLeftovers } from './sandbox-leftovers.ts';
import { sandboxSettings } from './sandbox-settings.ts';
import { ClaudeReader } from './stream/stream-reader.ts';
import { transcriptEntries } from './stream/transcript-entries.ts';

export const claudeBackend: AgentBackend = {
  kind: 'claude',
  resumable: true,
  prepare,
  reader: (options) => new ClaudeReader(options),
  secretValues: (environment) => credentialValues(loginVariables(environment)),
  tidy: removeSandboxLeftovers,
  transcript: transcriptEntries,
};

async function prepare(request: AttemptRequest): Promise<AttemptCommand> {
  const { variant, plan, environment, files } = request;
  const { runner } = variant;
  if (runner.kind !== 'claude') throw new Error(`variant ${variant.name} is not run by claude`);
  const person = await personSettings(environment);
  const login = { ...loginVariables(environment, person.env), ...person.env };
  const sandbox =
    variant.isolation === 'sandbox'
      ? {
          sandbox: await sandboxSettings({
            commonDir: plan.repository.commonDir,
            environment,
            login,
            temporary: request.temporary,
            allowedTools: variant.allowedTools,
          }),
        }
      : {};
  const profile = runner.agent === null ? null : await agentProfile(runner.agent, { worktree: request.worktree, environment });
  const memory = await memoryText({ worktree: request.worktree, environment });
  const write = async (name: string, text: string | null): Promise<string | null> => {
    if (text === null) return null;
    const path = join(files.extras, name);
    await replaceFile(path, text);
    return path;
  };
  const args = claudeArguments({
    variant,
    runner,
    verify: plan.verify,
    sessionId: request.sessionId,
    resume: request.resume,
    interactive: request.interactive === true,
    budgetUsd: request.budgetUsd,
    files: {
      systemPrompt: await write('system-prompt.md', [variant.preamble.trim(), memory].filter((part) => part !== '').join('\n\n')),
      settings: await write('settings.json', jsonUnlessEmpty({ ...person.handed, ...sandbox })),
      mcp: await write('mcp.json', variant.mcp === null ? null : JSON.stringify({ mcpServers: variant.mcp })),
      agents: await write('agents.json', profile === null ? null : JSON.stringify(profile)),
    },
  });
  await replaceFile(files.prompt, request.message);
  const isSandbox = environment['IS_SANDBOX'];
  return {
    // Not found: the shim's exit status 127 says so, in the attempt's own record.
    file: (await findClaude(environment)) ?? 'claude',
    args,
    env: {
      ...baseEnvironment(environment),
      // An update in the middle of a run would replace the program under the other variants.
      DISABLE_AUTOUPDATER: '1',
      ...login,
      ...temporaryVariables(request.temporary),
      // Without it all runs of Claude Code share `/tmp/claude-<uid>`. It is what its sandbox makes writable.
      CLAUDE_CODE_TMPDIR: request.temporary,
      ...(variant.isolation === 'sandbox' ? await confiningPath(files.extras, environment) : {}),
      // Root may bypass permissions only if the person declared the whole machine to be a sandbox.
      ...(variant.isolation === 'bypass' && isSandbox !== undefined ? { IS_SANDBOX: isSandbox } : {}),
      ...request.variables,
    },
    stdin: files.prompt,
    secretValues: credentialValues(login),
  };
}

function jsonUnlessEmpty(settings: object): string | null {
  return Object.keys(settings).length === 0 ? null : `${JSON.stringify(settings, null, 2)}\n`;
}
