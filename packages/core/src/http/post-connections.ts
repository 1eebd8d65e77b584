import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** Where requests go. */
export interface Origin {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

/**
 * Connections to one server that are kept open, for POSTs to `/` whose answers say how long they are.
 * A request that goes well costs half of what it does through `node:http`, which is most of what a warm answer of a recommender costs.
 */
export interface PostConnections {
  /**
   * @param headers all but `content-length`; names and values as they go over the wire
   * @returns the body of an answer with status 200; undefined for any other answer, and for one that is framed otherwise
   * @throws {Error} when no answer came: the connection broke, or the time ran out. The request may have been carried out.
   */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<string | undefined>;
}

/** What a connection tells those who keep it. */
interface Keeper {
  readonly isFree: (connection: Connection) => void;
  readonly isClosed: (connection: Connection) => void;
}

/** An answer whose head is there. */
interface Answer {
  readonly status: number;
  /** Where its body starts and ends, in bytes from the first of the head. */
  readonly start: number;
  readonly end: number;
  /** Whether the connection is of no use after it. */
  readonly last: boolean;
}

interface Exchange {
  readonly head: string;
  readonly body: string;
  readonly resolve: (body: string | undefined) => void;
  readonly reject: (error: Error) => void;
}

const HEAD_END = '\r\n\r\n';
const HEAD_BYTES_MAX = 16 * 1024;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** @param timeoutMs how long a server may be silent while it is asked something */
export function createPostConnections(
  origin: Origin,
  { connectionsMax, timeoutMs }: { readonly connectionsMax: number; readonly timeoutMs: number },
): PostConnections {
  const idle: Connection[] = [];
  const waiting: Exchange[] = [];
  let open = 0;

  const isFree = (connection: Connection): void => {
    const next = waiting.shift();
    if (next) connection.carryOut(next);
    else idle.push(connection);
  };
  const isClosed = (connection: Connection): void => {
    open -= 1;
    const place = idle.indexOf(connection);
    if (place >= 0) idle.splice(place, 1);
    const next = waiting.shift();
    if (next) carryOut(next);
  };
  const carryOut = (exchange: Exchange): void => {
    // The one that was used last: those that are not needed are closed by the server.
    const connection = idle.pop();
    if (connection) connection.carryOut(exchange);
    else if (open >= connectionsMax) waiting.push(exchange);
    else {
      open += 1;
      new Connection(origin, timeoutMs, { isFree, isClosed }).carryOut(exchange);
    }
  };

  return {
    post(headers, body) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `POST / HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}${HEAD_END}`;
      return new Promise((resolve, reject) => carryOut({ head, body, resolve, reject }));
    },
  };
}

/** Carries out one exchange at a time. */
class Connection {
  readonly #socket: Socket;
  readonly #keeper: Keeper;
  #exchange: Exchange | undefined;
  #received: Buffer[] = [];
  #bytes = 0;
  #answer: Answer | undefined;

  constructor({ secure, hostname, port }: Origin, timeoutMs: number, keeper: Keeper) {
    this.#keeper = keeper;
    this.#socket = secure
      ? connectSecurely({ host: hostname, port, servername: hostname, ALPNProtocols: ['http/1.1'] })
      : connect({ host: hostname, port });
    this.#socket.setNoDelay(true);
    let broken = new Error('The connection was closed.');
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error) => {
      broken = error;
    });
    this.#socket.setTimeout(timeoutMs, () => {
      // Nobody waits for one that is idle.
      if (this.#exchange) this.#socket.destroy(new Error('No answer came in time.'));
    });
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      const exchange = this.#exchange;
      this.#exchange = undefined;
      keeper.isClosed(this);
      exchange?.reject(broken);
    });
  }

  carryOut(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#socket.ref();
    this.#socket.write(exchange.head + exchange.body);
  }

  #read(chunk: Buffer): void {
    // An answer to nothing: what it belongs to is not known, so neither is what comes next.
    if (!this.#exchange) return void this.#socket.destroy();
    this.#received.push(chunk);
    this.#bytes += chunk.byteLength;
    this.#answer ??= this.#readHead();
    if (this.#answer && this.#bytes >= this.#answer.end) this.#end(this.#answer);
    else if (!this.#answer && this.#bytes > HEAD_BYTES_MAX) this.#socket.destroy(new Error('The head is too long.'));
  }

  #all(): Buffer {
    const [first] = this.#received;
    return this.#received.length === 1 && first ? first : Buffer.concat(this.#received);
  }

  #readHead(): Answer | undefined {
    const all = this.#all();
    const at = all.indexOf(HEAD_END);
    if (at < 0) return undefined;
    const head = all.toString('latin1', 0, at);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const length = Number(/\r\ncontent-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/i.exec(head)?.[1]);
    const start = at + HEAD_END.length;
    const framed = status >= 200 && length <= BODY_BYTES_MAX && !/\r\ntransfer-encoding:/i.test(head);
    // Where it ends is not known: it is not waited for, and the connection is of no more use.
    if (!framed) return { status: 0, start, end: 0, last: true };
    return { status, start, end: start + length, last: /\r\nconnection:[ \t]*close/i.test(head) };
  }

  #end({ status, start, end, last }: Answer): void {
    const exchange = this.#exchange;
    const all = this.#all();
    this.#exchange = undefined;
    this.#answer = undefined;
    this.#received = [];
    this.#bytes = 0;
    exchange?.resolve(status === 200 ? all.toString('utf8', start, end) : undefined);
    if (last || all.byteLength > end) {
      this.#socket.destroy();
      return;
    }
    this.#socket.unref();
    this.#keeper.isFree(this);
  }
}
