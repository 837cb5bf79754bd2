import { Agent, type ClientRequestArgs } from 'node:http';
import { connect, type LookupFunction, type Socket } from 'node:net';

/** As large as Node's own reads. The parser's input is copied out of it, so that one is enough for all connections. */
const SCRATCH = new Uint8Array(64 * 1024);

/** For a body that is passed on unparsed. */
const BODY_BYTES = 256 * 1024;

/** Takes bytes of a body, and says by `release` that they have left. `false`: no more until the socket is resumed. */
export type TakeBody = (bytes: Buffer, release: () => void) => boolean;

/**
 * Data from an app. Node allocates 64 kB for each read and leaves them to the garbage collector, which is most of the cost of
 * a large file. Here memory is reused: first for the parser, and after the headers, if a caller
 * diverts the body, for that.
 */
class Inflow {
  readonly #push: (bytes: Buffer) => boolean;
  readonly #free: Uint8Array[] = [];
  #take: TakeBody | null = null;

  constructor(push: (bytes: Buffer) => boolean) {
    this.#push = push;
  }

  /** Never one that is still to be written. */
  readonly buffer = (): Uint8Array => (this.#take === null ? SCRATCH : (this.#free.pop() ?? new Uint8Array(BODY_BYTES)));

  readonly callback = (size: number, buffer: Uint8Array): boolean => {
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, size);
    const copy = (): Buffer => Buffer.from(bytes);
    // The parser passes slices on, without saying when they are no longer used.
    if (this.#take === null) return this.#push(copy());
    // Chosen before the body was diverted.
    if (buffer === SCRATCH) return this.#take(copy(), () => {});
    return this.#take(bytes, () => this.#free.push(buffer));
  };

  divert(take: TakeBody): void {
    this.#take = take;
  }
}

/** Connections to the development servers of this machine. */
export class AppAgent extends Agent {
  static readonly #inflows = new WeakMap<Socket, Inflow>();

  constructor() {
    super({ keepAlive: true, maxFreeSockets: 32 });
  }

  override createConnection(o: ClientRequestArgs & { readonly lookup?: LookupFunction }): Socket {
    const inflow = new Inflow((bytes) => socket.push(bytes));
    const socket: Socket = connect({ ...o, host: o.host ?? 'localhost', port: Number(o.port), onread: inflow });
    AppAgent.#inflows.set(socket, inflow);
    return socket;
  }

  /**
   * From now on data goes to `take`, past the parser; the connection cannot be used again. `false`: the parser does not have all
   * that was read, or the connection is not this agent's.
   */
  static divert(socket: Socket, take: TakeBody): boolean {
    const inflow = AppAgent.#inflows.get(socket);
    if (inflow === undefined || socket.readableLength > 0) return false;
    inflow.divert(take);
    return true;
  }
}
