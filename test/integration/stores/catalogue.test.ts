import { PutObjectCommand } from '@aws-sdk/client-s3';
import { catalogueItemsMax } from '@tenantry/core/catalogue/item';
import { publishCatalogue } from '@tenantry/core/catalogue/publish';
import { searchItems } from '@tenantry/core/catalogue/search';
import { decodeSnapshot, encodeSnapshot, type Snapshot, snapshotKey } from '@tenantry/core/catalogue/snapshot';
import { deleteItems, findItems, itemKey, knownAmong, listItems, putItems } from '@tenantry/core/catalogue/store';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { findRules, replaceRules, rulesKey } from '@tenantry/core/rules/store';
import { readObject } from '@tenantry/core/s3/read-object';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const table = () => stores.table('Catalogue');
const models = () => stores.bucket('Models');
const publish = (tenantId: TenantId, ...itemIds: readonly string[]) =>
  publishCatalogue(
    { catalogue: table(), models: models() },
    tenantId,
    itemIds.map((itemId) => itemKey(tenantId, itemId)),
  );
async function published(tenantId: TenantId): Promise<Snapshot | undefined> {
  const stored = await readObject(models().client, models().bucket, snapshotKey(tenantId));
  return typeof stored === 'string' ? undefined : decodeSnapshot(new TextDecoder().decode(stored.body));
}
const item = (id: string, more: object = {}) => ({ id, available: true, ...more });
const ids = (count: number) => Array.from({ length: count }, (_, n) => `item-${n}`);

describe('what recommenders get of a catalogue', () => {
  it('is what the table says in the end, however many publish at the same time, late or twice', async () => {
    const tenantId = newId('tenant');
    // Whoever loses too often gives up, and the stream brings the same again.
    const brought = async (...itemIds: readonly string[]): Promise<void> => {
      for (let done = false; !done; ) {
        done = await publish(tenantId, ...itemIds).then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof DomainError)) throw error;
            return false;
          },
        );
      }
    };
    await Promise.all(
      ids(12).map(async (id, n) => {
        await putItems(table(), tenantId, [item(id, { available: false })]);
        const late = brought(id);
        if (n % 3 === 0) await deleteItems(table(), tenantId, [id]);
        else await putItems(table(), tenantId, [item(id)]);
        await Promise.all([brought(id), n % 2 === 0 ? brought(id, 'item-1') : undefined, late]);
      }),
    );
    const { items } = await listItems(table(), tenantId, { limit: 1000 });
    expect(items).toHaveLength(8);
    expect(
      [...((await published(tenantId))?.items ?? [])].map(([id, { available }]) => [id, available]).sort(),
    ).toEqual(items.map(({ id, available }) => [id, available]).sort());
  });

  it('loses nothing of two that begin from the same state', async () => {
    const tenantId = newId('tenant');
    await putItems(
      table(),
      tenantId,
      ids(4).map((id) => item(id)),
    );
    await Promise.all(ids(4).map((id) => publish(tenantId, id)));
    expect([...((await published(tenantId))?.items.keys() ?? [])].sort()).toEqual(ids(4));
  });

  it('is gone with the last of its items and rules', async () => {
    const tenantId = newId('tenant');
    await putItems(table(), tenantId, [item('a'), item('b')]);
    await publish(tenantId, 'a', 'b');
    await deleteItems(table(), tenantId, ['a']);
    await publish(tenantId, 'a');
    expect((await published(tenantId))?.items.size).toBe(1);
    await deleteItems(table(), tenantId, ['b']);
    await publish(tenantId, 'a', 'b');
    expect(await published(tenantId)).toBeUndefined();
    await publish(tenantId, 'a', 'b');
    expect(await published(tenantId)).toBeUndefined();
  });

  it('takes no more items than there may be, but changes of those that it has', async () => {
    const tenantId = newId('tenant');
    const full = new Map(Array.from({ length: catalogueItemsMax }, (_, n) => [`i${n}`, { available: true }]));
    const { client, bucket } = models();
    const Body = encodeSnapshot({ items: full, rules: { version: 0, rules: [] }, experiment: null });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: snapshotKey(tenantId), Body }));
    await putItems(table(), tenantId, [item('new'), item('i7', { available: false })]);
    await publish(tenantId, 'new', 'i7');
    const after = await published(tenantId);
    expect([after?.items.size, after?.items.has('new'), after?.items.get('i7')?.available]).toEqual([
      catalogueItemsMax,
      false,
      false,
    ]);
  });

  it('leaves alone what is no part of a catalogue', async () => {
    const tenantId = newId('tenant');
    await stores.put('Catalogue', { pk: `${tenantId}#OTHER`, sk: 'a', item: {} });
    await publishCatalogue({ catalogue: table(), models: models() }, tenantId, [{ pk: `${tenantId}#OTHER`, sk: 'a' }]);
    expect(await published(tenantId)).toBeUndefined();
  });
});

describe('items', () => {
  it('are listed by their ids, each once, whatever the size of the pages, and never another company’s', async () => {
    const [tenantId, other] = [newId('tenant'), newId('tenant')];
    await putItems(
      table(),
      tenantId,
      ids(70).map((id) => item(id)),
    );
    await putItems(table(), other, [item('theirs')]);
    for (const limit of [4, 7, 70, 100]) {
      const seen: string[] = [];
      let from: Awaited<ReturnType<typeof listItems>>['next'];
      do {
        const page = await listItems(table(), tenantId, { from, limit });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ id }) => id));
        from = page.next;
      } while (from);
      expect(seen).toEqual(ids(70).sort());
    }
    expect([...(await knownAmong(table(), tenantId, ['item-3', 'theirs', 'none']))]).toEqual(['item-3']);
  });

  it('are found by what they hold, each once and page by page, in whatever case', async () => {
    const [tenantId, other] = [newId('tenant'), newId('tenant')];
    const lamps = ids(450).map((id, n) => item(id, { title: n % 10 === 0 ? `Desk LAMP ${n}` : `Chair ${n}` }));
    await putItems(table(), tenantId, [...lamps, item('by-category', { category: ['Lamps'] }), item('lamp-by-id')]);
    await putItems(table(), other, [item('lamp-of-theirs')]);
    for (const limit of [7, 100]) {
      const found: string[] = [];
      let from: Awaited<ReturnType<typeof searchItems>>['next'];
      do {
        const page = await searchItems(table(), tenantId, { text: 'lamp', from, limit });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.push(...page.items.map(({ id }) => id));
        from = page.next;
      } while (from);
      expect(new Set(found).size).toBe(found.length);
      expect(found).toHaveLength(47);
    }
    const looked = await findItems(table(), tenantId, ['item-3', 'item-3', 'lamp-of-theirs', 'none']);
    expect(looked.map(({ id }) => id)).toEqual(['item-3']);
  });
});

describe('rules', () => {
  const actor = (tenantId: TenantId) =>
    ({ kind: 'member', sub: 's', userId: newId('user'), tenantId, role: 'owner', impersonating: false }) as const;
  const replace = (tenantId: TenantId, version: number, name: string) =>
    replaceRules(
      { catalogue: table(), auditTable: 'Audit' },
      { version, rules: [{ name, effect: 'bury', on: { itemIds: ['a'] } }] },
      { actor: actor(tenantId), at: new Date() },
    );

  it('of ten that change what they read at the same time, one wins, and only that one is in the audit log', async () => {
    const tenantId = newId('tenant');
    for (const version of [0, 1]) {
      const attempts = await Promise.allSettled(ids(10).map((name) => replace(tenantId, version, name)));
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect((await findRules(table(), tenantId)).version).toBe(2);
    const entries = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
    expect(entries.map(({ action }) => action)).toEqual(['rules.changed', 'rules.changed']);
  });

  it('are published with the items and without losing them', async () => {
    const tenantId = newId('tenant');
    await putItems(table(), tenantId, [item('a')]);
    await publish(tenantId, 'a');
    await replace(tenantId, 0, 'First');
    await publishCatalogue({ catalogue: table(), models: models() }, tenantId, [rulesKey(tenantId)]);
    const snapshot = await published(tenantId);
    expect([snapshot?.items.size, snapshot?.rules.rules.map(({ name }) => name)]).toEqual([1, ['First']]);
  });

  it('that are switched off are kept, and published to nobody', async () => {
    const tenantId = newId('tenant');
    const bury = { name: 'On', effect: 'bury' as const, on: { itemIds: ['a'] } };
    const rules = [
      { ...bury, enabled: true },
      { ...bury, name: 'Off', enabled: false },
    ];
    const tables = { catalogue: table(), auditTable: 'Audit' };
    await replaceRules(tables, { version: 0, rules }, { actor: actor(tenantId), at: new Date() });
    await publishCatalogue({ catalogue: table(), models: models() }, tenantId, [rulesKey(tenantId)]);
    expect((await findRules(table(), tenantId)).rules).toHaveLength(2);
    expect((await published(tenantId))?.rules.rules).toEqual([bury]);
  });
});
