import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Caller, callTool } from './call-tool.ts';
import { INSTRUCTIONS, TOOLS } from './tools.ts';

export interface McpStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Answers a client on stdin and stdout until stdin ends or `ended` aborts. */
export async function serveMcp(
  caller: Caller & { readonly version: string },
  streams: McpStreams,
  ended: AbortSignal,
): Promise<void> {
  const server = new Server(
    { name: 'copse', version: caller.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, description, properties, required, readOnly }) => ({
      name,
      description,
      inputSchema: {
        type: 'object' as const,
        properties: { ...properties },
        required: [...required],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: readOnly },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) throw new Error(`There is no tool ${params.name}.`);
    const { text, isError } = await callTool(tool, params.arguments, caller, AbortSignal.any([signal, ended]));
    return { content: [{ type: 'text' as const, text }], isError };
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    streams.stdin.once('end', resolve);
    ended.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport(streams.stdin, streams.stdout));
  await closed;
  await server.close();
}
