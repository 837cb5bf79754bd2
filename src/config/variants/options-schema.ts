import * as z from 'zod/mini';
import {
  allowedTools,
  anyMap,
  command,
  count,
  disallowedTools,
  dollars,
  duration,
  environmentList,
  environmentMap,
  isolation,
  word,
} from './fields.ts';
import { HIDING_CHARACTERS } from './restricted.ts';

const environment = () =>
  z
    .union([environmentList('repository'), environmentMap('repository')], 'a list of names, or a map of names to values')
    .check(
      z.describe(
        'Environment of setup, agent and checks beyond the built-in list. A list of names to pass on from your own environment, or of NAME=value; ' +
          'or a map, where nothing after the colon passes your own value on. Values may hold {run} and {variant}.',
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
    z.describe("MCP servers, in Claude Code's own format: the same as below mcpServers of a .mcp.json."),
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
  model: z.optional(word('a model like sonnet').check(z.describe('Model: an alias like sonnet, opus or haiku, or a full name.'))),
  fallbackModel: z.optional(word('a model like sonnet').check(z.describe('Model to use while the wanted one is overloaded.'))),
  effort: z.optional(
    word('an effort like low, medium or high').check(
      z.describe('How hard the model thinks: low, medium, high, …'),
      z.meta({ examples: ['low', 'medium', 'high'] }),
    ),
  ),
  agent: z.optional(
    word('the name of an agent').check(z.describe('A Claude Code agent profile by name, also from .claude/agents.')),
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
          'What works on the variant: claude (the default), or { command: [program, argument…] }; any program, which reads the prompt on its standard input and whose exit code decides.',
        ),
      ),
  ),
  isolation: z.optional(
    isolation('repository').check(
      z.describe('sandbox or guarded (the default). A file of the repository may only tighten what you have set.'),
    ),
  ),
  allowedTools: z.optional(
    allowedTools('repository').check(
      z.describe('What the agent may use beyond file edits and read-only commands, e.g. Bash(npm test *).'),
      z.meta({ examples: [['Bash(npm test *)']] }),
    ),
  ),
  disallowedTools: z.optional(disallowedTools().check(z.describe('What the agent may not use, e.g. WebFetch.'))),
  mcp: z.optional(mcp()),
  env: z.optional(environment()),
  vars: z.optional(
    z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()], 'text'), 'a map of names to texts')
      .check(
        z.describe(
          'Texts for {{name}} in prompts. A variant adds to those of defaults. Write \\{{ for two braces that mean nothing.',
        ),
      ),
  ),
  timeout: z.optional(duration().check(z.describe('Wall clock of one attempt, e.g. 45m.'))),
  idleTimeout: z.optional(
    duration().check(z.describe('Silence while no tool is running, after which the attempt counts as stalled, e.g. 10m.')),
  ),
  budgetUsd: z.optional(dollars().check(z.describe('Most that one variant may cost with all its attempts, in US dollars.'))),
  maxTurns: z.optional(count(1, 10_000).check(z.describe('Most turns of one attempt.'))),
  retries: z.optional(
    count(0, 20).check(z.describe('How often a passing failure (overload, lost network) starts a new attempt.')),
  ),
  expect: z.optional(
    z
      .enum(['changes', 'answer'], 'changes or answer')
      .check(
        z.describe('What the result is: changes to files (the default), or an answer, as of an audit that changes nothing.'),
      ),
  ),
});
