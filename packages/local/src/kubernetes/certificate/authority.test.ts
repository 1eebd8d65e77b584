import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listenOn } from '../listen.ts';
import { serverIdentity } from './authority.ts';
import * as der from './der.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'authority-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Connects as a client that trusts one authority; gives the status or the reason for which TLS refused. */
async function connect(server: ReturnType<typeof serverIdentity>, ca: string, host: string): Promise<number | string> {
  const listener = createServer({ key: server.key, cert: server.certificate }, (_request, response) => response.end());
  const port = await listenOn(listener, 0);
  const result = await new Promise<number | string>((resolve) => {
    get({ host: '127.0.0.1', servername: host, port, ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  await closeServer(listener);
  return result;
}

describe("the cluster's certificate", () => {
  it('is accepted for its own names by a client that trusts the authority', async () => {
    const identity = serverIdentity(dir, Date.now());
    expect(await connect(identity, identity.ca, 'localhost')).toBe(200);
    expect(await connect(identity, identity.ca, '')).toBe(200);
  });

  it('is refused for another name, and by a client that trusts another authority', async () => {
    const identity = serverIdentity(dir, Date.now());
    expect(await connect(identity, identity.ca, 'evil.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    const other = serverIdentity(join(dir, 'other'), Date.now());
    expect(await connect(identity, other.ca, 'localhost')).not.toBe(200);
  });

  it('comes from an authority that outlives restarts, whose key only its owner reads', () => {
    const first = serverIdentity(dir, Date.now());
    const second = serverIdentity(dir, Date.now());
    expect(second.ca).toBe(first.ca);
    expect(second.certificate).not.toBe(first.certificate);
    expect(statSync(join(dir, 'cluster-authority.pem')).mode & 0o077).toBe(0);
    expect(readFileSync(join(dir, 'cluster-authority.pem'), 'utf8')).not.toContain(second.key);
  });

  it('comes from a new authority before the old one ends', () => {
    const first = serverIdentity(dir, Date.now());
    const later = Date.parse(new X509Certificate(first.ca).validTo) - 86_400_000;
    expect(serverIdentity(dir, later).ca).not.toBe(first.ca);
  });
});

describe('DER', () => {
  it('gives content of any length its own length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (content) => {
        const encoded = der.octets(content);
        const long = (encoded[1] ?? 0) & 0x80 ? (encoded[1] ?? 0) & 0x7f : 0;
        const length = long === 0 ? (encoded[1] ?? 0) : Number(`0x${encoded.subarray(2, 2 + long).toString('hex')}`);
        expect(length).toBe(content.length);
        expect(encoded.subarray(2 + long)).toEqual(Buffer.from(content));
      }),
    );
  });

  it('never makes a positive integer negative, and writes no needless zero', () => {
    expect(der.integer(Buffer.from([0x80])).toString('hex')).toBe('02020080');
    expect(der.integer(Buffer.from([0, 0, 0x7f])).toString('hex')).toBe('02017f');
    expect(der.integer(Buffer.from([0])).toString('hex')).toBe('020100');
  });

  it('writes years from 2050 on in full', () => {
    expect(der.time(new Date('2049-12-31T23:59:59Z')).toString('latin1')).toContain('491231235959Z');
    expect(der.time(new Date('2050-01-01T00:00:00Z')).toString('latin1')).toContain('20500101000000Z');
  });
});
