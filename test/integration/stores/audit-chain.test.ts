import { BatchWriteCommand, DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type AuditRecord, appendAudit, parseAuditRow } from '@tenantry/core/audit/audit';
import { chainStart } from '@tenantry/core/audit/chain';
import { auditKeys } from '@tenantry/core/audit/keys';
import { type AuditFilter, findAudit } from '@tenantry/core/audit/read';
import { readHead, sealEntries, sealNumbers } from '@tenantry/core/audit/seal';
import { linksAtOnce, verifyChain } from '@tenantry/core/audit/verification';
import { newId, type TenantId, timeOfId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;

beforeAll(async () => {
  stores = await startStores();
});

afterAll(() => stores?.close());

const at = new Date('2026-11-30T12:00:00.000Z');
const audit = () => stores.table('Audit');

/** Writes entries, a minute apart. @returns them as the stream shows them */
async function write(tenantId: TenantId, count: number, more: (index: number) => Partial<AuditRecord> = () => ({})) {
  for (let index = 0; index < count; index += 1) {
    const { actor = 'tester', action = 'rules.changed' } = more(index);
    await appendAudit(audit(), {
      tenantId,
      actor: { kind: 'system', name: actor },
      action,
      details: { index },
      at: new Date(at.getTime() + index * 60_000),
    });
  }
  const rows = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
  return rows.map(parseAuditRow).sort((a, b) => timeOfId(a.id) - timeOfId(b.id));
}

async function verifyAll(tenantId: TenantId) {
  let found = await verifyChain(audit(), tenantId, chainStart);
  while (!found.done) found = await verifyChain(audit(), tenantId, found.place);
  return found;
}

describe('sealing', () => {
  it('puts each entry into the chain once, whatever is repeated, cut otherwise, or done by two at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        fc.array(fc.tuple(fc.nat(44), fc.integer({ min: 1, max: 45 })), { minLength: 1, maxLength: 4 }),
        async (count, batches) => {
          const tenantId = newId('tenant');
          const entries = await write(tenantId, count);
          const repeated = batches.map(([start, size]) => entries.slice(start, start + size));
          await Promise.all(repeated.map((batch) => sealEntries(audit(), tenantId, batch, at)));
          await sealEntries(audit(), tenantId, entries, at);
          expect((await readHead(audit(), tenantId)).number).toBe(count);
          expect(await verifyAll(tenantId)).toMatchObject({ broken: null, waiting: 0, place: { number: count } });
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  it('leaves out what was erased, so that nothing of a deleted tenant comes back', async () => {
    const tenantId = newId('tenant');
    const entries = await write(tenantId, 3);
    for (const { id } of entries) await audit().client.send(remove(auditKeys.entry(tenantId, id)));
    expect(await sealEntries(audit(), tenantId, entries, at)).toMatchObject({ number: 0, sealed: 0 });
    expect((await stores.rows('Audit')).filter(({ pk }) => String(pk).startsWith(`TENANT#${tenantId}`))).toEqual([]);
  });

  it('says which entries wait', async () => {
    const tenantId = newId('tenant');
    const entries = await write(tenantId, 3);
    await sealEntries(audit(), tenantId, entries.slice(0, 2), at);
    expect(await verifyAll(tenantId)).toMatchObject({ place: { number: 2 }, waiting: 1, broken: null });
    const ids = entries.map(({ id }) => id);
    expect([...(await sealNumbers(audit(), tenantId, ids)).values()].sort()).toEqual([1, 2]);
  });
});

const remove = (Key: { pk: string; sk: string }) => new DeleteCommand({ TableName: 'Audit', Key });

describe('a chain in the table', () => {
  it('of more links than one look takes is verified piece by piece', async () => {
    const tenantId = newId('tenant');
    const count = linksAtOnce + 20;
    const entries = Array.from({ length: count }, (_, index): AuditRecord => {
      const time = at.getTime() + index;
      return { id: newId('audit', time), at: new Date(time).toISOString(), actor: 'a', action: 'b', details: {} };
    });
    for (let start = 0; start < count; start += 25) {
      const puts = entries
        .slice(start, start + 25)
        .map(({ id, ...entry }) => ({ PutRequest: { Item: { ...auditKeys.entry(tenantId, id), ...entry } } }));
      await audit().client.send(new BatchWriteCommand({ RequestItems: { Audit: puts } }));
    }
    await sealEntries(audit(), tenantId, entries, at);
    const first = await verifyChain(audit(), tenantId, chainStart);
    expect(first).toMatchObject({ done: false, place: { number: linksAtOnce }, head: { number: count } });
    const second = await verifyChain(audit(), tenantId, first.place);
    expect(second).toMatchObject({ done: true, broken: null, place: { number: count } });
  }, 60_000);

  it.each([
    [
      'an entry is changed',
      2,
      'changed',
      (id: string, tenantId: TenantId) => change(auditKeys.entry(tenantId, id), 'actor'),
    ],
    ['an entry is gone', 2, 'missing-entry', (id: string, tenantId: TenantId) => remove(auditKeys.entry(tenantId, id))],
    ['a link is gone', 2, 'missing-link', (_: string, tenantId: TenantId) => remove(auditKeys.link(tenantId, 2))],
    ['the end is cut off', 3, 'missing-link', (_: string, tenantId: TenantId) => remove(auditKeys.link(tenantId, 3))],
    ['a link is changed', 2, 'changed', (_: string, tenantId: TenantId) => change(auditKeys.link(tenantId, 2), 'hash')],
    ['the head is changed', 3, 'changed', (_: string, tenantId: TenantId) => change(auditKeys.head(tenantId), 'hash')],
  ] as const)('is broken where %s', async (_, number, reason, damage) => {
    const tenantId = newId('tenant');
    const entries = await write(tenantId, 3);
    await sealEntries(audit(), tenantId, entries, at);
    const command = damage(entries[1]?.id ?? '', tenantId);
    await (command instanceof DeleteCommand ? audit().client.send(command) : audit().client.send(command));
    expect((await verifyAll(tenantId)).broken).toMatchObject({ number, reason });
  });
});

const change = (Key: { pk: string; sk: string }, field: string) =>
  new UpdateCommand({
    TableName: 'Audit',
    Key,
    UpdateExpression: 'SET #field = :value',
    ExpressionAttributeNames: { '#field': field },
    ExpressionAttributeValues: { ':value': 'f'.repeat(64) },
  });

describe('looking for entries', () => {
  it('finds those that suit every filter, newest first, each once over all pages', async () => {
    const tenantId = newId('tenant');
    const actors = ['ann', 'bob'];
    const actions = ['rules.changed', 'apiKey.created', 'rules.changed.not'];
    const entries = await write(tenantId, 30, (index) => ({
      actor: actors[index % 2] ?? '',
      action: actions[index % 3] ?? '',
    }));
    await sealEntries(audit(), tenantId, entries, at);
    const minute = fc.option(fc.integer({ min: -2, max: 32 }), { nil: undefined });
    const option = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        minute,
        minute,
        option(actors),
        option(actions),
        fc.integer({ min: 1, max: 12 }),
        async (...row) => {
          const [fromMinute, toMinute, name, action, limit] = row;
          const time = (minutes: number | undefined) =>
            minutes === undefined ? undefined : new Date(at.getTime() + minutes * 60_000);
          const actor = name && `system:${name}`;
          const filter: AuditFilter = { from: time(fromMinute), to: time(toMinute), actor, action };
          const found: string[] = [];
          let after: string | undefined;
          do {
            const page = await findAudit(audit(), tenantId, filter, { limit, after });
            expect(page.entries.length).toBeLessThanOrEqual(limit);
            found.push(...page.entries.map(({ id }) => id));
            after = page.next;
          } while (after);
          const wanted = entries
            .filter((entry) => actor === undefined || entry.actor === actor)
            .filter((entry) => action === undefined || entry.action === action)
            .filter((entry) => !filter.from || Date.parse(entry.at) >= filter.from.getTime())
            .filter((entry) => !filter.to || Date.parse(entry.at) <= filter.to.getTime());
          expect(found).toEqual(wanted.map(({ id }) => id).reverse());
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
