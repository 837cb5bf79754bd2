import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leasedKeys, leasePort, releasePort } from '../../../src/system/ports.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const key = (run: string, variant: string): string => `/r/100%/.git\0${run}\0${variant}`;

test('a key keeps its port, and no two have the same', async () => {
  const registry = join(await temporaryFolder(), 'ports');
  const names = Array.from({ length: 20 }, (_, index) => `v${index}`);
  const ports = await Promise.all(names.map((name) => leasePort({ registry, key: key('ui', name) })));
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) expect(port >= 41_000 && port <= 48_999).toBe(true);
  expect(await Promise.all(names.map((name) => leasePort({ registry, key: key('ui', name) })))).toEqual(ports);
});

test('a port is given back, those of others stay', async () => {
  const registry = join(await temporaryFolder(), 'ports');
  await releasePort({ registry, key: key('ui', 'dark') });
  await leasePort({ registry, key: key('ui', 'dark') });
  const other = await leasePort({ registry, key: key('ui-2', 'dark') });
  await releasePort({ registry, key: key('ui', 'dark') });
  expect(await leasedKeys({ registry, keyPrefix: key('ui', '') })).toEqual([]);
  expect(await leasePort({ registry, key: key('ui-2', 'dark') })).toBe(other);
});

test('one on which somebody listens is not leased', async () => {
  const registry = join(await temporaryFolder(), 'ports');
  const wanted = await leasePort({ registry, key: key('ui', 'dark') });
  await releasePort({ registry, key: key('ui', 'dark') });
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  expect(await leasePort({ registry, key: key('ui', 'dark') })).not.toBe(wanted);
  server.close();
});
