import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createPostConnections } from './post-connections.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const connected = (port: number, more: { readonly connectionsMax?: number; readonly timeoutMs?: number } = {}) =>
  createPostConnections(
    { secure: false, hostname: '127.0.0.1', port },
    { connectionsMax: more.connectionsMax ?? 4, timeoutMs: more.timeoutMs ?? 5000 },
  );
const http = (listener: RequestListener) => listening(createHttpServer(listener));
/** A server that answers each request with these bytes, whatever it is. */
const raw = (answer: (socket: Socket, request: number) => void) => {
  let requests = 0;
  return listening(createServer((socket) => socket.on('data', () => answer(socket, ++requests))));
};
const ok = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('connections that are kept', () => {
  it('carry a request as it is, over one connection as long as one is enough', async () => {
    const seen: unknown[] = [];
    const port = await http(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      seen.push([request.method, request.url, request.headers['x-amz-target'], body, request.socket.remotePort]);
      response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
    });
    const connections = connected(port);
    for (const body of ['{"a":"ä한"}', 'x'.repeat(200_000)]) {
      expect(await connections.post({ host: 'dynamodb', 'x-amz-target': 'Query' }, body)).toBe(body);
    }
    const ports = seen.map((row) => (row as unknown[]).pop());
    expect(new Set(ports).size).toBe(1);
    expect(seen[0]).toEqual(['POST', '/', 'Query', '{"a":"ä한"}']);
  });

  it('are no more than may be, and what finds none free is sent when one is', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const port = await http((request, response) => {
      waiting.push(() => response.writeHead(200, { 'content-length': 1 }).end('y'));
      most = Math.max(most, waiting.length);
      request.resume();
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const connections = connected(port, { connectionsMax: 2 });
    expect(await Promise.all(Array.from({ length: 8 }, () => connections.post({ host: 'a' }, '')))).toEqual(
      Array.from({ length: 8 }, () => 'y'),
    );
    expect(most).toBe(2);
    expect(sockets.size).toBe(2);
  });

  it('are opened anew when the server has closed them', async () => {
    const port = await raw((socket) => socket.write(ok('y')));
    const connections = connected(port);
    expect(await connections.post({ host: 'a' }, '')).toBe('y');
    const [first] = sockets;
    if (!first) throw new Error('no connection');
    first.end();
    await once(first, 'close');
    expect(await connections.post({ host: 'a' }, '')).toBe('y');
    expect(sockets.size).toBe(2);
  });

  it('take an answer in whatever pieces it comes', async () => {
    const answer = Buffer.from(ok('{"Items":["ä한"]}'));
    let cuts: readonly number[] = [];
    const port = await raw((socket) => {
      let at = 0;
      const next = (): void => {
        const end = cuts.find((cut) => cut > at) ?? answer.length;
        const piece = answer.subarray(at, end);
        at = end;
        socket.write(piece, () => at < answer.length && setImmediate(next));
      };
      next();
    });
    const connections = connected(port);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: answer.length - 1 }), { maxLength: 6 }),
        async (places) => {
          cuts = places.sort((a, b) => a - b);
          expect(await connections.post({ host: 'a' }, '')).toBe('{"Items":["ä한"]}');
        },
      ),
    );
    expect(sockets.size).toBe(1);
  });
});

describe('an answer that is not as it must be', () => {
  it.each([
    ['another status', 'HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}', undefined, 1],
    ['a body in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n\r\n', undefined, 2],
    ['no length', 'HTTP/1.1 200 OK\r\n\r\ny', undefined, 2],
    ['another protocol', 'SSH-2.0-x\r\n\r\n', undefined, 2],
    ['more than it said', `${ok('y')}z`, 'y', 2],
    ['the last of its connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\ny', 'y', 2],
  ])('%s: what follows it is answered all the same', async (_, answer, body, opened) => {
    const port = await raw((socket, request) => socket.write(request === 1 ? answer : ok('after')));
    const connections = connected(port, { connectionsMax: 1 });
    expect(await connections.post({ host: 'a' }, '')).toBe(body);
    expect(await connections.post({ host: 'a' }, '')).toBe('after');
    expect(sockets.size).toBe(opened);
  });

  it.each([
    ['is cut off', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ny')],
    ['never comes', () => undefined],
    ['has a head without end', (socket: Socket) => socket.write('a'.repeat(20_000))],
  ])('that %s is an error, and gives its place to the next', async (_, answer) => {
    const port = await raw((socket, request) => (request === 1 ? answer(socket) : socket.write(ok('after'))));
    const connections = connected(port, { connectionsMax: 1, timeoutMs: 300 });
    const [first, second] = await Promise.allSettled([
      connections.post({ host: 'a' }, ''),
      connections.post({ host: 'a' }, ''),
    ]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 'after' });
  });

  it('of nobody is an error', async () => {
    const port = await raw(() => undefined);
    const [server] = servers.splice(0);
    server?.close();
    if (server) await once(server, 'close');
    await expect(connected(port).post({ host: 'a' }, '')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a secure origin', () => {
  it('is spoken to by TLS, with its name', async () => {
    const hellos: Buffer[] = [];
    const port = await listening(
      createServer((socket) =>
        socket.on('data', (chunk: Buffer) => {
          hellos.push(chunk);
          socket.destroy();
        }),
      ),
    );
    const limits = { connectionsMax: 1, timeoutMs: 5000 };
    const connections = createPostConnections({ secure: true, hostname: 'localhost', port }, limits);
    await expect(connections.post({ host: 'localhost' }, 'a secret')).rejects.toThrow();
    const [hello] = hellos;
    expect(hello?.[0]).toBe(22);
    expect(hello?.includes('localhost')).toBe(true);
    expect(hello?.includes('a secret')).toBe(false);
  });
});
