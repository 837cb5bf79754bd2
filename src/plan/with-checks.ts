import type { VariantName } from '../model/ids.ts';
import type { Plan, PlannedCheck, PlannedMetric } from '../model/plan.ts';
import type { CheckChange } from '../model/reports/check-changes.ts';

/**
 * A run's plan with the checks and metrics of another one, and whatever these depend on. The rights of a variant stay as the run had them, and
 * so does its start. Variants that `now` lacks are left out. Pure.
 */
export function withChecks(plan: Plan, now: Plan): Plan {
  const { copy, setup, verify, protect, metrics, commandTimeoutMs, trust } = now;
  return {
    ...plan,
    ...{ copy, setup, verify, protect, metrics, commandTimeoutMs, trust },
    variants: plan.variants.flatMap((variant) => {
      const own = now.variants.find(({ name }) => name === variant.name);
      return own === undefined ? [] : [{ ...variant, env: own.env }];
    }),
  };
}

/** What {@link withChecks} would change for these variants. Pure. */
export function checkChanges(plan: Plan, now: Plan, variants: readonly VariantName[]): readonly CheckChange[] {
  const linesOf = (one: Plan): readonly (readonly [string, string])[] => [
    ...one.copy.entries.map((entry) => ['copy', entry] as const),
    // One line: they build on each other, so that their order counts.
    ...(one.setup.length === 0 ? [] : [['setup', one.setup.join(' && ')] as const]),
    ...one.verify.map((check) => [`verify.${check.name}`, checkText(check)] as const),
    ...one.metrics.map((metric) => [`metrics.${metric.name}`, metricText(metric)] as const),
    ...one.protect.map((pattern) => ['protect', pattern] as const),
    ['commandTimeout', `${one.commandTimeoutMs / 1000}s`],
    ...one.variants
      .filter(({ name }) => variants.includes(name))
      .flatMap(({ name, env }) => [
        ...env.pass.map((variable) => [`variants.${name}.env`, variable] as const),
        ...Object.entries(env.set).map(([variable, value]) => [`variants.${name}.env`, `${variable}=${value}`] as const),
      ]),
  ];
  const [before, after] = [linesOf(plan), linesOf(now)];
  const isIn = (lines: readonly (readonly [string, string])[], [where, text]: readonly [string, string]): boolean =>
    lines.some(([otherWhere, otherText]) => otherWhere === where && otherText === text);
  const changes: CheckChange[] = [
    ...before.filter((line) => !isIn(after, line)).map(([where, text]) => ({ kind: 'removed', where, text }) as const),
    ...after.filter((line) => !isIn(before, line)).map(([where, text]) => ({ kind: 'added', where, text }) as const),
  ];
  // Replaced commands come as a pair, new ones last.
  const order = [...new Set(changes.map(({ where }) => where))];
  return order.flatMap((where) => changes.filter((change) => change.where === where));
}

function checkText({ run, report, repeat, tests }: PlannedCheck): string {
  return withMore(run, [
    ['report', report],
    ['repeat', repeat === 1 ? null : repeat],
    ['tests', tests.length === 0 ? null : tests.join(', ')],
  ]);
}

function metricText({ run, path, goal, unit, repeat, tolerance }: PlannedMetric): string {
  return withMore(run, [
    ['path', path],
    ['goal', goal],
    ['unit', unit],
    ['repeat', repeat === 1 ? null : repeat],
    ['tolerance', tolerance === null ? null : `${tolerance.amount}${tolerance.percent ? ' %' : ''}`],
  ]);
}

function withMore(run: string, more: readonly (readonly [string, string | number | null])[]): string {
  const said = more.flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
  return said.length === 0 ? run : `${run} (${said.join('; ')})`;
}
