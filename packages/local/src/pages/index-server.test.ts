import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { escapeHtml, html } from './html.ts';
import { type IndexServer, listenIndex } from './index-server.ts';
import { createSampleModel } from './testing/sample-model.ts';

const model = createSampleModel();
let index: IndexServer;

beforeAll(async () => {
  index = await listenIndex(0, model);
});
afterAll(() => index.close());

const execution = encodeURIComponent('arn:aws:states:us-east-1:000000000000:execution:Onboarding:ten_01kdz0');
const pages = [
  '/',
  '/tables',
  '/tables/Control',
  '/executions',
  `/executions/${execution}`,
  '/functions',
  '/logs',
  '/schedules',
  '/calls',
  '/calls?denied=1',
  '/kubernetes',
  '/mails',
  '/mails/welcome-ko',
];

test.each(pages)('%s is a page whose styles and scripts are files, and nothing shown becomes markup', async (path) => {
  const response = await fetch(index.url + path);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(text).toMatch(/<h1>[^<]+<\/h1>/);
  expect(text).not.toMatch(/<img src=x|\sstyle=|<style|\son\w+="|<script(?! src="\/assets\/client\.js" type="module")/);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  for (const [, asset] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    expect((await fetch(index.url + asset)).status).toBe(200);
  }
});

test.each([
  '/nothing',
  '/tables/Nobody',
  '/executions/arn',
  '/tables/%E0%A4%A',
  '/assets/../index-server.ts',
  '/assets/secret',
  '/mails/nothing-en',
  '/mails/welcome-fr/html',
])('there is nothing at %s', async (path) => {
  expect((await fetch(index.url + path)).status).toBe(404);
});

test('a mail is shown in a frame that runs nothing and may be framed by these pages alone', async () => {
  const response = await fetch(`${index.url}/mails/welcome-en/html`);
  expect(await response.text()).toContain('Green Shop');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*sandbox;.*frame-ancestors 'self'/);
});

test('logs are filtered by function, request and tenant', async () => {
  const lines = async (query: string) =>
    ((await (await fetch(`${index.url}/logs${query}`)).text()).match(/<li class="(line|error)"/g) ?? []).length;
  expect(await lines('')).toBe(3);
  expect(await lines('?function=tenants&requestId=&tenantId=')).toBe(1);
  expect(await lines('?requestId=b1d2c3d4-0000-4000-8000-000000000002')).toBe(2);
  expect(await lines('?tenantId=ten_01kdz0')).toBe(1);
  expect(await lines('?tenantId=ten_other')).toBe(0);
});

test('the live tail sends matching lines, escaped, and stops with its reader', async () => {
  const stop = new AbortController();
  const response = await fetch(`${index.url}/logs/tail?function=tenants`, { signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = (await reader?.read())?.value ?? '';
  const line = { id: 9, time: 0, requestId: 'r', level: 'INFO', text: '<b>hi</b>' };
  model.emit({ ...line, function: 'other' });
  model.emit({ ...line, function: 'tenants' });
  while (!seen.includes('id: 9')) seen += (await reader?.read())?.value ?? '';
  expect(seen).toContain('&lt;b&gt;hi&lt;/b&gt;');
  expect(seen).not.toContain('other');
  stop.abort();
});

const post = (path: string, headers: Record<string, string>) =>
  fetch(index.url + path, { method: 'POST', headers, redirect: 'manual' });

test('a schedule is run from the page and from nowhere else', async () => {
  const ran = await post('/schedules/UsageRollup/run', { origin: index.url });
  expect([ran.status, ran.headers.get('location')]).toEqual([303, '/schedules?ran=UsageRollup']);
  expect(await (await fetch(`${index.url}/schedules?ran=UsageRollup`)).text()).toContain('UsageRollup was run.');
  expect((await post('/schedules/UsageRollup/run', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('/schedules/UsageRollup/run', {})).status).toBe(403);
  expect(model.ran).toEqual(['UsageRollup']);
  // A browser that was told `no-referrer` would not say where the page's own action comes from.
  expect((await fetch(index.url)).headers.get('referrer-policy')).toBe('same-origin');
});

test('a schedule that could not be run says why', async () => {
  const response = await post('/schedules/Training/run', { origin: index.url });
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('The state machine is busy.');
});

test('the notice cannot be made to say what somebody else wrote', async () => {
  expect(await (await fetch(`${index.url}/schedules?ran=Visit+evil`)).text()).not.toContain('Visit evil');
});

test('a page of another site cannot read it by pointing a name here', async () => {
  const status = await new Promise((resolve) => {
    httpRequest(index.url, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(403);
});

test('escaped text has no character that could begin markup or end an attribute, and reads the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';', 'lt') }), (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']/);
      const read = escaped.replaceAll(
        /&(lt|gt|quot|#39|amp);/g,
        (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '',
      );
      expect(read).toBe(text);
      expect(html`<p>${text}</p>`.text).toBe(`<p>${escaped}</p>`);
    }),
  );
});
