import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadState } from '../../src/store/events/run-snapshot.ts';
import { type RunPaths, runPaths, storeAt } from '../../src/store/layout.ts';
import { supervisorAlive } from '../../src/store/supervisor-record.ts';
import { fakeClaude } from '../../test/support/fake-claude.ts';
import { VARIANTS, variantsFile } from '../kit/finished-run.ts';
import { type Lab, smallProject } from '../kit/lab.ts';
import type { Measure, Measurement } from '../kit/measurement.ts';
import { type ProcessUsage, usageOf } from '../kit/process-usage.ts';
import { waitFor } from '../kit/processes.ts';
import { hasTmux, Terminal } from '../kit/terminal.ts';

const LINES_PER_SECOND = 1_000;
const WINDOW_MS = 12_000;
const WHAT = `20 agents, ${LINES_PER_SECOND} lines/s`;

/** Each agent's share, in turns of text, call and result of a kilobyte, until it is told to end. */
function talker(lab: Lab): string {
  return `
init();
const each = ${LINES_PER_SECOND / VARIANTS.length};
const started = Date.now();
let lines = 0;
while (!fs.existsSync('${stopFile(lab)}')) {
  const due = (Date.now() - started) * each / 1000;
  while (lines < due) {
    say('Looking at part ' + lines + ' of the theme. ' + 'It says more than fits. '.repeat(20));
    call('Edit', { file_path: 'src/part' + lines + '.ts', old_string: 'a'.repeat(300), new_string: 'b'.repeat(300) }, 'c'.repeat(800));
    lines += 3;
  }
  await sleep(100);
}
fs.writeFileSync(variant + '.txt', variant);
done();
`;
}

export const measure: Measure = async (lab) => {
  if (process.platform !== 'linux') return [{ what: WHAT, skipped: 'it reads /proc, which is Linux' }];
  if (!(await hasTmux(lab))) return [{ what: WHAT, skipped: 'there is no tmux, which the view is shown in' }];
  const root = await lab.repository('twenty', [...smallProject(), ['variants.yaml', variantsFile('ui', VARIANTS)]]);
  const env = { ...lab.env, PATH: `${await fakeClaude(join(lab.folder, 'twenty', 'bin'), talker(lab))}:${lab.env['PATH']}` };
  const paths = runPaths(storeAt(join(root, '.git')), 'ui');
  const terminal = await Terminal.open(lab, 'twenty', [...lab.copse, 'run', '--concurrency', '20'], { cwd: root, env });
  try {
    await waitFor('20 running agents', async () => ((await running(paths)) === VARIANTS.length ? true : null));
    return await look(paths, terminal);
  } finally {
    await writeFile(stopFile(lab), '');
    await waitFor('the end of the run', async () => ((await supervisorAlive(paths)) ? null : true));
    await terminal.close();
    await rm(root, { recursive: true, force: true });
  }
};

async function look(paths: RunPaths, terminal: Terminal): Promise<readonly Measurement[]> {
  const pids = { supervisor: await supervisorPid(paths), view: await terminal.pid() };
  const before = await sample(paths, pids, terminal);
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const after = await sample(paths, pids, terminal);
  const seconds = (after.at - before.at) / 1000;
  const lines = (after.lines - before.lines) / seconds;
  if (lines < LINES_PER_SECOND * 0.9) throw new Error(`the agents wrote ${Math.round(lines)} lines/s only`);
  const usage = (name: 'supervisor' | 'view'): readonly Measurement[] => [
    {
      what: `${WHAT}: ${name}`,
      unit: '% of a core',
      floor: { name: 'one core', value: 100 },
      ours: ((after[name].cpuSeconds - before[name].cpuSeconds) / seconds) * 100,
      target: { kind: 'times-floor', atMost: 0.1 },
      rounds: 1,
    },
    {
      what: `… its memory at most`,
      unit: 'MB',
      floor: null,
      ours: after[name].peakMb,
      target: { kind: 'at-most', value: 120 },
      rounds: 1,
    },
  ];
  return [
    ...usage('supervisor'),
    ...usage('view'),
    {
      what: '… what it draws',
      unit: 'frames/s',
      floor: null,
      ours: (after.frames - before.frames) / seconds,
      target: { kind: 'at-most', value: 15 },
      rounds: 1,
    },
  ];
}

interface Sample {
  readonly at: number;
  readonly supervisor: ProcessUsage;
  readonly view: ProcessUsage;
  readonly frames: number;
  readonly lines: number;
}

async function sample(
  paths: RunPaths,
  pids: { readonly supervisor: number; readonly view: number },
  terminal: Terminal,
): Promise<Sample> {
  return {
    at: performance.now(),
    supervisor: await usageOf(pids.supervisor),
    view: await usageOf(pids.view),
    frames: await terminal.frames(),
    lines: await linesWritten(paths),
  };
}

async function linesWritten(paths: RunPaths): Promise<number> {
  const texts = await Promise.all(VARIANTS.map((variant) => readFile(paths.attempt(variant, 1).stdout)));
  return texts.reduce((sum, text) => sum + text.toString('latin1').split('\n').length - 1, 0);
}

async function running(paths: RunPaths): Promise<number> {
  if ((await stat(paths.events).catch(() => null)) === null) return 0;
  const { variants } = await loadState(paths);
  return variants.filter(({ phase }) => phase.kind === 'running').length;
}

async function supervisorPid(paths: RunPaths): Promise<number> {
  const { identity } = JSON.parse(await readFile(paths.supervisor, 'utf8')) as { identity: { pid: number } };
  return identity.pid;
}

function stopFile(lab: Lab): string {
  return join(lab.folder, 'twenty-agents-stop');
}
