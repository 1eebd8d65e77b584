import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../aws/engine.ts';
import { type AccessLogEntry, createHttpApi, type HttpApi } from './http-api.ts';

type Answer = { payload: unknown; functionError?: string };
let answers: Record<string, (event: never) => Answer | Promise<Answer>>;
let calls: { arn: string; event: never }[] = [];
let log: AccessLogEntry[] = [];
let now = 1_700_000_000_000;
let api: HttpApi;
let server: Server;
let base: string;

const listen = (one: Server) =>
  new Promise<string>((resolve) => {
    one.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(one.address() as AddressInfo).port}`));
  });

beforeAll(async () => {
  const lambdaAuthorizer = {
    type: 'lambda' as const,
    functionArn: 'authorize',
    ttlSeconds: 60,
    identitySources: ['$request.header.Authorization'],
  };
  const none = { type: 'none' as const };
  api = createHttpApi({
    accountId: '000000000000',
    region: 'us-east-1',
    apiId: 'api1',
    now: () => now,
    timeoutMs: 300,
    accessLog: (entry) => log.push(entry),
    invoke: async (arn, event) => {
      calls.push({ arn, event: event as never });
      return answers[arn]?.(event as never) ?? { payload: { statusCode: 200, body: JSON.stringify(event) } };
    },
    routes: [
      { method: 'POST', path: '/v1/items/{itemId}', functionArn: 'items', authorizer: none },
      { method: 'GET', path: '/public', functionArn: 'public', authorizer: none },
      { method: 'GET', path: '/scarce', functionArn: 'public', authorizer: none, throttle: { rate: 2, burst: 3 } },
      { method: 'POST', path: '/events', functionArn: 'events', authorizer: lambdaAuthorizer },
      { method: 'GET', path: '/events', functionArn: 'events', authorizer: lambdaAuthorizer },
    ],
  });
  server = createServer((request, response) => void api.handle(request, response));
  base = await listen(server);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  answers = {};
  calls = [];
  log = [];
  api.resetAuthorizers();
});

interface SeenEvent {
  readonly headers: Record<string, string>;
  readonly requestContext: { requestId: string; authorizer: { lambda: object } };
}
const eventOf = async (response: Response) => (await response.json()) as SeenEvent;
const get = (path: string, authorization?: string) =>
  fetch(base + path, authorization === undefined ? {} : { headers: { authorization } });

test('a function gets the event in payload format 2.0', async () => {
  const response = await fetch(`${base}/v1/items/a%20b?x=1&y=%C3%BC&x=2`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: 'a=1; b=2', 'X-Twice': 'yes', 'User-Agent': 'tester' },
    body: '{"name":"ü"}',
  });
  const event = await eventOf(response);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'POST /v1/items/{itemId}',
    rawPath: '/v1/items/a b',
    rawQueryString: 'x=1&y=%C3%BC&x=2',
    cookies: ['a=1', 'b=2'],
    queryStringParameters: { x: '1,2', y: 'ü' },
    pathParameters: { itemId: 'a b' },
    body: '{"name":"ü"}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api1',
      domainName: 'api1.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'api1',
      http: { method: 'POST', path: '/v1/items/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester' },
      routeKey: 'POST /v1/items/{itemId}',
      stage: '$default',
      time: '14/Nov/2023:22:13:20 +0000',
      timeEpoch: now,
    },
  });
  expect(event.headers).toMatchObject({
    'content-type': 'application/json',
    'x-twice': 'yes',
    'x-forwarded-for': '127.0.0.1',
  });
  expect(event.headers).not.toHaveProperty('cookie');
  expect(event.requestContext).not.toHaveProperty('authorizer');
  expect(response.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
  expect(log).toEqual([expect.objectContaining({ routeKey: 'POST /v1/items/{itemId}', status: 200 })]);
});

test('members that a request does not have are absent, not empty', async () => {
  const event = await eventOf(await get('/public'));
  for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body'])
    expect(event).not.toHaveProperty(name);
});

test.each([
  ['text/plain; charset=utf-8', 'hi', false],
  ['application/xml', 'hi', false],
  ['application/x-www-form-urlencoded', 'aGk=', true],
  ['application/octet-stream', 'aGk=', true],
])('a body of type %s arrives as API Gateway encodes it', async (type, body, isBase64Encoded) => {
  const response = await fetch(`${base}/v1/items/1`, { method: 'POST', headers: { 'content-type': type }, body: 'hi' });
  expect(await response.json()).toMatchObject({ body, isBase64Encoded });
});

test.each([
  [
    { statusCode: 201, headers: { 'X-A': 1, 'content-type': 'text/html' }, cookies: ['a=1', 'b=2'], body: '<p>' },
    201,
    '<p>',
    'text/html',
  ],
  [{ statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'hi', 'text/plain;charset=utf-8'],
  [{ name: 'x' }, 200, '{"name":"x"}', 'application/json'],
  ['Hello', 200, 'Hello', 'application/json'],
  [{ statusCode: 204 }, 204, '', 'text/plain;charset=utf-8'],
  [{ statusCode: 200, body: { not: 'text' } }, 500, '{"message":"Internal Server Error"}', 'application/json'],
  [{ statusCode: 'soon' }, 500, '{"message":"Internal Server Error"}', 'application/json'],
])('the answer %j becomes what API Gateway makes of it', async (payload, status, body, type) => {
  answers = { public: () => ({ payload }) };
  const response = await get('/public');
  expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([status, body, type]);
  if (status === 201) expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test("API Gateway's own answers have its bodies and leak nothing", async () => {
  answers = {
    public: () => ({ payload: { errorMessage: 'secret' }, functionError: 'Unhandled' }),
    items: () => new Promise(() => {}),
  };
  const failed = await get('/public');
  expect([failed.status, await failed.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  const missing = await get('/nowhere');
  expect([missing.status, await missing.text()]).toEqual([404, '{"message":"Not Found"}']);
  const late = await fetch(`${base}/v1/items/1`, { method: 'POST' });
  expect([late.status, await late.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  const large = await fetch(`${base}/v1/items/1`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect([large.status, await large.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  expect((await get('/public%E0%A4%A')).status).toBe(400);
});

test('a Lambda authorizer is asked in payload format 2.0 and its context is passed on', async () => {
  answers = { authorize: () => ({ payload: { isAuthorized: true, context: { tenantId: 'ten_1', n: 1 } } }) };
  const response = await fetch(`${base}/events`, { method: 'POST', headers: { authorization: 'key-1' } });
  expect((await eventOf(response)).requestContext.authorizer).toEqual({ lambda: { tenantId: 'ten_1', n: 1 } });
  expect(calls[0]).toMatchObject({
    arn: 'authorize',
    event: {
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:000000000000:api1/$default/POST/events',
      identitySource: ['key-1'],
      routeKey: 'POST /events',
    },
  });
});

test('an authorizer’s answer is reused for the same identity until it is too old, on every route', async () => {
  answers = {
    authorize: (event: { identitySource: string[] }) => ({
      payload: { isAuthorized: event.identitySource[0] === 'good' },
    }),
  };
  const asked = () => calls.filter((call) => call.arn === 'authorize').length;
  expect((await get('/events', 'good')).status).toBe(200);
  expect((await fetch(`${base}/events`, { method: 'POST', headers: { authorization: 'good' } })).status).toBe(200);
  expect(asked()).toBe(1);
  expect((await get('/events', 'bad')).status).toBe(403);
  expect((await get('/events', 'bad')).status).toBe(403);
  expect(asked()).toBe(2);
  now += 60_000;
  expect((await get('/events', 'good')).status).toBe(200);
  expect(asked()).toBe(3);
});

test('without its identity source an authorizer is not even asked', async () => {
  const response = await get('/events');
  expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
  expect(calls).toEqual([]);
});

test.each<[string, () => Answer]>([
  ['fails', () => ({ payload: { isAuthorized: true }, functionError: 'Unhandled' })],
  ['answers with text', () => ({ payload: 'yes' })],
  ['answers with a truthy string', () => ({ payload: { isAuthorized: 'true' } })],
  [
    'throws',
    () => {
      throw new Error('gone');
    },
  ],
])('nobody gets in when the authorizer %s, and that is not remembered', async (_, answer) => {
  answers = { authorize: answer };
  expect((await get('/events', 'key')).status).toBe(500);
  answers = { authorize: () => ({ payload: { isAuthorized: true } }) };
  expect((await get('/events', 'key')).status).toBe(200);
});

test('a body within the API’s limit that is over the function’s is too large as well', async () => {
  answers = {
    items: () => {
      throw new AwsError('RequestTooLargeException', 'over 6 MB', 413);
    },
  };
  expect((await fetch(`${base}/v1/items/1`, { method: 'POST', body: 'x' })).status).toBe(413);
});

test('the bodies of API Gateway’s own answers can be replaced', async () => {
  const own = createHttpApi({
    accountId: '000000000000',
    region: 'us-east-1',
    invoke: async () => ({ payload: {} }),
    routes: [],
    gatewayResponse: (status, kind) => ({ body: `${status} ${kind}`, headers: { 'content-type': 'text/plain' } }),
  });
  const other = createServer((request, response) => void own.handle(request, response));
  const response = await fetch(`${await listen(other)}/x`);
  expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
    404,
    '404 NOT_FOUND',
    'text/plain',
  ]);
  other.closeAllConnections();
  other.close();
});

test('an identity source of an unknown kind is refused when the API is made', () => {
  const authorizer = { type: 'lambda' as const, functionArn: 'a', ttlSeconds: 0, identitySources: ['$stage.x'] };
  expect(() => api.setRoutes([{ method: 'GET', path: '/', functionArn: 'f', authorizer }])).toThrow('$stage.x');
});

test('a route with a throttle of its own answers as many as it may, whoever asks, and others go on', async () => {
  const statuses = async (count: number) => {
    const answered = [];
    for (let asked = 0; asked < count; asked += 1) answered.push((await get('/scarce')).status);
    return answered;
  };
  expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  expect((await get('/public')).status).toBe(200);
  expect(calls).toHaveLength(4);
  now += 500;
  expect(await statuses(2)).toEqual([200, 429]);
  now += 60_000;
  expect(await statuses(4)).toEqual([200, 200, 200, 429]);
});
