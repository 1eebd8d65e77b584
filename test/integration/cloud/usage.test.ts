import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId, newId } from '@tenantry/core/ids/id';
import { recordEvidence } from '@tenantry/core/usage/evidence';
import { hourOf } from '@tenantry/core/usage/hours';
import { usageKeys } from '@tenantry/core/usage/keys';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { allRows, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { billedOf, meteredAtLeast, meteredOf, runJob } from '../../support/usage.ts';

let test: TestCloud;
let standard: Founder;
let premium: Founder;
beforeAll(async () => {
  test = await startTestCloud();
  standard = await test.founder('standard');
  premium = await test.founder('premium');
}, 240_000);
afterAll(() => test?.close());

const countAll = () => runJob(test.cloud, 'count-usage', { early: true });

describe.each(['standard', 'premium'] as const)('a %s company', (tier) => {
  const founder = () => (tier === 'standard' ? standard : premium);

  it('is metered for what it sends and asks for, each once, and sees it', async () => {
    const { person, tenantId } = founder();
    const bearer = await person.createKey('secret');
    const events = Array.from({ length: 60 }, (_, i) => ({
      id: newId('event'),
      shopperId: `shopper-${i % 5}`,
      itemId: `item-${i}`,
      type: 'view',
    }));
    const send = (some: typeof events) => person.api('collectEvents', { bearer, body: { events: some } });
    await send(events);
    await send(events.slice(0, 30));
    await send([...events.slice(20, 50), ...events.slice(20, 40)]);
    for (let i = 0; i < 3; i += 1) await person.api('recommend', { bearer, body: { shopperId: 'shopper-1' } });

    expect(await meteredAtLeast(test.cloud, tenantId, 'events_collected', 60)).toBe(60);
    // The onboarding of a silo asked once itself, and nobody pays for that.
    expect(await meteredAtLeast(test.cloud, tenantId, 'recommendations_served', 3)).toBe(3);

    const { meters, from, to } = await person.api('getUsage', { bearer: person.accessToken, query: {} });
    const shown = meters.find(({ meter }) => meter === 'events_collected');
    expect(shown?.series.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(60);
    expect(shown).toMatchObject({ period: 60, forecast: null });
    expect(shown?.series).toHaveLength(Math.round((Date.parse(to) - Date.parse(from)) / 3_600_000));
    const byDay = await person.api('getUsage', { bearer: person.accessToken, query: { granularity: 'day' } });
    expect(byDay.meters.find(({ meter }) => meter === 'recommendations_served')?.series.at(-1)?.quantity).toBe(3);
  });

  it('is billed for exactly that, however often the reports are told', async () => {
    const { tenantId } = founder();
    await runJob(test.cloud, 'report-usage');
    await countAll();
    await runJob(test.cloud, 'report-usage');
    expect(await billedOf(test.cloud, tenantId, 'events_collected')).toBe(60);
    expect(await billedOf(test.cloud, tenantId, 'recommendations_served')).toBe(3);
  });
});

it('refuses a range that is empty, or too long for its granularity', async () => {
  const { person } = standard;
  for (const query of [
    { from: '2026-02-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    { from: '2026-01-01T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z' },
    { from: '2024-01-01T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z', granularity: 'day' as const },
  ]) {
    const problem = await person
      .api('getUsage', { bearer: person.accessToken, query })
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect((problem as ApiProblem).problem).toMatchObject({ code: 'invalid_request', errors: [{ field: 'from' }] });
  }
});

it('hands an hour over once it is over, and not before unless it is asked to', async () => {
  const { person, tenantId } = standard;
  const bearer = await person.createKey('secret');
  await person.api('collectEvents', { bearer, body: { events: [{ shopperId: 's', itemId: 'i', type: 'view' }] } });
  await until('the count', async () => {
    await runJob(test.cloud, 'count-usage');
    return (await meteredOf(test.cloud, tenantId, 'events_collected')) > 60 ? true : undefined;
  });
  const waiting = async () =>
    (await allRows(test.cloud, 'Usage')).filter(
      ({ pk, gsi1pk, meter }) => pk === `TENANT#${tenantId}` && gsi1pk === 'REPORT' && meter === 'events_collected',
    ).length;
  expect(await waiting()).toBe(0);
  await countAll();
  expect(await waiting()).toBe(1);
});

it('tells an owner once that most of an allowance is used, in the log that webhooks are told of and by mail', async () => {
  const { person, tenantId } = await test.founder('standard');
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
  const table = { client: administrator(test.cloud).rows, name: tableName(test.cloud, 'Usage') };
  const now = new Date();
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  const Item = { ...usageKeys.day(tenantId, 'training_minutes', yesterday), steps: 239, revision: 1 };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
  const minute = { tenantId, meter: 'training_minutes', hour: hourOf(now), ids: ['the last one'] } as const;
  await recordEvidence(table, minute, now);
  for (let run = 0; run < 3; run += 1) await countAll();
  const { entries } = await person.api('listAudit', { bearer: person.accessToken });
  expect(entries.filter(({ action }) => action === 'usage.threshold')).toMatchObject([
    { actor: 'system:count-usage', details: { meter: 'training_minutes', threshold: 80, used: 240, included: 300 } },
  ]);
  const address = `${test.instance.inboxUrl}/api/messages?to=${encodeURIComponent(person.email)}`;
  const subjects = await until('the mail', async () => {
    await runJob(test.cloud, 'review-billing');
    const { messages } = (await (await fetch(address)).json()) as { messages: readonly { subject: string }[] };
    const about = messages.filter(({ subject }) => subject.includes('has used 80%'));
    return about.length > 0 ? about : undefined;
  });
  expect(subjects).toHaveLength(1);
});

it('asks Stripe what it has of an hour, before it tells again what nobody remembers', async () => {
  const { person, tenantId } = await test.founder('standard');
  const bearer = await person.createKey('secret');
  const { rows } = administrator(test.cloud);
  const TableName = tableName(test.cloud, 'Usage');
  const reports = async () =>
    (await allRows(test.cloud, 'Usage')).filter(
      ({ pk, sk }) => pk === `TENANT#${tenantId}` && String(sk).startsWith('REPORT#events_collected'),
    );
  /** As it is after a death two days ago, before the report was marked. */
  const unmark = async (sk: unknown) =>
    rows.send(
      new UpdateCommand({
        TableName,
        Key: { pk: `TENANT#${tenantId}`, sk },
        UpdateExpression: 'SET #state = :waiting, firstToldAt = :then, gsi1pk = :report, gsi1sk = :place',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':waiting': 'waiting',
          ':then': new Date(Date.now() - 48 * 3_600_000).toISOString(),
          ':report': 'REPORT',
          ':place': `again#${tenantId}`,
        },
      }),
    );
  const billed = () => billedOf(test.cloud, tenantId, 'events_collected');
  await person.api('collectEvents', {
    bearer,
    body: { events: Array.from({ length: 5 }, () => ({ shopperId: 's', itemId: 'i', type: 'view' })) },
  });
  await meteredAtLeast(test.cloud, tenantId, 'events_collected', 5);

  // It died before it told.
  for (const { sk } of await reports()) await unmark(sk);
  await runJob(test.cloud, 'report-usage');
  expect(await billed()).toBe(5);
  // It died after it had told.
  for (const { sk } of await reports()) await unmark(sk);
  await runJob(test.cloud, 'report-usage');
  expect(await billed()).toBe(5);
  expect((await reports()).map(({ state }) => state)).toEqual((await reports()).map(() => 'told'));
});

it('meters a silo by the minutes that it was there, once however often it is looked at, and not while it is suspended', async () => {
  const { tenantId } = premium;
  if (!isTenantId(tenantId)) throw new Error('no tenant');
  const { rows, control } = administrator(test.cloud);
  const set = (status: string, changedAt: Date) =>
    rows.send(
      new UpdateCommand({
        TableName: control,
        Key: controlKeys.tenant(tenantId),
        UpdateExpression: 'SET #status = :status, gsi1pk = :place, changedAt = :at',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': status, ':place': `STATUS#${status}`, ':at': changedAt.toISOString() },
      }),
    );
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const look = async () => {
    await runJob(test.cloud, 'measure-usage');
    await countAll();
    return meteredOf(test.cloud, tenantId, 'silo_hours');
  };
  await set('active', ago(30));
  const first = await look();
  expect(first).toBeGreaterThanOrEqual(29);
  expect(first).toBeLessThanOrEqual(31);
  expect(await look()).toBeLessThanOrEqual(first + 3);
  await set('suspended', ago(0));
  const suspended = await look();
  expect(await look()).toBe(suspended);
  await set('active', ago(0));
  expect(await meteredOf(test.cloud, standard.tenantId, 'silo_hours')).toBe(0);
});

it('meters what is stored once a day', async () => {
  const { tenantId } = await test.founder('standard');
  const { s3 } = administrator(test.cloud);
  const Bucket = resourceNamed(test.cloud.graph, 'aws:s3/bucket:Bucket', 'ModelsBucket').id;
  const plant = (name: string) =>
    s3.send(
      new PutObjectCommand({ Bucket, Key: `models/${tenantId}/${name}/model.bin`, Body: Buffer.alloc(1_000_000) }),
    );
  const look = async () => {
    await runJob(test.cloud, 'measure-usage', { storage: true });
    await countAll();
    return meteredOf(test.cloud, tenantId, 'storage_gb_hours');
  };
  await plant('one');
  // A megabyte for 24 hours, in thousandths of a GB-hour.
  expect(await look()).toBe(24);
  await plant('two');
  expect(await look()).toBe(24);
});

it('meters a training by the minutes that it began', async () => {
  const { person, tenantId } = standard;
  const bearer = person.accessToken;
  await person.api('trainModel', { bearer });
  await until('the training', async () => {
    const { training } = await person.api('listModels', { bearer });
    return training?.status === 'succeeded' ? true : undefined;
  });
  expect(await meteredAtLeast(test.cloud, tenantId, 'training_minutes', 1)).toBe(1);
});
