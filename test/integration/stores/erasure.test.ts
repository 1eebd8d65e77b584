import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SystemActor } from '@tenantry/core/actor/actor';
import { shopperPartition } from '@tenantry/core/attribution/counters';
import { controlKeys } from '@tenantry/core/control/keys';
import { eraseFromObject, withoutShoppers } from '@tenantry/core/erasure/archive-lines';
import { addShopperCounts, type CountsByErasure, nothingOfShopper } from '@tenantry/core/erasure/counts';
import { owedMax } from '@tenantry/core/erasure/erasure';
import { mindErasures } from '@tenantry/core/erasure/late-events';
import {
  abandonRun,
  claimRun,
  listErasures,
  listOwed,
  releaseRun,
  requestErasure,
  runOf,
} from '@tenantry/core/erasure/requests';
import {
  beginErasures,
  completeErasure,
  failErasures,
  runningErasures,
  saveShopperCounts,
} from '@tenantry/core/erasure/run';
import { type ErasurePlace, firstErasurePlace, workThroughShoppers } from '@tenantry/core/erasure/shopper-data';
import { shopperHash } from '@tenantry/core/erasure/shopper-hash';
import { noteRecent } from '@tenantry/core/events/recent';
import { storeEvents } from '@tenantry/core/events/store';
import { beginExport } from '@tenantry/core/export/exports';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { createShopperMemory, shopperKey } from '@tenantry/core/shoppers/registry';
import { writeLog } from '@tenantry/recommender/serving/recommendation-log';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const actor: SystemActor = { kind: 'system', name: 'test' };
const at = new Date('2026-03-10T12:00:00.000Z');
const control = () => stores.table('Control');
const ask = (tenantId: TenantId, shopperId: string, when = at) =>
  requestErasure(stores.tenants, tenantId, shopperId, { erasureId: newId('erasure', when.getTime()), actor, at: when });
const storesOf = (tenantId: TenantId) => ({
  Events: stores.table('Events'),
  SiloEvents: stores.siloEvents(tenantId),
  Recommendations: stores.table('Recommendations'),
  Attribution: stores.table('Attribution'),
  Shoppers: stores.table('Shoppers'),
  Usage: stores.table('Usage'),
  Archive: stores.bucket('Archive'),
});
const bodyOf = async (Key: string) => {
  const { Body } = await stores.bucket('Archive').client.send(new GetObjectCommand({ Bucket: 'archive', Key }));
  return Body?.transformToString();
};
const putLines = (Key: string, lines: readonly object[]) =>
  stores
    .bucket('Archive')
    .client.send(
      new PutObjectCommand({ Bucket: 'archive', Key, Body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }),
    );

describe('a request', () => {
  it('made many times at once is one erasure, which waits once', async () => {
    const { tenantId } = await storedTenant(stores);
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask(tenantId, 'anna')));
    expect(new Set(asked.map(({ erasureId }) => erasureId)).size).toBe(1);
    expect(await listOwed(control(), tenantId)).toMatchObject([{ shopperId: 'anna', status: 'requested' }]);
    expect(await stores.read('Control', controlKeys.erasures(tenantId))).toMatchObject({ owed: 1, waiting: 1 });
    const audit = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
    expect(JSON.stringify(audit)).not.toContain('anna');
    expect(audit).toMatchObject([{ details: { shopper: shopperHash(tenantId, 'anna') } }]);
  });

  it('is refused while too many wait', async () => {
    const { tenantId } = await storedTenant(stores);
    await stores.put('Control', { ...controlKeys.erasures(tenantId), owed: owedMax, waiting: 0 });
    await expect(ask(tenantId, 'anna')).rejects.toMatchObject({ code: 'limit_reached' });
    expect(await listOwed(control(), tenantId)).toEqual([]);
  });

  it('that failed is tried again by asking again, and keeps what was counted at first', async () => {
    const { tenantId } = await storedTenant(stores);
    const { erasureId } = await ask(tenantId, 'anna');
    const first = await beginErasures(control(), tenantId, at);
    const counts = { [erasureId]: { ...nothingOfShopper, events: 7 } };
    await saveShopperCounts(control(), tenantId, first, counts);
    await failErasures(control(), tenantId, first, 'No luck.');
    expect(await listErasures(control(), tenantId, 10)).toMatchObject([{ status: 'failed', reason: 'No luck.' }]);
    expect(await beginErasures(control(), tenantId, at)).toEqual([]);
    const again = await Promise.all([ask(tenantId, 'anna'), ask(tenantId, 'anna')]);
    expect(again).toMatchObject([{ erasureId, status: 'requested' }, { erasureId }]);
    const second = await beginErasures(control(), tenantId, at);
    await saveShopperCounts(control(), tenantId, second, {});
    expect(await runningErasures(control(), tenantId)).toMatchObject([{ erasureId, found: { events: 7 } }]);
    expect(await stores.read('Control', controlKeys.erasures(tenantId))).toMatchObject({ owed: 1, waiting: 1 });
  });
});

describe('a run', () => {
  it('is the only one of its tenant, takes what was asked for meanwhile, and is given back when nothing waits', async () => {
    const { tenantId } = await storedTenant(stores);
    await ask(tenantId, 'anna');
    const claims = await Promise.all(['chg_1', 'chg_2', 'chg_3'].map((run) => claimRun(control(), tenantId, run, at)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const run = (await runOf(control(), tenantId)) ?? '';
    const [anna] = await beginErasures(control(), tenantId, at);
    await ask(tenantId, 'ben');
    if (!anna) throw new Error('not taken');
    const facts = { exportsWithdrawn: 0, retraining: null, at };
    await completeErasure(stores.tenants, tenantId, anna, facts);
    await completeErasure(stores.tenants, tenantId, anna, facts);
    expect(await releaseRun(control(), tenantId, run)).toBe(false);
    const [ben] = await beginErasures(control(), tenantId, at);
    expect(ben).toMatchObject({ shopperId: 'ben' });
    if (ben) await completeErasure(stores.tenants, tenantId, ben, facts);
    expect(await releaseRun(control(), tenantId, run)).toBe(true);
    expect(await releaseRun(control(), tenantId, run)).toBe(true);
    expect(await stores.read('Control', controlKeys.erasures(tenantId))).toMatchObject({ owed: 0, waiting: 0 });
    const rows = (await stores.rows('Control')).filter(({ pk }) => pk === controlKeys.erasures(tenantId).pk);
    expect(JSON.stringify(rows)).not.toMatch(/anna|ben/);
    expect(await listErasures(control(), tenantId, 10)).toMatchObject([{ status: 'done' }, { status: 'done' }]);
  });

  it('that was lost, or could not be started, makes way for another', async () => {
    const { tenantId } = await storedTenant(stores);
    expect(await claimRun(control(), tenantId, 'chg_1', at)).toBe(true);
    const later = new Date(at.getTime() + 25 * 3_600_000);
    expect(await claimRun(control(), tenantId, 'chg_2', later)).toBe(true);
    await abandonRun(control(), tenantId, 'chg_1');
    expect(await claimRun(control(), tenantId, 'chg_3', later)).toBe(false);
    await abandonRun(control(), tenantId, 'chg_2');
    expect(await claimRun(control(), tenantId, 'chg_3', later)).toBe(true);
  });

  it('lets no export begin beside it', async () => {
    const { tenantId } = await storedTenant(stores);
    await claimRun(control(), tenantId, 'chg_1', at);
    const begin = () => beginExport(stores.tenants, tenantId, newId('export'), { actor, at });
    await expect(begin()).rejects.toThrow('Shoppers are being erased; export when that is done.');
    await abandonRun(control(), tenantId, 'chg_1');
    await begin();
  });
});

describe('everything that names shoppers', () => {
  it.each(['pool', 'silo'] as const)(
    'is counted, erased and found no more, slice by slice, and nothing else (%s)',
    async (isolation) => {
      const { tenantId } = await storedTenant(stores, { isolation });
      if (isolation === 'silo') await stores.makeSiloEvents(tenantId);
      const own = storesOf(tenantId);
      const table = isolation === 'silo' ? own.SiloEvents : own.Events;
      const memory = createShopperMemory();
      const people = ['anna', 'ben', 'anna2'];
      for (const shopperId of people) {
        const events = Array.from({ length: 30 }, (_, i) => ({
          id: newId('event', at.getTime() + i),
          time: new Date(at.getTime() + i).toISOString(),
          shopperId,
          itemId: 'anna',
          type: 'view' as const,
        }));
        await storeEvents({ events: table, shoppers: own.Shoppers }, memory, tenantId, events, { retentionDays: 3650 });
        const row = { pk: `${tenantId}#${shopperId}`, sk: 'x', items: [] };
        await writeLog({ recommendations: own.Recommendations, shoppers: own.Shoppers, memory }, [
          { tenantId, shopperId, row },
        ]);
        await noteRecent(own.Usage, tenantId, events, at);
        await stores.put('Attribution', { pk: shopperPartition(tenantId, shopperId), sk: 'SHOWN#1' });
      }
      const key = (name: string) => `archive/${tenantId}/dt=2026-03-10/${name}.ndjson`;
      await putLines(
        key('a'),
        people.map((shopperId) => ({ shopperId, itemId: 'anna' })),
      );
      await putLines(key('b'), [{ shopperId: 'anna', itemId: 'x' }]);
      await putLines(key('c'), [{ shopperId: 'ben', itemId: 'anna' }]);
      const erased = [
        { erasureId: 'ers_a', shopperId: 'anna' },
        { erasureId: 'ers_n', shopperId: 'nobody' },
      ];
      const work = async (erase: boolean) => {
        let from: ErasurePlace | undefined = firstErasurePlace;
        let counts: CountsByErasure = {};
        for (let slices = 0; from; slices++) {
          if (slices > 20) throw new Error('It does not end.');
          const slice: Awaited<ReturnType<typeof workThroughShoppers>> = await workThroughShoppers(
            own,
            tenantId,
            erased,
            {
              from,
              erase,
              timeIsUp: () => true,
            },
          );
          counts = addShopperCounts(counts, slice.counts);
          from = slice.next;
        }
        return counts;
      };
      const before = { entries: 1, events: 30, recommendations: 1, feedback: 1, archivedEvents: 2, recentEvents: 25 };
      expect(await work(false)).toEqual({ ers_a: before, ers_n: nothingOfShopper });
      await work(true);
      expect(await work(false)).toEqual({ ers_a: nothingOfShopper, ers_n: nothingOfShopper });
      expect(await bodyOf(key('a'))).toBe(
        '{"shopperId":"ben","itemId":"anna"}\n{"shopperId":"anna2","itemId":"anna"}\n',
      );
      expect(await bodyOf(key('b'))).toBe('');
      expect(await bodyOf(key('c'))).toBe('{"shopperId":"ben","itemId":"anna"}\n');
      for (const name of [table.name, 'Recommendations', 'Attribution']) {
        const left = (await stores.rows(name))
          .filter(({ pk }) => String(pk).startsWith(tenantId))
          .map(({ pk }) => String(pk));
        expect(new Set(left).size, name).toBe(2);
      }
      expect(await stores.read('Shoppers', shopperKey(tenantId, 'anna'))).toBeUndefined();
      expect(await stores.read('Shoppers', shopperKey(tenantId, 'ben'))).toBeDefined();
    },
  );

  it('of an archived object is what is taken out, and every other byte of it stays', () => {
    const id = fc.constantFrom('a', 'a"', 'a\\', 'ä', 'aa', '"a"');
    const line = fc.record({ shopperId: id, itemId: id, extra: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.array(fc.option(line, { nil: undefined }), { maxLength: 12 }),
        fc.uniqueArray(id, { maxLength: 3 }),
        (lines, gone) => {
          const texts = lines.map((one, n) =>
            one ? JSON.stringify(one, null, n % 2 ? ' ' : undefined).replaceAll('\n', ' ') : '',
          );
          const { left, found } = withoutShoppers(texts.join('\n'), new Set(gone));
          const stays = texts.filter((_, n) => !(gone as readonly string[]).includes(lines[n]?.shopperId ?? 'nobody'));
          expect(left).toBe(stays.join('\n'));
          expect([...found.values()].reduce((sum, count) => sum + count, 0)).toBe(texts.length - stays.length);
        },
      ),
    );
  });

  it('is taken out of what somebody else has just written, too', async () => {
    const Key = 'archive/ten_race/dt=2026-03-10/a.ndjson';
    await putLines(Key, [{ shopperId: 'anna' }, { shopperId: 'ben' }]);
    let reads = 0;
    const { client, bucket } = stores.bucket('Archive');
    const racing = {
      bucket,
      client: {
        async send(command: object) {
          const answer = await (client.send as (one: object) => Promise<object>)(command);
          // Written between the read and the write, once.
          if (command instanceof GetObjectCommand && reads++ === 0) {
            await putLines(Key, [{ shopperId: 'ben' }, { shopperId: 'anna' }, { shopperId: 'cleo' }]);
          }
          return answer;
        },
      } as unknown as S3Client,
    };
    const found = await eraseFromObject(racing, Key, new Set(['anna']), { erase: true });
    expect([...found]).toEqual([['anna', 1]]);
    expect(reads).toBe(2);
    expect(await bodyOf(Key)).toBe('{"shopperId":"ben"}\n{"shopperId":"cleo"}\n');
    expect(await eraseFromObject(racing, 'archive/ten_race/none', new Set(['anna']), { erase: true })).toEqual(
      new Map(),
    );
  });
});

describe('what comes late out of a stream', () => {
  const arrivedStores = () => ({
    control: control(),
    rows: stores.table('Events'),
    shoppers: stores.table('Shoppers'),
  });
  const row = (tenantId: TenantId, shopperId: string, when: Date) => ({
    shopperId,
    at: when,
    key: { pk: `${tenantId}#${shopperId}`, sk: `${when.toISOString()}#${shopperId}` },
  });

  it('is forgotten while the erasure is owed and if it arrived before its end, and kept with a new entry afterwards', async () => {
    const { tenantId } = await storedTenant(stores);
    const early = row(tenantId, 'anna', at);
    const other = row(tenantId, 'ben', at);
    const mind = (rows: readonly ReturnType<typeof row>[]) => mindErasures(arrivedStores(), tenantId, rows, at);
    expect(await mind([early, other])).toEqual([early, other]);

    await ask(tenantId, 'anna');
    await stores.put('Events', early.key, other.key);
    expect(await mind([early, other, early])).toEqual([other]);
    expect(await stores.read('Events', early.key)).toBeUndefined();
    expect(await stores.read('Events', other.key)).toBeDefined();

    const done = new Date(at.getTime() + 60_000);
    const [owed] = await beginErasures(control(), tenantId, at);
    if (owed)
      await completeErasure(stores.tenants, tenantId, owed, { exportsWithdrawn: 0, retraining: null, at: done });
    const later = row(tenantId, 'anna', new Date(done.getTime() + 1000));
    await stores.put('Events', early.key, later.key);
    expect(await mind([early])).toEqual([]);
    expect(await stores.read('Shoppers', shopperKey(tenantId, 'anna'))).toBeUndefined();
    expect(await mind([early, later])).toEqual([later]);
    expect(await stores.read('Shoppers', shopperKey(tenantId, 'anna'))).toBeDefined();
    expect(await stores.read('Events', later.key)).toBeDefined();
  });
});

describe('no row is of a shopper whom nobody knows', () => {
  it('whatever breaks off: nothing is stored before the shopper is registered', async () => {
    const { tenantId } = await storedTenant(stores);
    const memory = createShopperMemory();
    const event = {
      id: newId('event', at.getTime()),
      time: at.toISOString(),
      shopperId: 'anna',
      itemId: 'x',
      type: 'view' as const,
    };
    const shoppers = stores.unwritable(stores.table('Shoppers'), 'refuses');
    const store = (table = shoppers) =>
      storeEvents({ events: stores.table('Events'), shoppers: table }, memory, tenantId, [event], {
        retentionDays: 3650,
      });
    const list = { tenantId, shopperId: 'anna', row: { pk: `${tenantId}#anna`, sk: 'x' } };
    const log = (table = shoppers) =>
      writeLog({ recommendations: stores.table('Recommendations'), shoppers: table, memory }, [list]);
    const rows = async () =>
      (await Promise.all(['Events', 'Recommendations'].map((name) => stores.rows(name))))
        .flat()
        .filter(({ pk }) => String(pk).startsWith(tenantId)).length;
    await expect(store()).rejects.toThrow('takes no writes');
    await expect(log()).rejects.toThrow('takes no writes');
    expect(await rows()).toBe(0);
    await store(stores.table('Shoppers'));
    await log(stores.table('Shoppers'));
    expect(await rows()).toBe(2);
    expect(await stores.read('Shoppers', shopperKey(tenantId, 'anna'))).toBeDefined();
  });
});
