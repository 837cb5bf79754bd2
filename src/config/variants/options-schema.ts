import * as z from 'zod/mini';
import { sharedShape } from '../shared-options.ts';
import { allowedTools, anyMap, command, disallowedTools, environmentList, environmentMap, word } from './fields.ts';
import { HIDING_CHARACTERS } from './restricted.ts';

const environment = () =>
  z
    .union([environmentList('repository'), environmentMap('repository')], 'a list of names, or a map of names to values')
    .check(
      z.describe(
        'Environment variables for set-up, agent and checks, in addition to the built-in list: a list of names to pass on from your environment, or of NAME=value; ' +
          'or a map, in which an empty value passes on your own. Values may contain {repo}, {run} and {variant}.',
      ),
      z.meta({ examples: [['DATABASE_URL', 'APP_NAME=app-{variant}']] }),
    );

const mcp = () =>
  anyMap('a map of server names to servers').check(
    z.check((context) => {
      for (const [name, server] of Object.entries(context.value)) {
        const message = serverProblem(name, server);
        if (message !== null) context.issues.push({ code: 'custom', input: server, path: [name], message });
      }
    }),
    z.describe("MCP servers, in Claude Code's format: the same as mcpServers in .mcp.json."),
  );

function serverProblem(name: string, server: unknown): string | null {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return 'a name of letters, digits, "-" and "_"';
  if (typeof server !== 'object' || server === null || Array.isArray(server))
    return 'a map with command and args, or with type and url';
  return holdsHiding(server) ? 'values without control characters' : null;
}

function holdsHiding(value: unknown): boolean {
  if (typeof value === 'string') return HIDING_CHARACTERS.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([key, inner]) => HIDING_CHARACTERS.test(key) || holdsHiding(inner))
  );
}

/** What `defaults` and a variant may say alike. */
export const optionShape = () => ({
  ...sharedShape('repository', 'variants'),
  fallbackModel: z.optional(word('a model like sonnet').check(z.describe('Model to use while the first choice is overloaded.'))),
  agent: z.optional(
    word('the name of an agent').check(z.describe('Name of a Claude Code agent profile, also from .claude/agents.')),
  ),
  runner: z.optional(
    z
      .union(
        [
          z.literal('claude'),
          z.strictObject({
            command: z.array(command(), 'a list: a program and its arguments').check(z.minLength(1, 'a program')),
          }),
        ],
        'claude, or a map with command',
      )
      .check(
        z.describe(
          'The program that works on the variant: claude (the default), or { command: [program, argument…] }. The program reads the prompt from standard input; its exit code decides.',
        ),
      ),
  ),
  allowedTools: z.optional(
    allowedTools('repository').check(
      z.describe('Tools the agent may use besides file edits and read-only commands, e.g. Bash(npm test *).'),
      z.meta({ examples: [['Bash(npm test *)']] }),
    ),
  ),
  disallowedTools: z.optional(disallowedTools().check(z.describe('Tools the agent may not use, e.g. WebFetch.'))),
  mcp: z.optional(mcp()),
  env: z.optional(environment()),
  vars: z.optional(
    z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()], 'text'), 'a map of names to texts')
      .check(z.describe('Values for {{name}} in prompts. A variant adds to those of defaults. Write \\{{ for literal braces.')),
  ),
  expect: z.optional(
    z
      .enum(['changes', 'answer'], 'changes or answer')
      .check(
        z.describe(
          'The expected result: changes to files (the default), or an answer, for a task such as an audit that changes nothing.',
        ),
      ),
  ),
});
