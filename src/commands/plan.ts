import * as z from 'zod/mini';
import { portRegistry } from '../config/port-registry.ts';
import { CopseError, type Problem } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import { type BaseLook, isStuck } from '../model/reports/base-look.ts';
import type { PlanResult } from '../plan/make-plan.ts';
import { exitOfProblems } from '../plan/problems-error.ts';
import { lookAtBase } from '../run/look-at-base.ts';
import { plannedArgv } from '../survey/planned-argv.ts';
import { baseLookText } from '../view/plan/base-look-text.ts';
import { planJson } from '../view/plan/plan-json.ts';
import { planText } from '../view/plan/plan-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { forReader } from './refuse-agent.ts';
import { beyondAgent } from './run/agent-room.ts';
import { type DrawnUp, drawUp, PLANNING_OPTIONS, type PlanningOptions, planningShape } from './run/planning.ts';
import { requireTrust } from './run/require-trust.ts';
import { startCommand } from './run/start-command.ts';
import { tellPlanted } from './tell-planted.ts';

type Options = PlanningOptions & { readonly trust?: string | undefined; readonly json: boolean; readonly full: boolean };

export const command = defineCommand({
  description:
    'Shows what run would create and execute, the isolation, the maximum cost, and every problem. Creates nothing. With --check it also runs set-up and checks on the base, in a scratch worktree, so that you know that they work before you pay.',
  examples: [
    { line: 'copse plan', does: 'all variants of variants.yaml' },
    { line: 'copse plan docs', does: 'one, and what it needs' },
    { line: 'copse plan --check', does: 'also run set-up and checks on the base' },
    { line: 'copse plan --json | jq .problems', does: 'for a script' },
  ],
  arguments: { variant: 'variants of the file (default: all)' },
  options: {
    ...PLANNING_OPTIONS,
    check: { kind: 'flag', summary: 'run set-up and checks on the base, and show the results' },
    trust: { kind: 'text', summary: 'with --check: approve what the repository runs, by the hash that plan shows' },
    json: JSON_OPTION,
    full: { kind: 'flag', summary: 'with --json: whole prompts' },
  },
  schema: z.strictObject({
    ...planningShape(),
    check: z.boolean(),
    trust: z.optional(z.string()),
    json: z.boolean(),
    full: z.boolean(),
  }),
  async run(options, context) {
    const drawn = await drawUp(options, context);
    tellPlanted(context);
    const { result } = drawn;
    const line = startCommand(options);
    // What an agent plans may be looked at; that it cannot start it is one of the problems.
    const beyond = result.plan === null ? null : await beyondAgent(drawn, result.plan, options, line, context);
    const problems = [...forReader(result.problems, context), ...(beyond === null ? [] : [asProblem(beyond)])];
    if (options.check && result.plan !== null && problems.length === 0) return check(drawn, result.plan, options, context);
    if (options.trust !== undefined && !options.check) {
      throw new CopseError({
        code: 'usage',
        exit: EXIT.usage,
        what: '--trust needs --check: planning alone runs nothing.',
        hint: 'Approve without running anything: copse trust',
      });
    }
    if (options.json) {
      printJson({ ...result, problems }, { full: options.full }, context);
    } else {
      const plan = isForAgent(context) && result.plan !== null ? withoutTrustHash(result.plan) : result.plan;
      const screen = { ...context.screen('stdout'), ...(beyond === null ? { startCommand: line } : {}) };
      context.stdout.write(`${planText(plan, problems, screen)}\n`);
    }
    return problems.length === 0 ? EXIT.ok : exitOfProblems(problems);
  },
});

function asProblem({ message: what, why, hint: fix, exit }: CopseError): Problem {
  return { what, exit, ...(why === undefined ? {} : { why }), ...(fix === undefined ? {} : { fix }) };
}

/** Set-up and checks on the base, once they are approved. */
async function check(drawn: DrawnUp, plan: Plan, options: Options, context: Context): Promise<ExitCode> {
  const { environment, stderr } = context;
  const { repository, store } = drawn.here;
  await requireTrust(plan, options.trust, startCommand(options, ['plan', '--check']), context);
  const stop = new AbortController();
  let stopped: ExitCode = EXIT.interrupted;
  const release = context.onSignal((signal) => {
    stopped = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    stop.abort();
  });
  try {
    const look = await lookAtBase({
      plan,
      repository,
      store,
      environment,
      portRegistry: portRegistry(environment, store),
      signal: stop.signal,
      onProgress: (doing) => void stderr.write(`Running ${doing} on the base.\n`),
    });
    if (options.json) {
      printJson({ plan, problems: [] }, { look, full: options.full }, context);
    } else {
      const screen = { ...context.screen('stdout'), startCommand: startCommand(options) };
      context.stdout.write(`${baseLookText(plan, look, screen)}\n`);
    }
    return isStuck(look) ? EXIT.precondition : EXIT.ok;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stderr.write('Stopped. Nothing was spent.\n');
    return stopped;
  } finally {
    release();
  }
}

function printJson(
  { plan, problems }: PlanResult,
  o: { readonly look?: BaseLook; readonly full: boolean },
  context: Context,
): void {
  const json = planJson(plan, problems, (variant) => plannedArgv(variant, plan?.verify ?? []), o);
  const shown = isForAgent(context) && json.trust !== null ? { ...json, trust: { ...json.trust, hash: null } } : json;
  context.stdout.write(`${JSON.stringify(shown)}\n`);
}

/** The hash is what approves: an agent must not approve for the person who runs it. */
const isForAgent = (context: Context): boolean => context.agent !== null;

function withoutTrustHash(plan: Plan): Plan {
  return { ...plan, trust: { ...plan.trust, hash: '<a person gets it from copse trust>' } };
}
