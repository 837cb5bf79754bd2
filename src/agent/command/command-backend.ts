import { isAbsolute } from 'node:path';
import { baseEnvironment } from '../../system/environment.ts';
import { replaceFile } from '../../system/files.ts';
import { temporaryVariables } from '../../system/temporary-folders.ts';
import { plainText } from '../../text/plain-text.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import type { AgentBackend, AttemptCommand, AttemptRequest } from '../backend.ts';
import { findOnPath } from '../find-on-path.ts';
import { CommandReader } from './command-reader.ts';

const MAX_LINE = 10_000;

/**
 * Any program as an agent: the prompt on stdin, its exit status decides, what it prints is its transcript and its last words the
 * summary. No login of Claude Code reaches it; what it needs is in the variant's `env`.
 */
export const commandBackend: AgentBackend = {
  kind: 'command',
  resumable: false,
  prepare,
  reader: (options) => new CommandReader(options),
  secretValues: () => [],
  async tidy() {
    // All files that such a program leaves are its work.
  },
  transcript(line) {
    const text = redactSecrets(plainText(line.toString('utf8', 0, Math.min(line.length, MAX_LINE))));
    return text.trim() === '' ? [] : [{ kind: 'text', text, subagent: false }];
  },
};

async function prepare(request: AttemptRequest): Promise<AttemptCommand> {
  const { variant, environment, files } = request;
  if (variant.runner.kind !== 'command') throw new Error(`variant ${variant.name} is not run by a command`);
  const [program, ...args] = variant.runner.command;
  if (program === undefined) throw new Error(`the runner of variant ${variant.name} is an empty command`);
  const parts = request.resume ? [request.message] : [variant.preamble.trim(), request.message];
  await replaceFile(files.prompt, `${parts.filter((part) => part !== '').join('\n\n')}\n`);
  const env = { ...baseEnvironment(environment), ...temporaryVariables(request.temporary), ...request.variables };
  return {
    // With a slash it is a path, taken from the worktree where relative, as a shell does.
    file: isAbsolute(program) || program.includes('/') ? program : ((await findOnPath(program, env)) ?? program),
    args,
    env,
    stdin: files.prompt,
    secretValues: [],
  };
}
