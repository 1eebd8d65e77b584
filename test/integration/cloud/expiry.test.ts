import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId } from '@tenantry/core/ids/id';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

/** Makes a registration as old as if it had been left for two days. */
async function age(tenantId: string, slug: string): Promise<void> {
  if (!isTenantId(tenantId)) throw new Error('not a tenant id');
  const client = rootClient(test.cloud);
  const TableName = tableName(test.cloud, 'Control');
  const old = new Date(Date.now() - 48 * 3600 * 1000).toISOString();
  const set = (Key: object, expression: string) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: { ...Key },
        UpdateExpression: expression,
        ExpressionAttributeValues: { ':old': old },
      }),
    );
  await set(controlKeys.tenant(tenantId), 'SET gsi1sk = :old, createdAt = :old');
  const slugRow = (await allRows(test.cloud, 'Control')).find(({ pk }) => pk === `SLUG#${slug}`);
  if (slugRow?.payBy) await set(controlKeys.slug(slug), 'SET payBy = :old');
}

const runJob = async () => {
  const job = test.cloud.scheduler.list().find(({ name }) => name.includes('ExpireRegistrations'));
  await test.cloud.scheduler.runNow(job?.name ?? '');
};

it('hole closed: ending a registration that was never paid leaves nothing behind but the fact, and a paid one alone', async () => {
  const paid = await test.founder('standard');
  const person = await test.signUp();
  const slug = unique('forgotten');
  const { tenantId, checkoutUrl } = await person.register({ name: 'Forgotten', slug, tier: 'standard' });
  await age(tenantId, slug);
  await age(paid.tenantId, paid.slug);
  await runJob();

  await until('the expiry', async () => {
    const { memberships } = await person.api('getMe', { bearer: person.accessToken });
    return memberships.length === 0 ? true : undefined;
  });
  const rows = await allRows(test.cloud, 'Control');
  expect(rows.find(({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'META')?.status).toBe('deleted');
  expect(rows.some(({ pk }) => pk === `SLUG#${slug}`)).toBe(false);
  const left = rows.filter((row) => JSON.stringify(row).includes(tenantId) && row.sk !== 'PROFILE');
  expect(left.map(({ sk }) => sk)).toEqual(['META']);
  await expect(person.pay(checkoutUrl)).rejects.toThrow();

  const other = await test.signUp();
  await expect(other.register({ name: 'Next', slug, tier: 'standard' })).resolves.toBeDefined();
  const mine = await paid.person.api('getTenant', { bearer: paid.person.accessToken });
  expect(mine.status).toBe('active');
});

it('lets a void registration’s slug be taken even before the job has run', async () => {
  const person = await test.signUp();
  const slug = unique('void');
  const { tenantId } = await person.register({ name: 'Void', slug, tier: 'standard' });
  await age(tenantId, slug);
  const other = await test.signUp();
  const taken = await other.register({ name: 'Taken over', slug, tier: 'standard' });
  await runJob();
  await until('the expiry', async () => {
    const row = (await allRows(test.cloud, 'Control')).find(
      ({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'META',
    );
    return row?.status === 'deleted' ? true : undefined;
  });
  const slugRow = (await allRows(test.cloud, 'Control')).find(({ pk }) => pk === `SLUG#${slug}`);
  expect(slugRow?.tenantId).toBe(taken.tenantId);
});
