import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '@tenantry/core/control/table';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { dueHours, hourOfMark, waitingReports } from '@tenantry/core/usage/due';
import { countDistinct, recordEvidence } from '@tenantry/core/usage/evidence';
import { usageKeys } from '@tenantry/core/usage/keys';
import type { MeterName } from '@tenantry/core/usage/meter-name';
import { wholeUnitsOf } from '@tenantry/core/usage/meters';
import { tellReport } from '@tenantry/core/usage/outbox';
import { Overtaken, rollUpHour } from '@tenantry/core/usage/roll-up';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Died, dyingTable } from '../../support/dying-table.ts';
import { forgetfulBiller } from '../../support/forgetful-biller.ts';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
let usage: Table;
beforeAll(async () => {
  stores = await startStores();
  usage = stores.table('Usage');
});
afterAll(() => stores?.close());

const HOUR = '2026-11-20T10';
const atNoon = new Date('2026-11-20T12:00:00.000Z');
const HOUR_MS = 3_600_000;

const rowsOf = async (tenantId: TenantId) =>
  (await stores.rows('Usage')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
const stepsOf = async (tenantId: TenantId, start: string): Promise<number> =>
  (await rowsOf(tenantId))
    .filter(({ sk }) => String(sk).startsWith(start))
    .reduce((sum, row) => sum + Number(row.steps), 0);

const happened = (tenantId: TenantId, ids: readonly string[], hour = HOUR, meter: MeterName = 'events_collected') => ({
  tenantId,
  meter,
  hour,
  ids,
});
const idsUpTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `id-${from + i}`);

/** One run of the job that counts, for one tenant. */
async function count(table: Table, tenantId: TenantId, now: Date, early = false): Promise<void> {
  for await (const mark of dueHours(table)) {
    if (mark.tenantId === tenantId) await rollUpHour(table, hourOfMark(mark), { now, early });
  }
}

/** One run of the job that reports, for one tenant. */
async function report(
  table: Table,
  tenantId: TenantId,
  { biller }: Pick<ReturnType<typeof forgetfulBiller>, 'biller'>,
  now: Date,
): Promise<void> {
  for await (const place of waitingReports(table)) {
    if (place.tenantId === tenantId) await tellReport(table, biller, { ...place, customerId: tenantId }, now);
  }
}

describe('counting', () => {
  it('gives the same however few fingerprints fit into memory', async () => {
    const tenantId = newId('tenant');
    const ids = idsUpTo(3000);
    await recordEvidence(usage, happened(tenantId, ids), atNoon);
    await recordEvidence(usage, happened(tenantId, ids.slice(1000)), atNoon);
    const at = { tenantId, meter: 'events_collected', hour: HOUR } as const;
    expect(await countDistinct(usage, at)).toBe(3000);
    expect(await countDistinct(usage, at, 200)).toBe(3000);
  });

  it('never lowers an hour, also when its evidence is gone, and adds what comes late', async () => {
    const tenantId = newId('tenant');
    await recordEvidence(usage, happened(tenantId, idsUpTo(50)), atNoon);
    await count(usage, tenantId, atNoon);
    for (const { pk, sk } of await rowsOf(tenantId)) {
      if (!String(sk).startsWith('EVIDENCE')) continue;
      await usage.client.send(new DeleteCommand({ TableName: usage.name, Key: { pk, sk } }));
    }
    await recordEvidence(usage, happened(tenantId, idsUpTo(5)), atNoon);
    await count(usage, tenantId, atNoon);
    expect(await stepsOf(tenantId, 'USED#HOUR')).toBe(50);
    expect(await stepsOf(tenantId, 'USED#DAY')).toBe(50);
  });

  it('is right when several count at once, after who lost the race came again', async () => {
    const tenantId = newId('tenant');
    await recordEvidence(usage, happened(tenantId, idsUpTo(40)), atNoon);
    await recordEvidence(usage, happened(tenantId, idsUpTo(40), '2026-11-20T09'), atNoon);
    const runs = await Promise.allSettled([1, 2, 3, 4].map(() => count(usage, tenantId, atNoon)));
    for (const run of runs) if (run.status === 'rejected') expect(run.reason).toBeInstanceOf(Overtaken);
    await count(usage, tenantId, atNoon);
    const bank = forgetfulBiller({ now: atNoon });
    await report(usage, tenantId, bank, atNoon);
    expect(await stepsOf(tenantId, 'USED#TOTAL')).toBe(80);
    expect(await stepsOf(tenantId, 'USED#DAY')).toBe(80);
    expect(bank.units(tenantId)).toBe(80);
  });

  it('leaves an hour due in which something happened while it was counted', async () => {
    const tenantId = newId('tenant');
    await recordEvidence(usage, happened(tenantId, idsUpTo(10)), atNoon);
    const counting = await dyingTable(usage, { afterCalls: 99, lastTakesEffect: true });
    counting.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'DeleteItemCommand') {
            await recordEvidence(usage, happened(tenantId, idsUpTo(10, 100)), atNoon);
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    const at = { tenantId, meter: 'events_collected', hour: HOUR } as const;
    expect(await rollUpHour(counting, at, { now: atNoon })).toBe('kept');
    counting.close();
    await count(usage, tenantId, atNoon);
    expect(await stepsOf(tenantId, 'USED#HOUR')).toBe(20);
  });

  it('writes nothing for a tenant that is being erased, whose marks go first', async () => {
    const tenantId = newId('tenant');
    await recordEvidence(usage, happened(tenantId, idsUpTo(10)), atNoon);
    await count(usage, tenantId, new Date('2026-11-20T10:30:00.000Z'));
    await recordEvidence(usage, happened(tenantId, idsUpTo(10, 100)), atNoon);
    const Key = usageKeys.due(tenantId, 'events_collected', HOUR);
    const erasing = await dyingTable(usage, { afterCalls: 99, lastTakesEffect: true });
    let erased = false;
    erasing.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'TransactWriteItemsCommand' && !erased) {
            erased = true;
            await usage.client.send(new DeleteCommand({ TableName: usage.name, Key }));
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    const at = { tenantId, meter: 'events_collected', hour: HOUR } as const;
    await expect(rollUpHour(erasing, at, { now: atNoon })).rejects.toBeInstanceOf(Overtaken);
    erasing.close();
    expect(await stepsOf(tenantId, 'USED#HOUR')).toBe(10);
    expect((await rowsOf(tenantId)).filter(({ sk }) => String(sk).startsWith('REPORT'))).toEqual([]);
  });
});

describe('the outbox', () => {
  it('tells of parts of a unit with those that make it whole, and never loses one', async () => {
    const tenantId = newId('tenant');
    const bank = forgetfulBiller({ now: atNoon });
    const minutes = (hour: string, from: number, many: number) =>
      happened(
        tenantId,
        Array.from({ length: many }, (_, i) => `${hour}:${from + i}`),
        hour,
        'silo_hours',
      );
    await recordEvidence(usage, minutes('2026-11-20T08', 0, 45), atNoon);
    await count(usage, tenantId, atNoon);
    await report(usage, tenantId, bank, atNoon);
    expect(bank.units(tenantId)).toBe(0);
    await recordEvidence(usage, minutes('2026-11-20T09', 0, 60), atNoon);
    await recordEvidence(usage, minutes('2026-11-20T10', 0, 15), atNoon);
    await count(usage, tenantId, atNoon);
    await report(usage, tenantId, bank, atNoon);
    expect(bank.units(tenantId)).toBe(2);
  });

  it('asks the biller what it has, before it tells again what it may have been told more than a day ago', async () => {
    for (const had of [true, false]) {
      const tenantId = newId('tenant');
      const clock = { now: atNoon };
      const bank = forgetfulBiller(clock);
      await recordEvidence(usage, happened(tenantId, idsUpTo(7)), atNoon);
      await count(usage, tenantId, atNoon);
      // Read, note, then tell: it dies before it marks, and with the biller told or not.
      const dying = await dyingTable(usage, { afterCalls: 3, lastTakesEffect: false });
      const lost = { biller: { ...bank.biller, report: async () => Promise.reject(new Died('before it is told')) } };
      await expect(report(dying, tenantId, had ? bank : lost, clock.now)).rejects.toBeInstanceOf(Died);
      dying.close();
      expect(bank.units(tenantId)).toBe(had ? 7 : 0);
      clock.now = new Date(atNoon.getTime() + 48 * HOUR_MS);
      await report(usage, tenantId, bank, clock.now);
      await report(usage, tenantId, bank, clock.now);
      expect(bank.units(tenantId)).toBe(7);
    }
  });

  it('keeps what the biller will never take, with the reason, and goes on', async () => {
    const tenantId = newId('tenant');
    const bank = forgetfulBiller({ now: atNoon });
    bank.refuse(tenantId);
    await recordEvidence(usage, happened(tenantId, idsUpTo(7)), atNoon);
    await count(usage, tenantId, atNoon);
    await report(usage, tenantId, bank, atNoon);
    expect((await rowsOf(tenantId)).find(({ sk }) => String(sk).startsWith('REPORT'))).toMatchObject({
      state: 'refused',
      reason: 'There is no such customer.',
    });
  });
});

const step = fc.oneof(
  fc.record({
    do: fc.constant('happen' as const),
    from: fc.nat(60),
    many: fc.integer({ min: 1, max: 40 }),
    hour: fc.nat(2),
  }),
  fc.record({ do: fc.constant('count' as const), dies: fc.nat(14), effect: fc.boolean(), early: fc.boolean() }),
  fc.record({ do: fc.constant('report' as const), dies: fc.nat(6), effect: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }),
);

it('ends with what was different metered and billed, in whatever order things happen, die and come again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.constantFrom('events_collected', 'silo_hours'),
      async (steps, meter) => {
        const tenantId = newId('tenant');
        const clock = { now: new Date('2026-11-20T10:30:00.000Z') };
        const bank = forgetfulBiller(clock);
        const all = new Set<string>();
        const asMortal = async (death: { dies: number; effect: boolean }, work: (table: Table) => Promise<void>) => {
          const table = await dyingTable(usage, { afterCalls: death.dies, lastTakesEffect: death.effect });
          await work(table).catch((error: unknown) => {
            if (!(error instanceof Died)) throw error;
          });
          table.close();
        };
        for (const one of steps) {
          if (one.do === 'happen') {
            const hour = `2026-11-20T1${one.hour}`;
            const ids = idsUpTo(one.many, one.from);
            for (const id of ids) all.add(`${hour} ${id}`);
            await recordEvidence(usage, happened(tenantId, ids, hour, meter), clock.now);
          }
          if (one.do === 'count') await asMortal(one, (table) => count(table, tenantId, clock.now, one.early));
          if (one.do === 'report') await asMortal(one, (table) => report(table, tenantId, bank, clock.now));
          if (one.do === 'wait') clock.now = new Date(clock.now.getTime() + one.hours * HOUR_MS);
        }
        clock.now = new Date(clock.now.getTime() + 100 * HOUR_MS);
        await count(usage, tenantId, clock.now);
        await report(usage, tenantId, bank, clock.now);
        expect(await stepsOf(tenantId, 'USED#HOUR')).toBe(all.size);
        expect(await stepsOf(tenantId, 'USED#DAY')).toBe(all.size);
        expect(bank.units(tenantId)).toBe(wholeUnitsOf(meter, all.size));
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);
