import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Store } from '../store/store.ts';
import { backendOf, readyPods } from './routes.ts';

/** Headers that are about one connection, not about the message. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function forwardable(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

/** The load balancer that all Ingresses share: routes by host and path to a ready pod, in turn. */
export function createBalancer(options: {
  readonly store: Pick<Store, 'get' | 'list'>;
  /** Where a pod answers, while it is ready. */
  readonly portOf: (podUid: string) => number | undefined;
  readonly idleTimeoutMs?: number;
}): Server {
  const agent = new Agent({ keepAlive: true });
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
  let turn = 0;

  function route(incoming: IncomingMessage, response: ServerResponse): void {
    const host = (incoming.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const backend = backendOf(options.store, host, path);
    if (!backend) {
      refuse(response, 404, 'No such host');
      return;
    }
    const ports = readyPods(options.store, backend).flatMap((uid) => options.portOf(uid) ?? []);
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    const port = ports[turn % Math.max(1, ports.length)];
    if (port === undefined) refuse(response, 503, 'No ready pod');
    else forward(incoming, response, port);
  }

  function forward(incoming: IncomingMessage, response: ServerResponse, port: number): void {
    const upstream = request({
      host: '127.0.0.1',
      port,
      agent,
      method: incoming.method,
      path: incoming.url,
      timeout: idleTimeoutMs,
      headers: {
        ...forwardable(incoming.headers),
        'x-forwarded-for': incoming.socket.remoteAddress ?? '',
        'x-forwarded-proto': 'http',
      },
    });
    upstream.on('timeout', () => {
      refuse(response, 504, 'The pod did not answer in time');
      upstream.destroy();
    });
    upstream.on('error', () => refuse(response, 502, 'The pod broke the connection'));
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, forwardable(answer.headers));
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    response.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  const server = createServer({ keepAliveTimeout: idleTimeoutMs }, (incoming, response) => {
    try {
      route(incoming, response);
    } catch (error) {
      console.error('kubernetes: routing failed', error);
      refuse(response, 500, 'The load balancer failed');
    }
  });
  server.on('close', () => agent.destroy());
  return server;
}
