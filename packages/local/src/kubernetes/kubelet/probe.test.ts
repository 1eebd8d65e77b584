import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listenOn } from '../listen.ts';
import type { ProbeSpec } from './pod-view.ts';
import { type Probing, startProbing } from './probe.ts';

const status = { ready: 503, live: 200 };
let server: Server;
let probing: Probing | undefined;
const heard: string[] = [];
const waiters: { text: string; done: () => void }[] = [];
const hear = (text: string): void => {
  heard.push(text);
  for (const waiter of waiters.filter((one) => one.text === text)) waiter.done();
};
/** Settles at the next time that this is heard. */
const next = (text: string): Promise<void> => new Promise((done) => waiters.push({ text, done }));

beforeEach(async () => {
  Object.assign(status, { ready: 503, live: 200 });
  heard.length = 0;
  waiters.length = 0;
  server = createServer((request, response) => {
    response.writeHead(request.url === '/ready' ? status.ready : status.live).end();
  });
  await listenOn(server, 0);
});
afterEach(async () => {
  probing?.stop();
  await closeServer(server);
});

const probe = (path: string, failureThreshold = 2): ProbeSpec => ({
  httpGet: { path },
  initialDelaySeconds: 0,
  periodSeconds: 0.02,
  timeoutSeconds: 1,
  failureThreshold,
});
const start = (probes: Partial<Parameters<typeof startProbing>[1]>): void => {
  probing = startProbing(
    (server.address() as AddressInfo).port,
    { startup: undefined, readiness: undefined, liveness: undefined, ...probes },
    {
      onStarted: () => hear('started'),
      onReady: (ready) => hear(ready ? 'ready' : 'unready'),
      onUnhealthy: hear,
    },
  );
};

describe('probes', () => {
  it('tell that a container is ready, no longer is, and is again', async () => {
    start({ readiness: probe('/ready') });
    const first = next('ready');
    status.ready = 200;
    await first;
    const lost = next('unready');
    status.ready = 503;
    await lost;
    const again = next('ready');
    status.ready = 200;
    await again;
    expect(heard).toEqual(['started', 'ready', 'unready', 'ready']);
  });

  it('take a redirect for a success and an error for a failure', async () => {
    start({ readiness: probe('/ready') });
    const ready = next('ready');
    status.ready = 302;
    await ready;
    const lost = next('unready');
    status.ready = 404;
    await lost;
  });

  it('ask whether a container is alive only once it has started', async () => {
    status.live = 500;
    start({ startup: probe('/live', 1000), liveness: probe('/live', 1) });
    const started = next('started');
    status.live = 200;
    await started;
    const dead = next('Liveness probe failed');
    status.live = 500;
    await dead;
    expect(heard).toEqual(['started', 'ready', 'Liveness probe failed']);
  });

  it('give up on a container that does not start in its time', async () => {
    status.live = 500;
    const failed = next('Startup probe failed');
    start({ startup: probe('/live', 3) });
    await failed;
    expect(heard).toEqual(['Startup probe failed']);
  });

  it('take a container without probes for ready', () => {
    start({});
    expect(heard).toEqual(['started', 'ready']);
  });
});
