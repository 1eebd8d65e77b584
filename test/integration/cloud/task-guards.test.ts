import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { noData } from '@tenantry/core/deletion/data-counts';
import { firstPlace } from '@tenantry/core/deletion/tenant-data';
import { isTenantId, newId, type TenantId } from '@tenantry/core/ids/id';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { firstMovePlace, noMove } from '@tenantry/core/tier-change/events-move';
import type { Migration } from '@tenantry/core/tier-change/migration';
import type { MigrationPhase } from '@tenantry/core/tier-change/phases';
import { tierChangeActions } from '@tenantry/core/tier-change/state-machine';
import type { Person } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administrator, administrator } from '../../support/administrator.ts';
import { allRows } from '../../support/rows.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';

/** The tasks that erase and move, asked directly for what no machine may ask of them: each looks for itself, and does nothing. */
let test: TestCloud;
let admin: Administrator;
let pooled: TenantId;
let siloed: TenantId;
let leaving: TenantId;
let person: Person;

async function founded(
  tier: 'standard' | 'premium',
): Promise<{ readonly tenantId: TenantId; readonly person: Person }> {
  const founder = await test.founder(tier);
  if (!isTenantId(founder.tenantId)) throw new Error(`${founder.tenantId} is no tenant's id.`);
  const key = await founder.person.createKey('secret');
  const events = ['lamp', 'chair'].map((itemId) => ({ shopperId: 'shopper', itemId, type: 'view' }));
  await founder.person.api('collectEvents', { bearer: key, body: { events } });
  return { ...founder, tenantId: founder.tenantId };
}

beforeAll(async () => {
  test = await startTestCloud();
  admin = administrator(test.cloud);
  const [first, second, third] = await Promise.all((['standard', 'premium', 'standard'] as const).map(founded));
  if (!first || !second || !third) throw new Error('Three companies are needed.');
  [pooled, siloed, leaving] = [first.tenantId, second.tenantId, third.tenantId];
  person = third.person;
  const { slug } = await load(leaving);
  await person.api('deactivateTenant', { bearer: person.accessToken, query: { confirm: slug } });
}, 120_000);
afterAll(() => test?.close());

const control = () => ({ client: admin.rows, name: admin.control });
const load = (tenantId: TenantId): Promise<Tenant> => loadTenant(control(), tenantId);

/** What a task answers, or `error` with its message. */
async function ask(task: string, payload: object): Promise<Readonly<Record<string, unknown>>> {
  const { Payload, FunctionError } = await admin.lambda.send(
    new InvokeCommand({
      FunctionName: admin.functionOf(`tasks/${task}`)?.name,
      Payload: Buffer.from(JSON.stringify(payload)),
    }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, unknown>;
  return FunctionError ? { error: answer.errorMessage } : answer;
}

/** Everything of a tenant: where it is named, and what its rows say. */
async function picture(tenantId: TenantId): Promise<unknown> {
  const rows = (await allRows(test.cloud, 'Control')).filter((row) => JSON.stringify(row).includes(tenantId));
  return { traces: await tracesOf(test.cloud, tenantId), rows };
}

const found = { ...noData, members: 1, logins: 1 };
const erasing: readonly (readonly [string, object])[] = [
  ['deletion-data', { action: 'count', place: firstPlace, counts: noData }],
  ['deletion-data', { action: 'erase', place: firstPlace, counts: noData }],
  ['deletion-members', { action: 'count' }],
  ['deletion-members', { action: 'release' }],
  ['deletion-billing', { action: 'end' }],
  ['deletion', { action: 'saveFound', found }],
  ['deletion', { action: 'complete' }],
];
const notDeleted = { error: 'The company is not being deleted by this change.' };
const notAsked = { error: 'No change of the company asks for this.' };

/** Asks for all that erases. */
async function expectNothingErased(tenantId: TenantId, changeId: string): Promise<void> {
  const before = await picture(tenantId);
  for (const [task, payload] of erasing) {
    expect(await ask(task, { tenantId, changeId, ...payload }), `${task} ${JSON.stringify(payload)}`).toEqual(
      notDeleted,
    );
  }
  expect(await ask('deletion-silo', { tenantId, changeId })).toEqual(notAsked);
  expect(await picture(tenantId)).toEqual(before);
}

describe('the tasks of a deletion', () => {
  it('erase nothing of a company that stays', async () => {
    await expectNothingErased(pooled, newId('change'));
    await expectNothingErased(siloed, newId('change'));
  });

  it('end at once for a company that stays, or a change that was replaced', async () => {
    const changeId = newId('change');
    for (const tenantId of [pooled, leaving]) {
      const before = await picture(tenantId);
      for (const action of ['begin', 'makeFinal']) {
        expect(await ask('deletion', { tenantId, changeId, action })).toMatchObject({ current: false });
      }
      await ask('deletion', { tenantId, changeId, action: 'fail', failure: { Error: 'Late', Cause: 'too late' } });
      expect(await picture(tenantId)).toEqual(before);
    }
  });

  it('let the subscription of a company that stays, or came back, go on', async () => {
    const { subscriptionId } = await subscriptionOf(pooled);
    await ask('deletion-billing', { tenantId: pooled, changeId: newId('change'), action: 'letExpire' });
    expect(await admin.stripe(`subscriptions/${subscriptionId}`)).toMatchObject({
      status: 'active',
      cancel_at_period_end: false,
    });
  });

  it('erase nothing before the deletion is final, nor for another change once it is', async () => {
    const { deactivation } = await load(leaving);
    const changeId = deactivation?.changeId ?? '';
    await expectNothingErased(leaving, changeId);
    expect(await ask('deletion', { tenantId: leaving, changeId, action: 'makeFinal' })).toMatchObject({
      current: true,
    });
    expect((await load(leaving)).deactivation?.final).toBe(true);
    await expectNothingErased(leaving, newId('change'));
  });
});

async function subscriptionOf(tenantId: TenantId): Promise<{ readonly subscriptionId: string }> {
  const row = (await allRows(test.cloud, 'Control')).find(
    ({ pk, sk }) => pk === controlKeys.subscription(tenantId).pk && sk === 'SUBSCRIPTION',
  );
  return { subscriptionId: String(row?.subscriptionId) };
}

describe('the tasks of a change of tier', () => {
  const changeId = newId('change');
  const ways = { pooled: ['standard', 'premium'], siloed: ['premium', 'standard'] } as const;
  const idOf = (who: keyof typeof ways): TenantId => (who === 'pooled' ? pooled : siloed);

  /** Puts a company in the middle of a change, as no machine works on it. */
  async function inPhase(who: keyof typeof ways, phase: MigrationPhase, more: object = {}): Promise<void> {
    const [from, to] = ways[who];
    const since = new Date().toISOString();
    const migration: Migration = { changeId, number: 1, from, to, phase, since, phaseSince: since };
    await admin.rows.send(
      new PutCommand({
        TableName: admin.control,
        Item: { ...controlKeys.tenant(idOf(who)), ...(await load(idOf(who))), status: 'migrating', migration, ...more },
      }),
    );
  }
  const data = (who: keyof typeof ways, action: string) =>
    ask('tier-change-data', { tenantId: idOf(who), changeId, run: 1, action, place: firstMovePlace, tally: noMove });

  /** Asks for something that must not be done now. */
  async function refused(who: keyof typeof ways, asking: Promise<object>, message: RegExp): Promise<void> {
    const before = await picture(idOf(who));
    expect(await asking).toEqual({ error: expect.stringMatching(message) });
    expect(await picture(idOf(who))).toEqual(before);
  }

  it('do nothing for a company that does not move, or for a request that was replaced', async () => {
    const attempts = async (tenantId: TenantId) => {
      const input = { tenantId, changeId: newId('change'), run: 1 };
      const before = await picture(tenantId);
      for (const action of tierChangeActions['tier-change'].filter((one) => one !== 'fail')) {
        expect(await ask('tier-change', { ...input, action }), action).toMatchObject({ current: false });
      }
      await ask('tier-change', { ...input, action: 'fail', failure: { Error: 'Late', Cause: 'too late' } });
      for (const action of tierChangeActions['tier-change-billing']) {
        expect(await ask('tier-change-billing', { ...input, action }), action).toEqual({});
      }
      const move = { place: firstMovePlace, tally: noMove };
      for (const action of tierChangeActions['tier-change-data']) {
        const answer = await ask('tier-change-data', { ...input, ...move, action });
        expect(answer, action).toEqual({ error: 'The change of tier was replaced by another request.' });
      }
      expect(await ask('deletion-silo', input)).toEqual(notAsked);
      expect(await picture(tenantId)).toEqual(before);
    };
    await attempts(pooled);
    await attempts(siloed);
    await inPhase('siloed', 'undoing');
    await attempts(siloed);
  });

  it.each(['preparing', 'switched', 'cleaning', 'undoing'] as const)(
    'copy and compare nothing in the phase %s, in which new events may go to one place alone',
    async (phase) => {
      await inPhase('pooled', phase);
      await refused('pooled', data('pooled', 'copy'), /do not go to both places/);
      await refused('pooled', data('pooled', 'verify'), /do not go to both places/);
    },
  );

  it.each(['preparing', 'mirroring', 'switched'] as const)('erase neither place in the phase %s', async (phase) => {
    // The silo serves, so that it is the pool's rows that would be erased in the end.
    await inPhase('siloed', phase);
    await refused('siloed', data('siloed', 'erase'), /still in use/);
    await inPhase('pooled', phase);
    await refused('pooled', ask('deletion-silo', { tenantId: pooled, changeId }), /No change of the company asks/);
  });

  it.each(['cleaning', 'undoing'] as const)('erase nothing of the place that serves in the phase %s', async (phase) => {
    await inPhase('pooled', phase);
    await refused('pooled', data('pooled', 'erase'), /The pool serves/);
    await inPhase('siloed', phase);
    await refused('siloed', ask('deletion-silo', { tenantId: siloed, changeId }), /No change of the company asks/);
  });

  it.each(['switched', 'cleaning'] as const)('take nothing back in the phase %s', async (phase) => {
    await inPhase('pooled', phase);
    const undo = ask('tier-change', { tenantId: pooled, changeId, run: 1, action: 'undo' });
    await refused('pooled', undo, /serves already/);
  });

  it('keep the old place for as long as anybody may still act by the phase before, however short the grace is', async () => {
    await inPhase('pooled', 'mirroring');
    const { graceUntil } = await ask('tier-change', { tenantId: pooled, changeId, run: 1, action: 'switch' });
    const { migration } = await load(pooled);
    expect(Date.parse(String(graceUntil)) - Date.parse(migration?.phaseSince ?? '')).toBe(60_000);
  });

  it('record why it came to a halt', async () => {
    const failure = { Error: 'Error', Cause: '{"errorMessage":"No room"}' };
    await inPhase('pooled', 'cleaning');
    await ask('tier-change', { tenantId: pooled, changeId, run: 1, action: 'fail', failure });
    expect((await load(pooled)).migration?.problem).toBe('No room');
  });

  it('end at once for a company that is being deleted for good', async () => {
    const at = new Date().toISOString();
    const deactivation = { changeId: newId('change'), from: 'active', since: at, until: at, final: true };
    await inPhase('pooled', 'switched', { status: 'deactivating', deactivation });
    const before = await picture(pooled);
    expect(await ask('tier-change', { tenantId: pooled, changeId, run: 1, action: 'begin' })).toMatchObject({
      current: false,
    });
    expect(await data('pooled', 'erase')).toMatchObject({ error: expect.stringContaining('replaced') });
    expect(await picture(pooled)).toEqual(before);
  });
});
