import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { securityHeaders } from '@tenantry/core/contract/security-headers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEdge, createMiddlewareSite, type Edge } from './edge.ts';
import { createPathPattern } from './path-pattern.ts';
import { createStaticSite } from './static-site.ts';

let dir: string;
let edge: Edge;
let url: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'edge-'));
  const folder = join(dir, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  writeFileSync(join(folder, '.env'), 'secret');
  writeFileSync(join(folder, 'app.html'), '<!doctype html><title>Site</title>');
  writeFileSync(join(folder, 'index.html'), 'start');
  writeFileSync(join(folder, 'guide.html'), 'guide');
  mkdirSync(join(folder, 'guide', 'sdk'), { recursive: true });
  writeFileSync(join(folder, 'guide', 'sdk', 'index.html'), 'sdk');
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'console.log(1)');
  symlinkSync(join(dir, 'secret.txt'), join(folder, 'link.txt'));
  edge = createEdge({
    api: async (request, response) => void response.end(`api ${request.url}`),
    site: createStaticSite({ folder }),
    headers: securityHeaders,
  });
  url = await edge.listen(0);
});

afterAll(async () => {
  await edge.close();
  rmSync(dir, { recursive: true });
});

/** Sends the path as it is, where fetch would tidy it. */
const rawGet = (path: string) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    httpRequest({ hostname, port, path }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body });
    })
      .on('error', reject)
      .end();
  });

test.each([
  ['/v1/*', '/v1/tenants/a', true],
  ['/v1/*', '/v1', false],
  ['/v1/*', '/V1/x', false],
  ['/docs*', '/docs', true],
  ['/docs*', '/docs/a.css', true],
  ['/openapi.json', '/openapiXjson', false],
  ['/a?c', '/abc', true],
  ['/a?c', '/ac', false],
])('the pattern %s on %s: %s', (pattern, path, expected) => {
  expect(createPathPattern(pattern)(path)).toBe(expected);
});

test.each(['/v1/health?x=1', '/webhooks/stripe', '/openapi.json', '/docs', '/session', '/session/renewal'])(
  '%s belongs to the API',
  async (path) => {
    const response = await fetch(url + path);
    expect(await response.text()).toBe(`api ${path}`);
    expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders);
  },
);

test('files are served with their type, a tag and the security headers', async () => {
  const response = await fetch(`${url}/assets/app-1a2b.js`);
  expect(await response.text()).toBe('console.log(1)');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    ...securityHeaders,
  });
  const etag = response.headers.get('etag') ?? '';
  expect((await fetch(`${url}/assets/app-1a2b.js`, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test.each([
  ['/', 200, 'start'],
  ['/guide', 200, 'guide'],
  ['/guide/sdk', 200, 'sdk'],
  ['/guide/sdk/', 200, 'sdk'],
  ['/guide/nothing', 404, 'Not found\n'],
])('%s is answered as SST’s router does: %i', async (path, status, text) => {
  const response = await fetch(url + path);
  expect([response.status, await response.text()]).toEqual([status, text]);
});

test.each(['/billing', '/console/users', '/v1x', '/sessions'])('%s is a page of the application', async (path) => {
  const response = await fetch(url + path);
  expect([response.status, await response.text()]).toEqual([200, '<!doctype html><title>Site</title>']);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test.each([
  '/missing.js',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/.env',
  '/link.txt',
  '/a%00.js',
  '/assets\\..\\.env',
])('nothing outside of the site is served at %s', async (path) => {
  const answer = await rawGet(path);
  expect(answer.body).not.toContain('secret');
  expect([404, 400]).toContain(answer.status);
});

test('the site takes no writes', async () => {
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('a development server can stand in for the files, and its failure is a clear answer', async () => {
  const failures: unknown[] = [];
  const other = createEdge({
    api: async () => {},
    onError: (_, error) => failures.push(error),
    site: createMiddlewareSite((request, response, next) => {
      if (request.url === '/broken') next(new Error('cannot compile'));
      else if (request.url === '/none') next();
      else response.end('from vite');
    }),
    headers: securityHeaders,
  });
  const base = await other.listen(0);
  const response = await fetch(base);
  expect([await response.text(), response.headers.get('x-frame-options')]).toEqual(['from vite', 'DENY']);
  expect(response.headers.get('content-security-policy')).toBeNull();
  expect((await fetch(`${base}/none`)).status).toBe(404);
  expect((await fetch(`${base}/broken`)).status).toBe(502);
  expect(failures).toEqual([new Error('cannot compile')]);
  await other.close();
});
