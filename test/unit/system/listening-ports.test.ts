import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { listeningPorts, parseListeners } from '../../../src/system/listening-ports.ts';

it('reads listeners, and nothing else, from the table of the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A02A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 35842 1 0000000000000000 100 0 0 10 0
   1: 0100007F:A02A 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 35900 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1
`;
  expect(parseListeners(table)).toEqual([
    ['35842', 41002],
    ['4711', 8080],
  ]);
});

it('finds the ports that a process listens on', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(await listeningPorts([process.pid])).toContain(port);
  await new Promise((resolve) => server.close(resolve));
  expect(await listeningPorts([process.pid])).not.toContain(port);
  expect(await listeningPorts([])).toEqual([]);
});
