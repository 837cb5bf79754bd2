import * as z from 'zod/mini';
import type { PlannedServe, Ready } from '../../model/plan.ts';
import { parseDuration } from '../../text/duration.ts';
import { command, duration, environmentMap } from './fields.ts';
import { HIDING_CHARACTERS } from './restricted.ts';

/* `serve`: how a variant is shown running. */

/** Long enough for a first build of a large app. */
const DEFAULT_TIMEOUT_MS = 120_000;

const ready = () => {
  const wanted = 'a path like /, a URL, or a text that it prints';
  return z.string(wanted).check(
    z.refine((value) => value.trim() !== '' && value.length <= 500 && !HIDING_CHARACTERS.test(value), wanted),
    z.refine(
      (value) => !/^https?:/i.test(value) || URL.canParse(filled(value)),
      'a whole URL like http://localhost:{port}/health',
    ),
    z.describe(
      'When the server is ready. A path (/health): its port answers there with a status below 500. A URL (http://localhost:{port}/health): the same for that URL. Any other text: the server has printed it. Default /.',
    ),
  );
};

/** With the places filled in that only a server can fill. */
const filled = (url: string): string => url.replace(/\{port\}|\$\{PORT\}|\$PORT/g, '41000');

const environment = () =>
  environmentMap('repository').check(
    z.refine(
      (value) => Object.values(value).every((one) => one !== null),
      'values; to pass your own on, name it below defaults.env',
    ),
    z.describe("Environment variables in addition to the variant's. Values may contain {run}, {variant} and {port}."),
  );

export const serve = () =>
  z
    .union(
      [
        command(),
        z.strictObject({
          run: command().check(z.describe('The command; a line for sh. PORT is the port to listen on.')),
          ready: z.optional(ready()),
          timeout: z.optional(duration().check(z.describe('How long it may take to become ready. Default 2m.'))),
          env: z.optional(environment()),
        }),
      ],
      'a command, or a map with run',
    )
    .check(
      z.describe("How to start the app: copse serve runs this command in each variant's worktree, with the variant's own PORT."),
      z.meta({ examples: [{ run: 'npm run dev -- --port $PORT', ready: '/' }] }),
    );

export function toServe(input: z.infer<ReturnType<typeof serve>>): PlannedServe {
  const said: Exclude<typeof input, string> = typeof input === 'string' ? { run: input } : input;
  return {
    run: said.run,
    ready: toReady(said.ready ?? '/'),
    timeoutMs: (said.timeout === undefined ? null : parseDuration(said.timeout)) ?? DEFAULT_TIMEOUT_MS,
    env: Object.fromEntries(Object.entries(said.env ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

function toReady(text: string): Ready {
  if (text.startsWith('/')) return { kind: 'path', path: text };
  return /^https?:/i.test(text) ? { kind: 'url', url: text } : { kind: 'text', text };
}
