import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '@tenantry/local/stripe/recording';
import type { Suite } from '../suite.ts';
import { differences } from './differences.ts';
import { buildMock, startMock } from './mock.ts';
import { replay } from './replay.ts';

/** Tests that call the local Stripe: its own, and those in which the product does. */
const tests = ['packages/local/src/stripe', 'test/integration/billing', 'test/integration/cloud/tier-change.test.ts'];

function readExchanges(file: string): Exchange[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Requests of the tests, and the local Stripe's answers, against Stripe's own description of its API. */
export const stripe: Suite = {
  about: 'the local Stripe by Stripe’s own description, and requests by stripe-mock',
  async run(run) {
    const mock = await buildMock();
    if ('missing' in mock) return { kind: 'skipped', reason: mock.missing };
    const dir = mkdtempSync(join(tmpdir(), 'stripe-conformance-'));
    const file = join(dir, 'exchanges.jsonl');
    process.env.TENANTRY_STRIPE_RECORDING = file;
    const code = await run('vitest', ['run', ...tests]);
    delete process.env.TENANTRY_STRIPE_RECORDING;
    const server = await startMock(mock);
    try {
      const { requests, answers, events, problems } = await replay(readExchanges(file), mock.description, server.url);
      const unknown = [...problems].filter(([problem]) => !differences.has(problem));
      process.stdout.write(
        `Stripe ${mock.description.info.version}: ${requests} different requests, ${answers} answers, ${events} events; ${unknown.length} differences, ${problems.size - unknown.length} known ones\n`,
      );
      for (const [problem, count] of unknown) process.stdout.write(`  ${problem} (${count} times)\n`);
      for (const known of differences) if (!problems.has(known)) process.stdout.write(`  (no longer seen: ${known})\n`);
      return { kind: code === 0 && unknown.length === 0 ? 'passed' : 'failed' };
    } finally {
      server.stop();
      rmSync(dir, { recursive: true });
    }
  },
};
