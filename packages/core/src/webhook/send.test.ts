import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from './send.ts';
import { parseTarget, targetRulesOf } from './target.ts';

const message = { headers: { 'webhook-id': 'msg_1' }, body: '{"type":"webhook.test"}' };
const local = targetRulesOf('local');
const deployed = targetRulesOf('production');
const servers: Server[] = [];

async function receiver(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a URL of a receiver', () => {
  it.each([
    'http://example.com/hook',
    'ftp://example.com/',
    'https://user:password@example.com/',
    'https://example.com/#part',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.8:8443/',
    'https://intranet/',
    'not a url',
    '//example.com',
  ])('%s is refused by its field on a deployed stage', (url) => {
    expect(() => parseTarget(url, deployed)).toThrow(
      expect.objectContaining({ code: 'invalid_request', fields: [expect.objectContaining({ field: 'url' })] }),
    );
  });

  it('may be plain http on a developer’s own machine, and nowhere else', () => {
    expect(parseTarget('http://localhost:4000/hook', local)).toBe('http://localhost:4000/hook');
    expect(parseTarget('http://127.0.0.1:4000/hook', local)).toBe('http://127.0.0.1:4000/hook');
    for (const url of ['http://example.com/', 'http://10.0.0.1/', 'https://192.168.0.1/', 'http://169.254.169.254/']) {
      expect(() => parseTarget(url, local)).toThrow(/url/);
    }
  });
});

describe('sending', () => {
  it('gives the answer, and no more of it than the log keeps', async () => {
    const port = await receiver((_, response) => response.writeHead(202).end('x'.repeat(1_000_000)));
    const outcome = await send(`http://127.0.0.1:${port}/`, message, { rules: local });
    expect(outcome).toEqual({ ms: expect.any(Number), status: 202, answer: 'x'.repeat(1024) });
  });

  it('does not follow a redirect', async () => {
    let asked = 0;
    const port = await receiver((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await send(`http://127.0.0.1:${port}/`, message, { rules: local })).toMatchObject({ status: 302 });
    expect(asked).toBe(1);
  });

  it('ends when no answer comes, and when one comes without end', async () => {
    const silent = await receiver(() => undefined);
    const dripping = await receiver((_, response) => {
      response.writeHead(200).write('.');
    });
    for (const port of [silent, dripping]) {
      const outcome = await send(`http://127.0.0.1:${port}/`, message, { rules: local, deadlineMs: 100 });
      expect(outcome).toMatchObject({ problem: 'No answer came in time.' });
    }
  });

  it.each([
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['127.0.0.1']],
    [['::ffff:127.0.0.1']],
    [['93.184.216.34', '192.168.0.1']],
    [[]],
  ])('connects to nothing when the name leads to %j', async (addresses) => {
    const outcome = await send('https://shop.example.com/', message, {
      rules: deployed,
      resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    });
    expect(outcome).toMatchObject({ problem: 'The name leads to an address that is not public.' });
  });

  it('connects to the address that was checked, asking for it once', async () => {
    const hosts: string[] = [];
    const port = await receiver((request, response) => {
      hosts.push(String(request.headers.host));
      response.end('here');
    });
    let asked = 0;
    const outcome = await send(`http://localhost:${port}/`, message, {
      rules: local,
      resolve: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
      },
    });
    expect(outcome).toMatchObject({ status: 200, answer: 'here' });
    expect([asked, hosts]).toEqual([1, [`localhost:${port}`]]);
  });

  it('refuses a URL that must not be reached, should one be stored', async () => {
    expect(await send('http://169.254.169.254/', message, { rules: deployed })).toMatchObject({
      problem: 'The URL must begin with https://.',
    });
  });
});
