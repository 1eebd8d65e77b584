import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { edgeRequestSource } from '@tenantry/core/contract/edge-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRequestFunction } from './request-function.ts';

const prepare = createRequestFunction(edgeRequestSource);
const server = createServer((request, response) => {
  prepare(request);
  response.end(JSON.stringify({ header: request.headers.authorization ?? null, raw: request.rawHeaders }));
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const ask = async (path: string, headers: Record<string, string> = {}) =>
  (await (await fetch(`${url}${path}`, { headers })).json()) as { header: string | null; raw: string[] };

it('gives a call of the API without credentials a placeholder, which no authorizer takes for any', async () => {
  const { header, raw } = await ask('/v1/events');
  expect(header).toBe('none');
  expect(raw.slice(-2)).toEqual(['authorization', 'none']);
});

it('leaves credentials as they came, and the site alone', async () => {
  expect((await ask('/v1/events?a=1', { authorization: 'Bearer x' })).header).toBe('Bearer x');
  expect((await ask('/v1x')).header).toBeNull();
  expect((await ask('/')).header).toBeNull();
});

it('refuses a function that would do more', async () => {
  const rewriting = createRequestFunction('event.request.uri = "/other";');
  expect(() => rewriting({ url: '/', headers: {}, rawHeaders: [] } as never)).toThrow(/more than change headers/);
});
