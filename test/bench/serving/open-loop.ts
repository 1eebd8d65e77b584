import { connect, type Socket } from 'node:net';

/** What is offered to a server. */
export interface Load {
  readonly port: number;
  /** Whole HTTP/1.1 requests; they take turns. */
  readonly requests: readonly string[];
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface LoadResult {
  /** Milliseconds from when a request was due until its answer was there, sorted. Those that found no connection free have waited for one. */
  readonly latenciesMs: readonly number[];
  /** Answers other than 200, and connections that broke. */
  readonly errors: number;
}

const HEADER_END = Buffer.from('\r\n\r\n');
/** What is not answered so long after the last request was due counts as an error. */
const PATIENCE_MS = 10_000;

/**
 * Offers requests at a fixed rate, whether or not the server keeps up (open loop). A request is timed from when it was due and not from when it could be sent, so
 * that a server which halts is charged for all who wait meanwhile (no coordinated omission).
 */
export function offer({ port, requests, rate, seconds, connections }: Load): Promise<LoadResult> {
  const count = Math.round(rate * seconds);
  const latenciesMs: number[] = [];
  let errors = 0;
  let sent = 0;
  const waiting: number[] = [];
  let next = 0;
  const idle: Connection[] = [];

  return new Promise((resolve) => {
    const all = Array.from({ length: connections }, () => new Connection(port, answered));
    idle.push(...all);
    const began = performance.now() + 50;
    const dueAt = (at: number): number => began + (at * 1000) / rate;
    let patience: NodeJS.Timeout | undefined;

    function send(connection: Connection, due: number): void {
      connection.ask(requests[sent % requests.length] ?? '', due);
      sent += 1;
    }
    function answered(connection: Connection, due: number, ok: boolean): void {
      latenciesMs.push(performance.now() - due);
      if (!ok) errors += 1;
      const waits = waiting[next];
      if (waits === undefined) idle.push(connection);
      else {
        next += 1;
        send(connection, waits);
      }
      if (latenciesMs.length === count) end();
    }
    let offered = 0;
    function tick(): void {
      const now = performance.now();
      for (; offered < count && dueAt(offered) <= now; offered++) {
        const connection = idle.pop();
        if (connection) send(connection, dueAt(offered));
        else waiting.push(dueAt(offered));
      }
      if (offered < count) setTimeout(tick, 1);
      else patience = setTimeout(end, PATIENCE_MS);
    }
    function end(): void {
      clearTimeout(patience);
      for (const connection of all) connection.close();
      errors += count - latenciesMs.length;
      resolve({ latenciesMs: latenciesMs.sort((a, b) => a - b), errors });
    }
    tick();
  });
}

/** A connection that is kept alive and asks one thing after the other. */
class Connection {
  private socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private due: number | undefined;
  private readonly port: number;
  private readonly answered: (connection: Connection, due: number, ok: boolean) => void;
  private closed = false;

  constructor(port: number, answered: (connection: Connection, due: number, ok: boolean) => void) {
    this.port = port;
    this.answered = answered;
    this.socket = this.open();
  }

  ask(request: string, due: number): void {
    this.due = due;
    this.socket.write(request);
  }

  close(): void {
    this.closed = true;
    this.socket.destroy();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.closed) return;
      this.socket = this.open();
      this.done(false);
    });
    return socket;
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(HEADER_END);
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (!Number.isFinite(length)) throw new Error('The answer does not say how long it is.');
    if (this.received.length < end + HEADER_END.length + length) return;
    this.done(head.startsWith('HTTP/1.1 200 '));
  }

  private done(ok: boolean): void {
    this.received = Buffer.alloc(0);
    const { due } = this;
    this.due = undefined;
    if (due !== undefined) this.answered(this, due, ok);
  }
}
