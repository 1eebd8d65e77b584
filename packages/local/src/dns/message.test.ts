import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startDns } from './dns-server.ts';
import { answerTo, parseQuery } from './message.ts';

describe('the local DNS', () => {
  it('answers Node’s own resolver, with long values in one piece, and keeps its records', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'dns-'));
    const port = 21_000 + (process.pid % 10_000);
    let dns = await startDns(dir, port);
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const name = '_tenantry-verification.acme.test';
    await expect(resolver.resolveTxt(name)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const long = 'x'.repeat(600);
    dns.add({ name: name.toUpperCase(), value: 'one' });
    dns.add({ name, value: long });
    expect((await resolver.resolveTxt(name)).map((parts) => parts.join('')).sort()).toEqual(['one', long]);
    await dns.close();
    dns = await startDns(dir, port);
    dns.remove({ name, value: long });
    expect(await resolver.resolveTxt(name)).toEqual([['one']]);
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'ENODATA' });
    await dns.close();
    rmSync(dir, { recursive: true });
  });

  it('takes nothing that is no query, and never fails at what it is sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const question = parseQuery(Buffer.from(bytes));
        if (question) expect(answerTo(question, ['x']).length).toBeGreaterThan(12);
      }),
    );
  });
});
