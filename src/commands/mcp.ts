import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  description:
    'Speaks the Model Context Protocol on stdin and stdout, for agents other than Claude Code with its plugin: plan, run, status, wait, compare, diff, log, merge, prune, undo, retry and resume. Results stay below two kilobytes. It cannot approve, widen, execute or delete permanently.',
  examples: [{ line: 'claude mcp add variants -- copse mcp', does: 'for Claude Code, without the plugin' }],
  options: {},
  schema: z.strictObject({}),
  async run(_, context) {
    const ended = new AbortController();
    const release = context.onSignal(() => ended.abort());
    try {
      // The library takes longer to load than most commands take.
      const { serveMcp } = await import('../mcp/serve-mcp.ts');
      await serveMcp(context, context, ended.signal);
      return EXIT.ok;
    } finally {
      release();
    }
  },
});
