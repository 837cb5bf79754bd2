import * as z from 'zod/mini';
import { openHere } from '../repository/current-repository.ts';
import { defineCommand, JSON_OPTION } from './command.ts';
import { wholeNumber } from './option-values.ts';
import { refuseAgent } from './refuse-agent.ts';
import { clearVotesOf } from './serve/clear-votes-of.ts';
import { serveHere } from './serve/serve-here.ts';
import { serveDetached } from './serve/serve-in-background.ts';
import { serveTargets } from './serve/serve-targets.ts';

export const command = defineCommand({
  description:
    'Starts the server of each variant (serve in variants.yaml) in its worktree, on its own port, and shows all of them side by side on one page. Ctrl-C stops all of them.',
  examples: [
    { line: 'copse serve', does: 'all variants of the latest run' },
    { line: 'copse serve dark light --with-base', does: 'these two and their base' },
    { line: 'copse serve --lan', does: 'also for others on this network' },
    { line: 'copse serve --detach', does: 'in the background, until copse stop --serve' },
  ],
  arguments: { variant: 'dark, ui-2/dark, or a whole run like ui-2 (default: the latest run)' },
  options: {
    'with-base': { kind: 'flag', summary: 'also the base of the variants' },
    detach: { kind: 'flag', alias: 'd', summary: 'return once they are ready; copse stop --serve stops them' },
    port: { kind: 'text', summary: 'port of the page (default: any)' },
    'clear-votes': { kind: 'flag', summary: 'remove the votes of these runs first, e.g. of a rehearsal' },
    blind: { kind: 'flag', summary: 'hide names until each viewer has voted' },
    open: { kind: 'flag', summary: 'open the page in your browser' },
    lan: { kind: 'flag', summary: 'let others on this network open the page by a link; they can use the apps', group: 'Network' },
    trust: { kind: 'text', summary: 'approve what the repository runs, by the hash shown' },
    json: { ...JSON_OPTION, summary: 'print addresses as JSON once all are ready' },
    as: { kind: 'text', summary: 'the id of a detached one', hidden: true },
  },
  schema: z.strictObject({
    variant: z.array(z.string()),
    'with-base': z.boolean(),
    detach: z.boolean(),
    port: z.optional(wholeNumber({ min: 1, max: 65_535 })),
    'clear-votes': z.boolean(),
    blind: z.boolean(),
    open: z.boolean(),
    lan: z.boolean(),
    trust: z.optional(z.string()),
    json: z.boolean(),
    as: z.optional(z.string()),
  }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const line = ['copse serve', ...options.variant].join(' ');
    if (options.lan) refuseAgent(context, { what: 'An agent cannot show variants on the network.', line: `${line} --lan` });
    const named = { named: options.variant, withBase: options['with-base'], trust: options.trust, line };
    const toServe = await serveTargets(here, named, context);
    if (options['clear-votes']) await clearVotesOf(here, toServe, context);
    const page = { lan: options.lan, blind: options.blind, port: options.port ?? null };
    if (options.detach && options.as === undefined) {
      const words = [
        ...options.variant,
        ...(options['with-base'] ? ['--with-base'] : []),
        ...(page.lan ? ['--lan'] : []),
        ...(page.blind ? ['--blind'] : []),
        ...(page.port === null ? [] : ['--port', String(page.port)]),
      ];
      return serveDetached(here, words, { json: options.json, open: options.open }, context);
    }
    return serveHere(here, toServe, { json: options.json, open: options.open, as: options.as ?? null, page }, context);
  },
});
