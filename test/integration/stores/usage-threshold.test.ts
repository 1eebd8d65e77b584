import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { dueHours, hourOfMark } from '@tenantry/core/usage/due';
import { recordEvidence } from '@tenantry/core/usage/evidence';
import { Overtaken, rollUpHour } from '@tenantry/core/usage/roll-up';
import { tellThreshold } from '@tenantry/core/usage/tell-threshold';
import { eventTypeOf } from '@tenantry/core/webhook/events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Died, dyingTable } from '../../support/dying-table.ts';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

/** What a standard company's month includes: 300 minutes of training. */
const INCLUDED = 300;
const november = new Date('2026-11-20T12:00:00.000Z');
const december = new Date('2026-12-05T12:00:00.000Z');

/** Minutes of training that are there from then on, up to so many in all; nothing beyond those before. */
async function trained(tenantId: TenantId, minutes: number, now: Date): Promise<void> {
  const ids = Array.from({ length: minutes }, (_, minute) => `minute-${minute}`);
  const hour = new Date(now.getTime() - 2 * 3_600_000).toISOString().slice(0, 13);
  await recordEvidence(stores.table('Usage'), { tenantId, meter: 'training_minutes', hour, ids }, now);
}

/** One run of the job that counts, for one company. */
async function count(tenantId: TenantId, now: Date, usage: Table = stores.table('Usage')): Promise<void> {
  for await (const mark of dueHours(stores.table('Usage'))) {
    if (mark.tenantId !== tenantId) continue;
    const tables = { usage, control: { ...stores.table('Control'), client: usage.client }, auditTable: 'Audit' };
    const at = hourOfMark(mark);
    await rollUpHour(usage, at, { now, counted: () => tellThreshold(tables, at, now) });
  }
}

/** What the company was told: by mail, and in the log that webhooks are told of. */
async function told(tenantId: TenantId) {
  const mails = (await stores.rows('Control')).filter(({ pk }) => pk === `TENANT#${tenantId}#MAIL`);
  const entries = (await stores.rows('Audit')).filter(
    ({ pk, action }) => pk === `TENANT#${tenantId}` && action === 'usage.threshold',
  );
  return { mails: mails.map(({ key }) => String(key)).toSorted(), entries: entries.map(({ details }) => details) };
}
const keyOf = (month: string, threshold: number) => `usageThreshold#training_minutes#${month}-01#${threshold}`;

describe('a company that uses most of an allowance', () => {
  it('is told at 80 % and at 100 %, once in each month, however often and by however many it is counted', async () => {
    const { tenantId } = await storedTenant(stores);
    await trained(tenantId, INCLUDED * 0.8 - 1, november);
    await count(tenantId, november);
    expect(await told(tenantId)).toEqual({ mails: [], entries: [] });

    for (const [minutes, mails] of [
      [INCLUDED * 0.8, [keyOf('2026-11', 80)]],
      [INCLUDED - 1, [keyOf('2026-11', 80)]],
      [INCLUDED, [keyOf('2026-11', 100), keyOf('2026-11', 80)]],
      [INCLUDED * 2, [keyOf('2026-11', 100), keyOf('2026-11', 80)]],
    ] as const) {
      await trained(tenantId, minutes, november);
      const runs = await Promise.allSettled([1, 2, 3, 4].map(() => count(tenantId, november)));
      for (const run of runs) if (run.status === 'rejected') expect(run.reason).toBeInstanceOf(Overtaken);
      await count(tenantId, november);
      const { mails: sent, entries } = await told(tenantId);
      expect({ minutes, sent }).toEqual({ minutes, sent: [...mails] });
      expect(entries).toHaveLength(mails.length);
    }

    await trained(tenantId, INCLUDED, december);
    await count(tenantId, december);
    const { mails, entries } = await told(tenantId);
    // Whoever gets to both at once hears of the higher one.
    expect(mails).toEqual([keyOf('2026-11', 100), keyOf('2026-11', 80), keyOf('2026-12', 100)]);
    expect(entries).toContainEqual({
      meter: 'training_minutes',
      threshold: 80,
      used: 240,
      included: 300,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
    });
    expect(eventTypeOf({ action: 'usage.threshold', details: {} })).toBe('usage.threshold');
  });

  it('is told once, by mail and in the log together, wherever the counting dies, once it was done again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 14 }), fc.boolean(), async (afterCalls, lastTakesEffect) => {
        const { tenantId } = await storedTenant(stores);
        await trained(tenantId, INCLUDED, november);
        const mortal = await dyingTable(stores.table('Usage'), { afterCalls, lastTakesEffect });
        await count(tenantId, november, mortal).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
        mortal.close();
        const { mails, entries } = await told(tenantId);
        expect(entries).toHaveLength(mails.length);
        await count(tenantId, november);
        expect(await told(tenantId)).toMatchObject({ mails: [keyOf('2026-11', 100)], entries: [{ threshold: 100 }] });
      }),
      { numRuns: 30 },
    );
  });

  it('is told nothing while it is not served, nor of what it cannot go beyond', async () => {
    const suspended = await storedTenant(stores, { status: 'suspended' });
    await trained(suspended.tenantId, INCLUDED, november);
    await count(suspended.tenantId, november);
    expect((await told(suspended.tenantId)).mails).toEqual([]);

    const siloed = await storedTenant(stores, { tier: 'premium', isolation: 'silo' });
    const ids = Array.from({ length: 744 * 60 }, (_, minute) => `minute-${minute}`);
    const at = { tenantId: siloed.tenantId, meter: 'silo_hours', hour: '2026-11-20T10' } as const;
    await recordEvidence(stores.table('Usage'), { ...at, ids }, november);
    await count(siloed.tenantId, november);
    expect((await told(siloed.tenantId)).mails).toEqual([]);
  });
});
