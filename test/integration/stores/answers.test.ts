import { randomBytes, randomUUID } from 'node:crypto';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createApiKey, listApiKeys, type MadeApiKey } from '@tenantry/core/apikey/api-key';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { createAnswerBox } from '@tenantry/core/idempotency/answer-box';
import {
  answerItem,
  giveBack,
  type Held,
  heldSecondsMax,
  keepAnswer,
  takeUp,
} from '@tenantry/core/idempotency/answers';
import type { Attempt } from '@tenantry/core/idempotency/attempt';
import { newId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Died, dyingTable } from '../../support/dying-table.ts';
import { type Stores, startStores } from '../../support/stores.ts';

/** Whoever sends a request again by the same key is answered as before, and makes nothing a second time. */
let stores: Stores;
let control: Table;
beforeAll(async () => {
  stores = await startStores();
  control = stores.table('Control');
});
afterAll(() => stores?.close());

const box = createAnswerBox(randomBytes(32).toString('base64'));
const START = Date.parse('2026-03-10T12:00:00.000Z');
const LONGER_THAN_HELD = heldSecondsMax * 1000 + 1;
const DAY = 86_400_000;

const attemptOf = (change: Partial<Attempt> = {}): Attempt => ({
  tenantId: newId('tenant'),
  userId: newId('user'),
  routeId: 'createApiKey',
  key: randomUUID(),
  input: { body: { name: 'Web shop' } },
  ...change,
});
const take = (attempt: Attempt, ms = 0) => takeUp(control, box, attempt, new Date(START + ms));

async function hold(attempt: Attempt, ms = 0): Promise<Held> {
  const found = await take(attempt, ms);
  if ('answer' in found) throw new Error('It is answered already.');
  return found.held;
}

describe('an attempt', () => {
  it('is answered by one request at a time, however many send it at once', async () => {
    const attempt = attemptOf();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => take(attempt)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'idempotency_in_progress', retryAfterSeconds: 1 });
    }
  });

  it('that was answered is answered so for a day, and anew afterwards', async () => {
    const attempt = attemptOf();
    await keepAnswer(control, box, await hold(attempt), 'the answer');
    expect(await take(attempt, LONGER_THAN_HELD)).toEqual({ answer: 'the answer' });
    expect(await take(attempt, DAY - 1000)).toEqual({ answer: 'the answer' });
    expect(await take(attempt, DAY)).toHaveProperty('held');
  });

  it('with another input is refused by its field, be it answered or under way', async () => {
    const attempt = attemptOf();
    const other = { ...attempt, input: { body: { name: 'Another' } } };
    const held = await hold(attempt);
    const refusal = { code: 'idempotency_conflict', fields: [{ field: 'Idempotency-Key' }] };
    await expect(take(other)).rejects.toMatchObject(refusal);
    await keepAnswer(control, box, held, 'the answer');
    await expect(take(other)).rejects.toMatchObject(refusal);
    expect(await take(attempt)).toEqual({ answer: 'the answer' });
  });

  it('is another one for another user, route or tenant', async () => {
    const attempt = attemptOf();
    await keepAnswer(control, box, await hold(attempt), 'the answer');
    for (const change of [{ userId: newId('user') }, { routeId: 'createWebhook' }, { tenantId: newId('tenant') }]) {
      expect(await take({ ...attempt, ...change })).toHaveProperty('held');
    }
  });

  it('that failed can be taken up at once, also for another input; one whose request died, after a while', async () => {
    const attempt = attemptOf();
    await giveBack(control, await hold(attempt));
    await hold({ ...attempt, input: 'another' });
    await expect(take({ ...attempt, input: 'another' }, 1000)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
    });
    expect(await take(attempt, LONGER_THAN_HELD)).toHaveProperty('held');
  });

  it('that another request has taken up makes nothing for the first one any more', async () => {
    const attempt = attemptOf();
    const slow = await hold(attempt);
    const quick = await hold(attempt, LONGER_THAN_HELD);
    const made = { pk: `TENANT#${attempt.tenantId}`, sk: 'MADE' };
    const transaction = new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: control.name, Item: made } },
        answerItem(control.name, box, slow, 'of the slow one'),
      ],
    });
    await expect(control.client.send(transaction)).rejects.toThrow();
    await keepAnswer(control, box, slow, 'of the slow one');
    await giveBack(control, slow);
    await expect(take(attempt, LONGER_THAN_HELD)).rejects.toMatchObject({ code: 'idempotency_in_progress' });
    await keepAnswer(control, box, quick, 'of the quick one');
    expect(await take(attempt, LONGER_THAN_HELD)).toEqual({ answer: 'of the quick one' });
    expect((await stores.rows('Control')).some(({ pk, sk }) => pk === made.pk && sk === made.sk)).toBe(false);
  });
});

/** What becomes of one request: it goes well, dies after so many calls, or is refused by the implementation. */
const fates = fc.record({
  afterCalls: fc.constantFrom(0, 1, 2, 3, 99),
  lastTakesEffect: fc.boolean(),
  refused: fc.boolean(),
  /** Milliseconds since the one before. */
  later: fc.constantFrom(0, 1000, LONGER_THAN_HELD),
});

it('one key is made, and one secret told, whatever becomes of the requests and whenever they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fates, { minLength: 1, maxLength: 6 }), async (requests) => {
      const attempt = attemptOf();
      const { tenantId, userId } = attempt;
      const actor = { kind: 'member', sub: 's', userId, tenantId, role: 'admin', impersonating: false } as const;
      const told: string[] = [];
      const view = ({ apiKey, secret }: MadeApiKey) => JSON.stringify({ keyId: apiKey.keyId, secret });

      /** As the middleware and the implementation of the route do it. */
      const request = async (table: Table, at: Date, refused: boolean): Promise<string> => {
        const found = await takeUp(table, box, attempt, at);
        if ('answer' in found) return found.answer;
        const { held } = found;
        try {
          if (refused) throw new DomainError('limit_reached', 'Refused.');
          const made = await createApiKey(
            { control: table, auditTable: 'Audit' },
            { name: 'Web shop', kind: 'secret', tier: 'premium' },
            { actor, at, remember: (one) => [answerItem(table.name, box, held, view(one))] },
          );
          return view(made);
        } catch (error) {
          if (!(error instanceof Died)) await giveBack(table, held);
          throw error;
        }
      };

      let now = START;
      for (const { refused, later, ...death } of requests) {
        now += later;
        const table = await dyingTable(control, death);
        await request(table, new Date(now), refused).then(
          (answer) => told.push(answer),
          (error: unknown) => {
            if (!(error instanceof Died || error instanceof DomainError)) throw error;
          },
        );
        table.close();
      }
      told.push(await request(control, new Date(now + LONGER_THAN_HELD), false));
      expect(new Set(told).size).toBe(1);
      const keys = await listApiKeys(control, tenantId);
      expect(keys.map(({ keyId }) => keyId)).toEqual([JSON.parse(told[0] ?? '').keyId]);
      const rows = JSON.stringify(await stores.rows('Control'));
      expect(rows).not.toContain(JSON.parse(told[0] ?? '').secret);
    }),
    { numRuns: 60 },
  );
});

it('a row of another form is an error, and never taken for an answer', async () => {
  const attempt = attemptOf();
  await hold(attempt);
  const [row] = (await stores.rows('Control')).filter(({ pk }) => pk === `TENANT#${attempt.tenantId}#ANSWERS`);
  const { fingerprint: _, ...odd } = row ?? {};
  await control.client.send(new PutCommand({ TableName: control.name, Item: odd }));
  await expect(take(attempt)).rejects.toThrow(/fingerprint/);
});
