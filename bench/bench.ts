import { writeFile } from 'node:fs/promises';
import { Lab } from './kit/lab.ts';
import { machineFacts } from './kit/machine.ts';
import { isReached, type Measurement } from './kit/measurement.ts';
import { asMarkdown, asTable, type MeasuredWhere } from './kit/report.ts';
import { ROWS } from './rows.ts';

const USAGE = `npm run bench              all rows, and stores what they come to in bench/results/
npm run bench -- <row…>    only these, nothing is stored

Rows: ${Object.keys(ROWS).join(', ')}
`;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(ROWS, name));

if (asked.includes('--help') || asked.includes('-h')) process.stdout.write(USAGE);
else if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(', ')}.\n\n${USAGE}`);
  process.exitCode = 2;
} else await measureRows(asked);

/** Exit 1 where a target is missed. */
async function measureRows(names: readonly string[]): Promise<void> {
  const lab = await Lab.open();
  const started = performance.now();
  const machine = await machineFacts(lab);
  const measurements: (Measurement & { readonly row: string })[] = [];
  try {
    for (const [row, load] of Object.entries(ROWS)) {
      if (names.length > 0 && !names.includes(row)) continue;
      process.stderr.write(`${row} …\n`);
      const { measure } = await load();
      for (const measurement of await measure(lab)) measurements.push({ row, ...measurement });
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stdout.write(`${asTable(measurements)}\n`);
    process.stderr.write(`${seconds} s\n`);
    if (names.length === 0) await store(measurements, { ...machine, measuredAt: new Date().toISOString(), seconds });
  } finally {
    await lab.close();
  }
  if (measurements.some((one) => 'ours' in one && !isReached(one))) process.exitCode = 1;
}

async function store(measurements: readonly Measurement[], about: MeasuredWhere): Promise<void> {
  const rows = measurements.map((one) => ('ours' in one ? { ...one, reached: isReached(one) } : one));
  const at = (name: string): URL => new URL(`results/latest.${name}`, import.meta.url);
  await writeFile(at('json'), `${JSON.stringify({ schema: 1, ...about, rows }, null, 2)}\n`);
  await writeFile(at('md'), asMarkdown(measurements, about));
}
