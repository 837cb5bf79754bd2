import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { Here } from '../../repository/current-repository.ts';
import { startDetached, untilSettled } from '../../serve/start-detached.ts';
import { serveJson } from '../../view/serve/serve-json.ts';
import { serveLine } from '../../view/serve/serve-list.ts';
import * as say from '../../view/serve/serve-words.ts';
import type { Context } from '../command.ts';

/** Serves in another process, and returns once each server is up or has failed. */
export async function serveDetached(
  here: Here,
  args: readonly string[],
  o: { readonly json: boolean; readonly open: boolean },
  context: Context,
): Promise<ExitCode> {
  const { environment, self } = context;
  // Not the current directory: that may be a worktree, which is removed some day.
  const cwd = here.repository.root;
  const detached = await startDetached({ store: here.store, self, args, cwd, environment, clock: context.clock });
  const told = new Map<string, string>();
  const record = await untilSettled(detached, {
    clock: context.clock,
    onLook: ({ servers }) => {
      for (const server of servers) {
        const line = serveLine({ ...server, tail: [] });
        if (told.get(server.label) !== line) context.stderr.write(`${line}\n`);
        told.set(server.label, line);
      }
    },
  });
  if (o.json)
    context.stdout.write(`${JSON.stringify(serveJson({ page: record.page, lan: record.lan, servers: record.servers }))}\n`);
  else context.stdout.write(`${[record.page, ...record.lan].filter((link) => link !== null).join('\n')}\n`);
  if (record.lan.length > 0) context.stderr.write(`${say.lanWarning(record.lan.length, 'copse stop --serve')}\n`);
  if (o.open && record.page !== null && !(await context.openBrowser(record.page))) context.stderr.write(`${say.noBrowser}\n`);
  if (record.servers.every(({ state }) => state === 'failed')) {
    context.stderr.write(`${say.allFailed}\n`);
    return EXIT.failed;
  }
  context.stderr.write(`${say.goesOn}\n`);
  return EXIT.ok;
}
