import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from './kit/machine.ts';
import { isReached, type Measurement } from './kit/measurement.ts';
import { run } from './kit/processes.ts';
import { asMarkdown, asTable, type MeasuredWhere } from './kit/report.ts';
import { ROWS } from './rows.ts';

const USAGE = `npm run bench              all rows, and stores what they come to in bench/results/
npm run bench -- <row…>    only these, nothing is stored
    --repository <path>    a real one for \`mess\`, which is copied first

Rows: ${Object.keys(ROWS).join(', ')}
`;
const MEASURE_ROW = fileURLToPath(new URL('kit/measure-row.ts', import.meta.url));

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { repository: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = asked.filter((name) => !Object.hasOwn(ROWS, name));

if (values.help === true) process.stdout.write(USAGE);
else if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(', ')}.\n\n${USAGE}`);
  process.exitCode = 2;
} else await measureRows(asked);

/**
 * Each row in a process of its own: what one leaves in memory makes forks and garbage collection of the next dearer. What they leave
 * on the disk goes after the last: see `WorktreeBench`. Exit 1 where a target is missed.
 */
async function measureRows(names: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-bench-'));
  const started = performance.now();
  const measurements: (Measurement & { readonly row: string })[] = [];
  try {
    const machine = await machineFacts();
    for (const row of Object.keys(ROWS)) {
      if (names.length > 0 && !names.includes(row)) continue;
      process.stderr.write(`${row} …\n`);
      const text = await run(process.execPath, [MEASURE_ROW, row], {
        cwd: folder,
        env: {
          PATH: process.env['PATH'] ?? '',
          TMPDIR: folder,
          ...(values.repository === undefined ? {} : { COPSE_BENCH_REPOSITORY: resolve(values.repository) }),
        },
      });
      for (const measurement of JSON.parse(text) as Measurement[]) measurements.push({ row, ...measurement });
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stdout.write(`${asTable(measurements)}\n`);
    process.stderr.write(`${seconds} s\n`);
    if (names.length === 0) await store(measurements, { ...machine, measuredAt: new Date().toISOString(), seconds });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  if (measurements.some((one) => 'ours' in one && !isReached(one))) process.exitCode = 1;
}

async function store(measurements: readonly Measurement[], about: MeasuredWhere): Promise<void> {
  const rows = measurements.map((one) => ('ours' in one ? { ...one, reached: isReached(one) } : one));
  const at = (name: string): URL => new URL(`results/latest.${name}`, import.meta.url);
  await writeFile(at('json'), `${JSON.stringify({ schema: 1, ...about, rows }, null, 2)}\n`);
  await writeFile(at('md'), asMarkdown(measurements, about));
}
