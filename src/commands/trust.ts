import * as z from 'zod/mini';
import { readConfiguration } from '../config/read-configuration.ts';
import { planTrust } from '../config/trust/plan-approval.ts';
import { trustHash, trustItems } from '../config/trust/trust-items.ts';
import { trustStore } from '../config/trust/trust-store.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId } from '../model/ids.ts';
import type { TrustPlan } from '../model/plan.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { planOf } from '../repository/plan-of.ts';
import { readRun } from '../repository/read-runs.ts';
import { trustFacts } from '../survey/trust-facts.ts';
import { count } from '../text/amounts.ts';
import { oneLine } from '../text/plain-text.ts';
import { shellWord } from '../text/shell-word.ts';
import { trustText } from '../view/plan/trust-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { someText } from './option-values.ts';
import { placesOf } from './run/planning.ts';
import { trustGit } from './trust/trust-git.ts';

export const command = defineCommand({
  description:
    'Shows everything that the files of this repository run or grant, and stores your approval outside the repository. If they change, copse asks again.',
  examples: [
    { line: 'copse trust', does: 'review it, then approve it' },
    { line: 'copse trust --list', does: 'what you have approved, in all repositories' },
    { line: 'copse trust --revoke', does: 'revoke the approval' },
    { line: 'copse trust --git', does: 'accept hooks and settings in .git that changed while agents worked' },
  ],
  arguments: { hash: 'approve without being asked: the hash that plan shows' },
  options: {
    file: { kind: 'text', alias: 'f', summary: 'the variants file (default: variants.yaml)', file: true },
    run: {
      kind: 'text',
      summary: 'a run as its record has it, instead of the files: one that another copse made, or that was changed',
    },
    git: {
      kind: 'flag',
      summary: 'hooks, filters and settings in .git that changed while agents worked, instead of the files',
    },
    list: { kind: 'flag', summary: 'list approvals instead' },
    revoke: { kind: 'flag', summary: 'revoke approvals for this repository' },
    json: JSON_OPTION,
  },
  schema: z.strictObject({
    hash: z.optional(someText('a hash')),
    file: z.optional(someText('a path')),
    run: z.optional(someText('a run')),
    git: z.boolean(),
    list: z.boolean(),
    revoke: z.boolean(),
    json: z.boolean(),
  }),
  async run(options, context) {
    const store = trustStore(context.environment);
    if (options.list) {
      const approvals = await store.list();
      const lines = approvals.map(({ hash, commonDir, items }) => `${hash}  ${items.length} items  ${oneLine(commonDir)}`);
      context.stdout.write(
        options.json ? `${JSON.stringify({ schema: 1, approvals })}\n` : lines.map((line) => `${line}\n`).join(''),
      );
      return EXIT.ok;
    }
    const here = await openHere(context.cwd);
    if (options.git) return trustGit(here, options.hash, options.json, context);
    const { repository } = here;
    const { commonDir } = repository;
    if (options.revoke) {
      const own = (await store.list()).filter((approval) => approval.commonDir === commonDir);
      const gone = own.filter((approval) => options.hash === undefined || approval.hash === options.hash);
      for (const { hash } of gone) await store.revoke(hash);
      context.stderr.write(
        gone.length === 0 ? 'There was no approval to revoke.\n' : `Revoked ${count(gone.length, 'approval')}.\n`,
      );
      return EXIT.ok;
    }
    const file = options.file === undefined ? '' : ` -f ${shellWord(options.file)}`;
    const line = options.run === undefined ? `copse trust${file}` : `copse trust --run ${shellWord(options.run)}`;
    const trust =
      options.run === undefined ? await trustOfFiles(repository, options.file, context) : await trustOfRun(options.run, context);
    const { hash, items } = trust;
    if (options.json) {
      // The hash is what approves: an agent must not learn it from here.
      context.stdout.write(`${JSON.stringify({ schema: 1, ...trust, hash: isAgent(context) ? null : hash })}\n`);
    }
    if (!trust.needed || trust.approved) {
      if (!options.json) context.stdout.write(`${trustText(trust, context.screen('stdout'))}\n`);
      return EXIT.ok;
    }
    if (isAgent(context)) throw notForAgents(line);
    if (options.json && options.hash === undefined) return EXIT.ok;
    await decide(trust, line, options.hash, context);
    await store.approve({ hash, commonDir, items });
    context.stderr.write('Approved. If any of this changes, copse asks again.\n');
    return EXIT.ok;
  },
});

/** Of the files as they are now. */
async function trustOfFiles(repository: Here['repository'], path: string | undefined, context: Context): Promise<TrustPlan> {
  const { environment } = context;
  const { file, settings } = await readConfiguration({
    ...placesOf(repository),
    cwd: context.cwd,
    file: path ?? null,
    environment,
  });
  const { worktreeInclude, approved } = await trustFacts({ repository, file, settings, environment });
  const items = trustItems(file, settings, { worktreeInclude });
  const hash = trustHash(repository.commonDir, items);
  return { needed: items.length > 0, hash, items, approved: approved(hash) };
}

/** Of a run as its record has it. */
async function trustOfRun(run: RunId, context: Context): Promise<TrustPlan> {
  const { store } = await openHere(context.cwd);
  return planTrust(await planOf((await readRun(store, run)).paths), context.environment);
}

const isAgent = (context: Context): boolean => context.agent !== null;

/** Returns if the person says yes; throws otherwise. */
async function decide(trust: TrustPlan, line: string, given: string | undefined, context: Context): Promise<void> {
  if (given !== undefined) {
    if (given === trust.hash) return;
    throw new CopseError({
      code: 'other-hash',
      exit: EXIT.precondition,
      what: 'The hash does not match what these files run and grant now.',
      why: 'They have changed since, or the hash belongs to another repository.',
      hint: `Review them again:\n  ${line}`,
    });
  }
  context.stderr.write(`${trustText(trust, context.screen('stderr'))}\n`);
  if (!context.interactive) {
    throw new CopseError({
      code: 'not-trusted',
      exit: EXIT.precondition,
      what: 'What this repository wants to run is not approved.',
      why: 'There is no terminal to ask on.',
      hint: `Approve what is shown above:\n  ${line} ${trust.hash}`,
    });
  }
  const answer = await context.ask('Approve this for this repository? [y/N] ');
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: 'Nothing was approved.',
    hint: `To be asked again:\n  ${line}`,
  });
}

function notForAgents(line: string): CopseError {
  return new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: 'What this repository wants to run is not approved.',
    why: 'Only a person can approve it.',
    hint: `Ask a person to run, in their own terminal: ${line}`,
  });
}
