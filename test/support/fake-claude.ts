import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * A program that is on PATH as `claude`, for behaviour that the real one does not have: garbage, huge lines, deafness to signals.
 * It answers --version and --help as the real one does, and otherwise does what its script says.
 */

const HELP_FLAGS = [
  '--agent',
  '--agents',
  '--allowedTools',
  '--append-system-prompt-file',
  '--append-system-prompt',
  '--disallowedTools',
  '--dangerously-skip-permissions',
  '--effort',
  '--fallback-model',
  '--fork-session',
  '--json-schema',
  '--max-budget-usd',
  '--max-turns',
  '--mcp-config',
  '--model',
  '--name',
  '--output-format',
  '--permission-mode',
  '--permission-prompts',
  '--print',
  '--restricted',
  '--resume',
  '--session-id',
  '--setting-sources',
  '--settings',
  '--strict-mcp-config',
  '--system-prompt-snapshot',
  '--tools',
  '--verbose',
  '--add-dir',
];

/** What a script can use: `emit`, `init`, `say`, `call`, `done`, `sleep`, `variant`, `prompt`, `args`, `fs`, `cp`, `process`. */
const PRELUDE = `
const fs = require('node:fs');
const cp = require('node:child_process');
const args = process.argv.slice(2);
const valueOf = (flag) => args[args.indexOf(flag) + 1];
const variant = process.env.COPSE_VARIANT;
const prompt = fs.readFileSync(0, 'utf8');
const session = args.includes('--resume') ? valueOf('--resume') : valueOf('--session-id');
const raw = (text) => fs.writeSync(1, text);
const emit = (message) => raw(JSON.stringify({ session_id: session, uuid: 'u', ...message }) + '\\n');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let messages = 0;
const usage = { input_tokens: 100, output_tokens: 20, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const init = (more = {}) => emit({ type: 'system', subtype: 'init', cwd: process.cwd(), tools: ['Bash', 'Edit', 'Write', 'Read'], mcp_servers: [], model: 'claude-fake-1', permissionMode: 'acceptEdits', claude_code_version: '2.1.329', apiKeySource: 'ANTHROPIC_API_KEY', ...more });
const assistant = (content, more = {}) => emit({ type: 'assistant', parent_tool_use_id: null, message: { id: 'msg_' + ++messages, type: 'message', role: 'assistant', model: 'claude-fake-1', content, usage }, ...more });
const say = (text) => assistant([{ type: 'text', text }]);
const call = (name, input, result = 'ok') => {
  const id = 'toolu_' + (messages + 1);
  assistant([{ type: 'tool_use', id, name, input }]);
  if (result !== null) emit({ type: 'user', parent_tool_use_id: null, message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] } });
  return id;
};
const done = (more = {}) => emit({ type: 'result', subtype: 'success', is_error: false, duration_ms: 5, num_turns: messages, result: 'Done by ' + variant + '.', total_cost_usd: 0.01, usage, modelUsage: { 'claude-fake-1': { inputTokens: 100, outputTokens: 20, cacheReadInputTokens: 0, cacheCreationInputTokens: 0, costUSD: 0.01 } }, permission_denials: [], terminal_reason: 'completed', ...more });
`;

/** Puts a `claude` into `bin` that runs `script` (the body of an async function) for each attempt. Returns `bin`. */
export async function fakeClaude(bin: string, script: string): Promise<string> {
  await mkdir(bin, { recursive: true });
  const attempt = join(bin, 'attempt.cjs');
  await writeFile(
    attempt,
    `${PRELUDE}\n(async () => {\n${script}\n})().catch((error) => { console.error(error); process.exit(99); });\n`,
  );
  // The first questions of each run are answered by the shell: Node takes 40 ms to start.
  const text = `#!/bin/sh
for word; do
  case $word in
    --version) echo '2.1.329 (Claude Code)'; exit ;;
    --help) echo 'Usage: claude'; printf '  %s  x\\n' ${HELP_FLAGS.join(' ')}; exit ;;
  esac
done
if [ "$1" = auth ]; then echo '{"loggedIn":true,"authMethod":"api_key"}'; exit; fi
exec '${process.execPath}' '${attempt}' "$@"
`;
  const file = join(bin, 'claude');
  await writeFile(file, text);
  await chmod(file, 0o755);
  return bin;
}

/** The plainest good attempt: writes a file named after its variant. */
export const WRITES_A_FILE = `
init();
fs.writeFileSync(variant + '.txt', 'by ' + variant + '\\n');
call('Write', { file_path: variant + '.txt', content: 'by ' + variant });
say('Wrote it.');
done();
`;
