import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKubeconfig } from './kubeconfig.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');
function fileWith(user: object, cluster: object = { 'certificate-authority-data': base64('authority') }): string {
  const file = join(dir, 'config');
  const config = {
    'current-context': 'production',
    clusters: [
      { name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } },
      { name: 'unused', cluster: 7 },
    ],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'kind', context: { cluster: 'c', user: 'u', namespace: 'x' } },
      { name: 'broken', context: { cluster: 'gone', user: 'u' } },
    ],
  };
  // JSON is YAML, which kubectl writes.
  writeFileSync(file, JSON.stringify(config));
  return file;
}
const read = (user: object, cluster?: object) => readKubeconfig({ context: 'kind', file: fileWith(user, cluster) });

describe('a context of a kubeconfig', () => {
  it('gives the server, its authority and a certificate, from data or from files beside it', async () => {
    const inline = read({ 'client-certificate-data': base64('certificate'), 'client-key-data': base64('key') });
    expect(inline.server.href).toBe('https://127.0.0.1:6443/');
    expect(inline.authority?.toString()).toBe('authority');
    expect(await inline.credentials()).toEqual({ certificate: Buffer.from('certificate'), key: Buffer.from('key') });
    for (const name of ['ca.pem', 'me.pem', 'me.key']) writeFileSync(join(dir, name), name);
    const filed = read(
      { 'client-certificate': 'me.pem', 'client-key': 'me.key' },
      { 'certificate-authority': 'ca.pem' },
    );
    expect(filed.authority?.toString()).toBe('ca.pem');
    expect((await filed.credentials()).key?.toString()).toBe('me.key');
  });

  it('reads a token’s file each time, since it is renewed there', async () => {
    const access = read({ tokenFile: 'token' });
    for (const token of ['first', 'second']) {
      writeFileSync(join(dir, 'token'), `${token}\n`);
      expect(await access.credentials()).toEqual({ token });
    }
  });

  it('asks a program for credentials again only when they are about to end', async () => {
    const counter = join(dir, 'count');
    writeFileSync(counter, '');
    const plugin = (expires: string) => ({
      exec: {
        command: process.execPath,
        args: [
          '-e',
          `require('fs').appendFileSync(${JSON.stringify(counter)}, 'x');
           const n = require('fs').readFileSync(${JSON.stringify(counter)}, 'utf8').length;
           console.log(JSON.stringify({ status: { token: process.env.NAMED + n, expirationTimestamp: ${JSON.stringify(expires)} } }))`,
        ],
        env: [{ name: 'NAMED', value: 't' }],
      },
    });
    const lasting = read(plugin(new Date(Date.now() + 3_600_000).toISOString()));
    expect([await lasting.credentials(), await lasting.credentials()]).toEqual([{ token: 't1' }, { token: 't1' }]);
    const ending = read(plugin(new Date(Date.now() + 1000).toISOString()));
    expect([await ending.credentials(), await ending.credentials()]).toEqual([{ token: 't2' }, { token: 't3' }]);
  });

  it('is refused when it is not there, or its cluster is not, with the file’s name', () => {
    const file = fileWith({ token: 't' });
    expect(() => readKubeconfig({ context: 'absent', file })).toThrow(`${file} has no context "absent"`);
    expect(() => readKubeconfig({ context: 'broken', file })).toThrow(`${file} has no cluster "gone"`);
  });

  it('is refused when the cluster’s certificate would not be verified', () => {
    expect(() => read({ token: 't' }, { 'insecure-skip-tls-verify': true })).toThrow('not verified');
  });
});
