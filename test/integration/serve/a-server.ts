import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { PlannedServe, Ready } from '../../../src/model/plan.ts';
import type { Served } from '../../../src/model/reports/served.ts';
import { type Servers, type ServeTarget, startServers } from '../../../src/serve/servers.ts';
import { runPaths, storeAt } from '../../../src/store/layout.ts';
import { servingFiles } from '../../../src/store/serving.ts';
import { leasePort } from '../../../src/system/ports.ts';
import { findByMarker } from '../../../src/system/processes/process-identity.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

/** A server in these tests: a script of Node's and how it counts as up. */
export interface Scripted {
  readonly script: string;
  /** Line for sh; default: `exec node server.mjs`. */
  readonly line?: string;
  readonly ready?: Ready;
  readonly timeoutMs?: number;
}

/** Answers every request with what `say` is, on PORT. */
export const GOOD = `
import { createServer } from 'node:http';
console.log('starts');
createServer((_, r) => r.end('hello from ' + process.env.COPSE_VARIANT)).listen(Number(process.env.PORT), '127.0.0.1');
`;

export interface Scene {
  readonly folder: string;
  readonly servers: Servers;
  of(label: string): Served;
  /** Waits until it is in one of these states. */
  reaches(label: string, ...states: readonly Served['state'][]): Promise<Served>;
  marker(label: string): string;
  pids(label: string): Promise<readonly number[]>;
}

/** Servers by name, started; the test's end stops them, and finds nothing of them. */
export async function serve(scripts: Readonly<Record<string, Scripted | string>>, clock = systemClock): Promise<Scene> {
  const folder = await temporaryFolder();
  const paths = runPaths(storeAt(folder), 'ui');
  const targets: ServeTarget[] = [];
  for (const [label, given] of Object.entries(scripts)) {
    const one: Scripted = typeof given === 'string' ? { script: given } : given;
    const cwd = join(folder, 'worktrees', label);
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, 'server.mjs'), one.script);
    const planned: PlannedServe = {
      run: one.line ?? `exec '${process.execPath}' server.mjs`,
      ready: one.ready ?? { kind: 'path', path: '/' },
      timeoutMs: one.timeoutMs ?? 20_000,
      env: {},
    };
    const port = await leasePort({ registry: join(folder, 'ports'), key: `${folder}\0${label}` });
    targets.push({
      label,
      run: 'ui',
      variant: label,
      files: servingFiles(paths, label),
      serve: () => planned,
      withPlace: async (use) => {
        await use({ cwd, port, env: { PATH: process.env['PATH'] ?? '', PORT: String(port), COPSE_VARIANT: label } });
        return '';
      },
    });
  }
  const failures: unknown[] = [];
  const servers = await startServers({ targets, clock, onFailure: (error) => failures.push(error) });
  const marker = (label: string): string => servingFiles(paths, label).marker;
  const pids = async (label: string): Promise<readonly number[]> => (await findByMarker(marker(label))).map(({ pid }) => pid);
  onTestFinished(async () => {
    await servers.stop();
    expect(failures).toEqual([]);
    for (const { label, port } of servers.list()) {
      expect(await pids(label)).toEqual([]);
      expect(await canListen(port)).toBe(true);
    }
  });
  const of = (label: string): Served => {
    const found = servers.list().find((one) => one.label === label);
    if (found === undefined) throw new Error(`no ${label}`);
    return found;
  };
  return {
    folder,
    servers,
    of,
    reaches: (label, ...states) =>
      vi.waitFor(
        () => {
          const now = of(label);
          if (!states.includes(now.state)) throw new Error(`${label} is ${now.state}: ${now.detail}\n${now.tail.join('\n')}`);
          return now;
        },
        { timeout: 30_000, interval: 20 },
      ),
    marker,
    pids,
  };
}

export async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
