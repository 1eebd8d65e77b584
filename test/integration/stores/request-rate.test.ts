import { randomBytes } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { newId } from '@tenantry/core/ids/id';
import { RequestRate } from '@tenantry/core/tier/request-rate';
import { type Harness, startHarness } from '@tenantry/local/dynamodb/test/harness';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

let harness: Harness;
let control: { readonly client: DynamoDBDocumentClient; readonly name: string };

beforeAll(async () => {
  harness = await startHarness();
  const name = `Control-${randomBytes(4).toString('hex')}`;
  await harness.engine.ensureTable({
    tableName: name,
    attributes: { pk: 'S', sk: 'S' },
    keySchema: { hash: 'pk', range: 'sk' },
  });
  control = { client: DynamoDBDocumentClient.from(harness.client), name };
});
afterAll(() => harness.close());

const START_MS = Date.parse('2026-11-21T12:00:00.000Z');

/** Processes with clocks of their own, in milliseconds off the true time, and requests as they come to one or the other. */
const traffic = fc.record({
  offsets: fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 6 }),
  perSecond: fc.constantFrom(1, 7, 50, 120),
  requests: fc.array(fc.record({ process: fc.nat(), after: fc.constantFrom(0, 0, 0, 0, 3, 20, 150, 700) }), {
    minLength: 20,
    maxLength: 200,
  }),
});

it('never lets through more than the limit in a second of the row, whatever processes answer and however their clocks differ', async () => {
  await fc.assert(
    fc.asyncProperty(traffic, async ({ offsets, perSecond, requests }) => {
      const tenantId = newId('tenant');
      let now = START_MS;
      const processes = offsets.map((offset) => new RequestRate(() => now + offset));
      const passed: number[] = [];
      let together: Promise<boolean>[] = [];
      for (const { process, after } of requests) {
        if (after > 0) {
          const at = now;
          for (const one of await Promise.all(together)) if (one) passed.push(at);
          together = [];
          now += after;
        }
        const rate = processes[process % processes.length];
        if (rate) together.push(rate.take(control, tenantId, perSecond));
      }
      for (const one of await Promise.all(together)) if (one) passed.push(now);
      // Clocks that differ by less than a second stretch a second by that much, and no further.
      for (const from of passed) {
        const within = passed.filter((at) => at >= from && at < from + 200).length;
        expect(within).toBeLessThanOrEqual(2 * perSecond);
      }
      const seconds = Math.ceil((now - START_MS) / 1000) + 2;
      expect(passed.length).toBeLessThanOrEqual(seconds * perSecond);
    }),
    { numRuns: 30 },
  );
});

it('lets a single process have the whole limit, and then nothing until the next second', async () => {
  for (const perSecond of [1, 7, 50, 3000]) {
    const tenantId = newId('tenant');
    let now = START_MS;
    const rate = new RequestRate(() => now);
    for (let second = 0; second < 2; second += 1) {
      const answers: boolean[] = [];
      for (let i = 0; i < perSecond + 5; i += 1) answers.push(await rate.take(control, tenantId, perSecond));
      expect(answers).toEqual([...Array(perSecond).fill(true), ...Array(5).fill(false)]);
      now += 1000;
    }
  }
});

it('holds one tenant’s requests against nobody else', async () => {
  const rate = new RequestRate(() => START_MS);
  const [busy, quiet] = [newId('tenant'), newId('tenant')];
  for (let i = 0; i < 60; i += 1) await rate.take(control, busy, 50);
  expect(await rate.take(control, busy, 50)).toBe(false);
  expect(await rate.take(control, quiet, 50)).toBe(true);
});

it('gets over the second of a clock that was far ahead', async () => {
  const tenantId = newId('tenant');
  const broken = new RequestRate(() => START_MS + 3_600_000);
  for (let i = 0; i < 50; i += 1) await broken.take(control, tenantId, 50);
  expect(await new RequestRate(() => START_MS).take(control, tenantId, 50)).toBe(true);
});
