import { interleave } from './interleave.ts';
import type { Lab } from './lab.ts';
import type { Measurement } from './measurement.ts';
import { timeOf } from './processes.ts';

const ROUNDS = 25;

/** A command line of copse against the start of Node that nothing written in it can avoid. */
export async function measureStart(
  lab: Lab,
  o: { readonly what: string; readonly args: readonly string[]; readonly cwd: string; readonly atMost: number },
): Promise<readonly Measurement[]> {
  const [node, main] = lab.copse;
  const place = { cwd: o.cwd, env: lab.env };
  const taken = await interleave(ROUNDS, {
    floor: () => timeOf(node, ['-e', '0'], place),
    ours: () => timeOf(node, [main, ...o.args], place),
  });
  return [
    {
      what: o.what,
      unit: 'ms',
      floor: { name: 'node -e 0', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'times-floor', atMost: o.atMost },
      rounds: ROUNDS,
    },
  ];
}
