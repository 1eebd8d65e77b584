import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId, newId } from '@tenantry/core/ids/id';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
let founder: Founder;
let operator: Person;

beforeAll(async () => {
  test = await startTestCloud();
  founder = await test.founder('standard');
  operator = await test.operator();
}, 120_000);
afterAll(() => test?.close());

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'served',
    (error: unknown) => (error instanceof ApiProblem ? String(error.problem.code) : String(error)),
  );

it('lists the tenants of a status page by page, each of them once', async () => {
  const other = await test.founder('standard');
  const list = (query: Readonly<Record<string, string>>) =>
    operator.api('listTenants', { bearer: operator.accessToken, query: { status: 'active', limit: '1', ...query } });
  const first = await list({});
  const second = await list({ cursor: first.cursor ?? '' });
  const ids = [...first.tenants, ...second.tenants].map(({ id }) => id);
  expect(ids).toEqual([founder.tenantId, other.tenantId]);
});

it('lets an operator look at a tenant as a viewer who changes nothing, until the operator ends it', async () => {
  const { tenantId } = founder;
  const { person } = founder;
  await operator.api('startImpersonation', {
    bearer: operator.accessToken,
    body: { tenantId, reason: 'the customer asked' },
  });
  await operator.refresh();
  const bearer = operator.accessToken;
  expect((await operator.api('getTenant', { bearer })).id).toBe(tenantId);
  expect(await codeOf(operator.api('updateTenant', { bearer, body: { name: 'Taken over' } }))).toBe('forbidden');
  await operator.api('endImpersonation', { bearer, params: { tenantId } });
  // The same token: what counts is the tenant's own row.
  expect(await codeOf(operator.api('getTenant', { bearer }))).not.toBe('served');
  const { entries } = await person.api('listAudit', { bearer: person.accessToken });
  expect(entries.slice(0, 2).map(({ action }) => action)).toEqual(['impersonation.ended', 'impersonation.started']);
});

it('ends with the suspension a training that was under way, even one whose execution is gone', async () => {
  const { person, tenantId } = founder;
  if (!isTenantId(tenantId)) throw new Error('not a tenant id');
  await rootClient(test.cloud).send(
    new PutCommand({
      TableName: tableName(test.cloud, 'Control'),
      Item: {
        ...controlKeys.training(tenantId),
        trainingId: newId('model'),
        status: 'running',
        startedAt: new Date().toISOString(),
      },
    }),
  );
  await operator.api('suspendTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'unpaid' },
  });
  const ended = await until('the end of the training', async () => {
    const { training } = await person.api('listModels', { bearer: person.accessToken });
    return training?.status === 'running' ? undefined : training;
  });
  expect(ended).toMatchObject({ status: 'failed', reason: 'The company was suspended.' });
});
