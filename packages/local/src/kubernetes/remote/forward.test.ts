import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpsTransport } from '@tenantry/core/silo/cluster/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StatusError } from '../api/status.ts';
import { serverIdentity } from '../certificate/authority.ts';
import { closeServer, listenOn } from '../listen.ts';
import { createForwardingServer } from './forward.ts';

interface Heard {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const heard: Heard[] = [];
const cluster = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  heard.push({
    method: request.method,
    path: request.url,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  });
  response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'a=b' });
  response.end('{"kind":"Pod"}');
});
let dir: string;
let front: Server;
let call: (method: string, headers: Record<string, string>, body?: string) => Promise<{ status: number; body: string }>;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'forward-'));
  const port = await listenOn(cluster, 0);
  const identity = serverIdentity(dir, Date.now());
  front = createForwardingServer({
    identity,
    authenticator: {
      async authenticate(authorization) {
        if (authorization !== 'Bearer known') throw new StatusError('Unauthorized', 'Unauthorized');
        return { username: 'provisioner', groups: ['tenantry:provisioner', 'second'] };
      },
    },
    open: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const onward = httpRequest({
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: { ...headers, authorization: 'Bearer administrator' },
        });
        onward.on('response', resolve).on('error', reject);
        if (body === undefined || typeof body === 'string') onward.end(body);
        else body.pipe(onward);
      }),
  });
  const url = `https://127.0.0.1:${await listenOn(front as never, 0)}`;
  const transport = httpsTransport(url, Buffer.from(identity.ca).toString('base64'));
  call = (method, headers, body) =>
    transport({ method, path: '/api/v1/pods?x=1', headers, deadlineMs: 5000, ...(body === undefined ? {} : { body }) });
});
afterAll(async () => {
  await Promise.all([closeServer(front), closeServer(cluster)]);
  rmSync(dir, { recursive: true, force: true });
});

describe('an API server in front of another cluster', () => {
  it('passes a call on in the name of who made it, with its body', async () => {
    const answer = await call(
      'PATCH',
      { authorization: 'Bearer known', 'content-type': 'application/apply-patch+yaml' },
      '{"a":1}',
    );
    expect(answer).toMatchObject({ status: 201, body: '{"kind":"Pod"}' });
    expect(heard.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/pods?x=1',
      body: '{"a":1}',
      headers: {
        'impersonate-user': 'provisioner',
        'impersonate-group': 'tenantry:provisioner, second',
        'content-type': 'application/apply-patch+yaml',
      },
    });
  });

  it('lets nobody say who they are, nor pass the token on', async () => {
    await call('GET', {
      authorization: 'Bearer known',
      'impersonate-user': 'system:admin',
      'impersonate-group': 'system:masters',
      'impersonate-extra-scopes': 'all',
      'x-remote-user': 'system:admin',
    });
    const { headers = {} } = heard.at(-1) ?? {};
    expect(headers.authorization).toBe('Bearer administrator');
    expect(headers['impersonate-user']).toBe('provisioner');
    expect(headers['impersonate-group']).not.toContain('masters');
    expect(
      Object.keys(headers).filter((name) => name.startsWith('impersonate-extra') || name.startsWith('x-')),
    ).toEqual([]);
  });

  it('asks the cluster nothing for a stranger', async () => {
    const before = heard.length;
    const { status, body } = await call('GET', { authorization: 'Bearer stranger' });
    expect({ status, reason: JSON.parse(body).reason }).toEqual({ status: 401, reason: 'Unauthorized' });
    expect(heard).toHaveLength(before);
  });
});
