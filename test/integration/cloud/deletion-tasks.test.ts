import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { noData } from '@tenantry/core/deletion/data-counts';
import { firstPlace } from '@tenantry/core/deletion/tenant-data';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { siloNamespace } from '@tenantry/core/silo/names';
import type { Deactivation } from '@tenantry/core/tenant/tenant';
import { findTraining, startTraining } from '@tenantry/core/training/training';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer } from '../../support/cluster-administrator.ts';
import { join } from '../../support/members.ts';
import { startTaskWorld, type TaskWorld } from '../../support/task-world.ts';
import { tracesOf } from '../../support/traces.ts';

/** The tasks of a deletion, asked directly: each looks for itself whether it may, and can be asked again. */
let world: TaskWorld;
let pooled: TenantId;
let siloed: TenantId;
let leaving: TenantId;
let owner: Person;
let staff: Person;

beforeAll(async () => {
  world = await startTaskWorld();
  staff = await world.test.operator();
  const tiers = ['standard', 'premium', 'standard'] as const;
  const [first, second, third] = await Promise.all(tiers.map(world.founded));
  if (!first || !second || !third) throw new Error('Three companies are needed.');
  [pooled, siloed, leaving] = [first.tenantId, second.tenantId, third.tenantId];
  owner = third.person;
  await join(world.test, staff, leaving, 'admin');
  await owner.api('deactivateTenant', { bearer: owner.accessToken, query: { confirm: third.slug } });
}, 120_000);
afterAll(() => world?.close());

const control = () => ({ client: world.admin.rows, name: world.admin.control });
const data = { place: firstPlace, counts: noData };
const erasing: readonly (readonly [string, object])[] = [
  ['deletion-data', { action: 'count', ...data }],
  ['deletion-data', { action: 'erase', ...data }],
  ['deletion-members', { action: 'count' }],
  ['deletion-members', { action: 'release' }],
  ['deletion-billing', { action: 'end' }],
  ['deletion', { action: 'saveFound', found: { ...noData, members: 1, logins: 1 } }],
  ['deletion', { action: 'complete' }],
];

/** Asks for all that erases. */
async function expectNothingErased(tenantId: TenantId, changeId: string): Promise<void> {
  const before = await world.picture(tenantId);
  const answers: string[] = [];
  for (const [task, payload] of erasing) {
    const { error } = await world.ask(task, { tenantId, changeId, ...payload });
    answers.push(`${task} ${JSON.stringify(payload)}: ${error}`);
  }
  const { error } = await world.ask('deletion-silo', { tenantId, changeId });
  answers.push(`deletion-silo: ${error}`);
  expect(answers).toEqual([
    ...erasing.map(
      ([task, payload]) => `${task} ${JSON.stringify(payload)}: The company is not being deleted by this change.`,
    ),
    'deletion-silo: No change of the company asks for this.',
  ]);
  expect(await world.picture(tenantId)).toEqual(before);
}

describe('the tasks of a deletion', () => {
  it('erase nothing of a company that stays', async () => {
    await expectNothingErased(pooled, newId('change'));
    await expectNothingErased(siloed, newId('change'));
  });

  it('end at once for a company that stays, or a change that was replaced', async () => {
    const changeId = newId('change');
    for (const tenantId of [pooled, leaving]) {
      const before = await world.picture(tenantId);
      for (const action of ['begin', 'makeFinal']) {
        expect(await world.ask('deletion', { tenantId, changeId, action })).toMatchObject({ current: false });
      }
      await world.ask('deletion', {
        tenantId,
        changeId,
        action: 'fail',
        failure: { Error: 'Late', Cause: 'too late' },
      });
      expect(await world.picture(tenantId)).toEqual(before);
    }
  });

  it('let the subscription of whoever leaves expire, and that of whoever stays, or came back, go on', async () => {
    const { deactivation } = await world.load(leaving);
    const letExpire = { tenantId: leaving, changeId: deactivation?.changeId, action: 'letExpire' };
    const ends = { status: 'trialing', cancel_at_period_end: true };
    await until('the end of renewals', async () => {
      const { cancel_at_period_end } = await world.subscriptionOf(leaving);
      return cancel_at_period_end === true ? true : undefined;
    });
    const { id } = await world.subscriptionOf(leaving);
    await world.admin.stripe(`subscriptions/${id}`, { cancel_at_period_end: 'false' });
    await world.ask('deletion-billing', letExpire);
    expect(await world.subscriptionOf(leaving)).toMatchObject(ends);
    await world.ask('deletion-billing', { ...letExpire, tenantId: pooled });
    expect(await world.subscriptionOf(pooled)).toMatchObject({ ...ends, cancel_at_period_end: false });
  });

  it('erase nothing before the deletion is final, nor for another change once it is', async () => {
    const { deactivation } = await world.load(leaving);
    const changeId = deactivation?.changeId ?? '';
    await expectNothingErased(leaving, changeId);
    expect(await world.ask('deletion', { tenantId: leaving, changeId, action: 'makeFinal' })).toMatchObject({
      current: true,
    });
    expect((await world.load(leaving)).deactivation?.final).toBe(true);
    await expectNothingErased(leaving, newId('change'));
  });

  it('add what they count to what was counted before', async () => {
    const input = { tenantId: leaving, changeId: (await world.load(leaving)).deactivation?.changeId };
    const counts = { ...noData, events: 40 };
    const counted = await world.ask('deletion-data', { ...input, action: 'count', place: firstPlace, counts });
    expect(counted).toMatchObject({ done: true, counts: { events: 42, shoppers: 1 } });
  });

  it('let members go, but for the login of the staff', async () => {
    const input = { tenantId: leaving, changeId: (await world.load(leaving)).deactivation?.changeId };
    expect(await world.ask('deletion-members', { ...input, action: 'count' })).toEqual({ members: 2, logins: 1 });
    await world.ask('deletion-members', { ...input, action: 'release' });
    await expect(owner.refresh()).rejects.toThrow();
    await staff.refresh();
  });

  it('complete once, and say nothing else when their answer was lost', async () => {
    const input = { tenantId: leaving, changeId: (await world.load(leaving)).deactivation?.changeId };
    const found = { ...noData, events: 2, members: 2, logins: 1 };
    await world.ask('deletion', { ...input, action: 'saveFound', found });
    expect(await world.ask('deletion', { ...input, action: 'complete' })).toEqual({ sha256: expect.any(String) });
    const before = await world.picture(leaving);
    expect(await world.ask('deletion', { ...input, action: 'complete' })).toEqual({});
    expect(await world.picture(leaving)).toEqual(before);
  });
});

describe('the tasks of the deletion of a silo', () => {
  const at = new Date().toISOString();
  const deactivation: Deactivation = { changeId: newId('change'), from: 'active', since: at, until: at, final: false };
  const input = () => ({ tenantId: siloed, changeId: deactivation.changeId });
  const begin = async (more: Partial<Deactivation>) => {
    await world.put(siloed, { status: 'deactivating', deactivation: { ...deactivation, ...more } });
    return world.ask('deletion', { ...input(), action: 'begin' });
  };

  it('stop its training', async () => {
    await startTraining(control(), siloed, newId('model'), new Date());
    await begin({});
    expect(await findTraining(control(), siloed)).toMatchObject({ status: 'failed' });
  });

  it('stop its pods, unless it has none or they are erased anyhow', async () => {
    expect(await begin({})).toMatchObject({ current: true, until: at, silo: true });
    expect(await begin({ from: 'failed' })).toMatchObject({ current: true, silo: false });
    expect(await begin({ final: true })).toMatchObject({ current: true, silo: false });
  });

  it('take all of it down, and count it', async () => {
    await begin({ final: true });
    const found = { ...noData, members: 1, logins: 1 };
    await world.ask('deletion', { ...input(), action: 'saveFound', found });
    const { Item } = await world.admin.rows.send(
      new GetCommand({ TableName: world.admin.control, Key: controlKeys.certificate(siloed) }),
    );
    expect(Item).toMatchObject({ found: { ...found, silos: 1, subscriptions: 1 } });

    await until('the silo to go', async () => {
      const { ready, error } = await world.ask('deletion-silo', input());
      if (error) throw new Error(String(error));
      return ready === true ? true : undefined;
    });
    const own = /^(table|mapping|association|pod) /;
    expect((await tracesOf(world.test.cloud, siloed)).filter((trace) => own.test(trace))).toEqual([]);
    const cluster = administer(world.test.cloud);
    for (const [apiVersion, kind] of [
      ['v1', 'Namespace'],
      ['karpenter.sh/v1', 'NodePool'],
    ] as const) {
      const names = (await cluster.list({ apiVersion, kind })).map(({ metadata }) => metadata.name);
      expect(names, kind).not.toContain(siloNamespace(siloed));
    }
    expect(await world.ask('deletion-silo', input())).toEqual({ ready: true });
  });
});
