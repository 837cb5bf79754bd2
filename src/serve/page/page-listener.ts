import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import { isErrno } from '../../system/files.ts';
import { HEADER_BYTES } from './forward.ts';

export type BindHost = '127.0.0.1' | '0.0.0.0';

export interface PageListener {
  readonly port: number;
  /** Ends at once, whatever is still under way. */
  close(): Promise<void>;
}

export interface PageHandlers {
  onRequest(req: IncomingMessage, res: ServerResponse): void;
  onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const TRIES = 20;

/**
 * Listens on a port (0: any) of `host`, and on the same one of ::1: browsers try both for `localhost`, and another listener there
 * would get the token. CopseError `port-in-use` (exit 3).
 */
export async function listenOnPage(o: { readonly host: BindHost; readonly port: number } & PageHandlers): Promise<PageListener> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await openOnce(o);
    } catch (error) {
      if (!isErrno(error, 'EADDRINUSE', 'EACCES')) throw error;
      if (o.port === 0 && left > 0) continue;
      throw new CopseError({
        code: 'port-in-use',
        exit: EXIT.precondition,
        what: `Cannot listen on port ${o.port}.`,
        why: isErrno(error, 'EACCES') ? 'It is reserved for the system.' : 'Another program listens there.',
        hint: 'Let copse choose one: copse serve',
        cause: error,
      });
    }
  }
}

async function openOnce(o: { readonly host: BindHost; readonly port: number } & PageHandlers): Promise<PageListener> {
  const sockets = new Set<Duplex>();
  const make = (): Server => {
    const server = createServer({ maxHeaderSize: HEADER_BYTES }, o.onRequest);
    server.on('upgrade', (req, socket, head) => {
      // Node no longer counts it among the server's connections.
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => {
        // Nor listens for this: a browser that leaves before it is answered would end copse. `close` follows.
      });
      o.onUpgrade(req, socket, head);
    });
    return server;
  };
  const first = make();
  const port = await listen(first, o.host, o.port);
  const servers = [first];
  try {
    const second = make();
    await listen(second, '::1', port);
    servers.push(second);
  } catch (error) {
    // On a machine without IPv6 nothing else can listen there either.
    if (!isErrno(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) {
      await shut(first);
      throw error;
    }
  }
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(shut));
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
