import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createIdSource, newId } from '@tenantry/core/ids/id';
import { type Person, until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** A suspended tenant is served by nothing within a minute, and served again once the suspension ends. */
const SUSPENDED_WITHIN_MS = 60_000;

let test: TestCloud;
let operator: Person;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
}, 120_000);
afterAll(() => test?.close());

const suspend = (tenantId: string, reason = 'unpaid for two months') =>
  operator.api('suspendTenant', { bearer: operator.accessToken, params: { tenantId }, body: { reason } });
const reactivate = (tenantId: string) =>
  operator.api('reactivateTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    query: { reason: 'All is well again' },
  });
const readTenant = (tenantId: string) =>
  operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
const active = (tenantId: string) =>
  until('the reactivation', async () => ((await readTenant(tenantId)).status === 'active' ? true : undefined), 60_000);

/** How the executions of a tenant on a state machine stand, and why they failed. */
async function statesOf(name: string, tenantId: string): Promise<readonly string[]> {
  const { urls, rootCredentials, graph } = test.cloud;
  const states = new SFNClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
  const machine = resourceNamed(graph, 'aws:sfn/stateMachine:StateMachine', name);
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn: machine.arn }));
  const own = executions.filter((one) => one.name?.startsWith(tenantId));
  const described = await Promise.all(
    own.map(({ executionArn }) => states.send(new DescribeExecutionCommand({ executionArn }))),
  );
  states.destroy();
  return described.map(({ status, cause }) => (cause ? `${status}: ${cause}` : String(status)));
}

const podsOf = (tenantId: string) =>
  (test.cloud.kubernetes?.pods() ?? []).filter(({ namespace }) => tenantId.endsWith(namespace));

const tiers = ['standard', 'premium'] as const;

/** A tenant with everything warm: authorizers', credentials', clients', models' and endpoints' caches. */
class Shop {
  readonly tier: (typeof tiers)[number];
  readonly founder: Founder;
  readonly key: string;

  private constructor(tier: (typeof tiers)[number], founder: Founder, key: string) {
    this.tier = tier;
    this.founder = founder;
    this.key = key;
  }

  static async open(tier: (typeof tiers)[number]): Promise<Shop> {
    const founder = await test.founder(tier);
    const { api, accessToken } = founder.person;
    const key = await founder.person.createKey('secret');
    const newId = createIdSource();
    const events = Array.from({ length: 40 }, (_, i) => ({
      id: newId('event'),
      shopperId: `shopper-${i >> 2}`,
      itemId: `item-${i % 7}`,
      type: 'view',
    }));
    await api('collectEvents', { bearer: key, body: { events } });
    await until('the archive', async () => {
      const { archivedEvents } = await api('getActivity', { bearer: accessToken });
      return archivedEvents >= 40 ? true : undefined;
    });
    const shop = new Shop(tier, founder, key);
    for (const call of [...Object.values(shop.byKey), shop.byToken.preview]) await call();
    return shop;
  }

  readonly byKey = {
    events: () =>
      this.founder.person.api('collectEvents', {
        bearer: this.key,
        body: { events: [{ shopperId: 's', itemId: 'i', type: 'view' }] },
      }),
    recommendations: () => this.founder.person.api('recommend', { bearer: this.key, body: { shopperId: 's' } }),
  };

  readonly byToken = {
    preview: () =>
      this.founder.person.api('previewRecommendations', {
        bearer: this.founder.person.accessToken,
        body: { shopperId: 's' },
      }),
    training: () => this.founder.person.api('trainModel', { bearer: this.founder.person.accessToken }),
    newKey: () =>
      this.founder.person.api('createApiKey', {
        bearer: this.founder.person.accessToken,
        body: { name: 'Another', kind: 'publishable' },
      }),
  };
}

describe('tenants of each tier that are suspended', () => {
  let shops: readonly Shop[];
  const each = async (work: (shop: Shop) => Promise<void>): Promise<void> => {
    await Promise.all(shops.map(work));
  };
  beforeAll(async () => {
    shops = await Promise.all(tiers.map((tier) => Shop.open(tier)));
  }, 120_000);

  it(
    'are refused by every way in within 60 seconds, with the same token and key, and lose what runs for them',
    () =>
      each(async ({ tier, founder: { tenantId, person }, byKey, byToken }) => {
        await byToken.training();
        const began = Date.now();
        const answer = await suspend(tenantId);
        expect(answer).toMatchObject({ status: 'suspended', suspension: { wanted: 'suspended', problem: null } });

        // Whoever is asked about a token reads the status itself, so these count at once.
        for (const [name, call] of Object.entries(byToken)) expect(await codeOf(call()), name).toBe('tenant_suspended');
        for (const [name, call] of Object.entries(byKey)) {
          await until(
            `the refusal of ${name} for ${tier}`,
            async () => ((await codeOf(call())) === 'tenant_suspended' ? true : undefined),
            SUSPENDED_WITHIN_MS,
          );
        }
        await until('the silo to stop', async () => (podsOf(tenantId).length === 0 ? true : undefined));
        expect(Date.now() - began).toBeLessThan(SUSPENDED_WITHIN_MS);
        const { training } = await person.api('listModels', { bearer: person.accessToken });
        expect(training?.status).not.toBe('running');
      }),
    90_000,
  );

  it('are told so by the next access token, and still show their members what there is', () =>
    each(async ({ founder: { person } }) => {
      await person.refresh();
      expect(claimsOf(person.accessToken).status).toBe('suspended');
      const { status } = await person.api('getTenant', { bearer: person.accessToken });
      expect(status).toBe('suspended');
      const { apiKeys } = await person.api('listApiKeys', { bearer: person.accessToken });
      expect(apiKeys).toHaveLength(1);
    }));

  it('take the same request again for the same suspension', () =>
    each(async ({ founder: { tenantId } }) => {
      const again = await suspend(tenantId, 'another reason');
      expect(again.suspension).toMatchObject({ reason: 'unpaid for two months' });
    }));

  it(
    'are served again after the suspension, with the same token and key',
    () =>
      each(async ({ tier, founder: { tenantId }, byKey, byToken }) => {
        const answer = await reactivate(tenantId);
        expect(answer).toMatchObject({ status: 'suspended', suspension: { wanted: 'active' } });
        await active(tenantId);
        expect(await codeOf(byToken.preview())).toBe('served');
        for (const [name, call] of Object.entries(byKey)) {
          await until(
            `${name} to be served for ${tier}`,
            async () => ((await codeOf(call())) === 'served' ? true : undefined),
            SUSPENDED_WITHIN_MS,
          );
        }
        expect((await byKey.recommendations()).servedBy).toBe(tier === 'standard' ? 'pool' : 'silo');
        expect(podsOf(tenantId).length > 0).toBe(tier !== 'standard');
      }),
    150_000,
  );

  it('find who did it and why in their audit logs', () =>
    each(async ({ founder: { person } }) => {
      const { entries } = await person.api('listAudit', { bearer: person.accessToken });
      const changes = entries.filter(({ action }) => action.startsWith('tenant.')).slice(0, 3);
      expect(changes.map(({ action, details }) => ({ action, to: details.to }))).toEqual([
        { action: 'tenant.status', to: 'active' },
        { action: 'tenant.reactivation', to: undefined },
        { action: 'tenant.status', to: 'suspended' },
      ]);
      expect(changes[2]).toMatchObject({
        actor: expect.stringMatching(/^operator:usr_/),
        details: { reason: 'unpaid for two months' },
      });
    }));
});

describe('the suspension of a tenant', () => {
  it('wins over a reactivation that is under way', async () => {
    const { tenantId } = await test.founder('premium');
    await suspend(tenantId);
    // Each starts an execution of its own, which scales the silo in its own way; they run side by side.
    for (const reason of ['not so fast', 'nor now', 'not at all']) {
      await reactivate(tenantId);
      const { suspension } = await suspend(tenantId, reason);
      expect(suspension).toMatchObject({ wanted: 'suspended', reason });
    }
    const executions = () => statesOf('Suspension', tenantId);
    await until('the executions', async () => ((await executions()).includes('RUNNING') ? undefined : true), 60_000);
    expect(await executions()).toEqual(Array(7).fill('SUCCEEDED'));
    await until('the silo to stop', async () => (podsOf(tenantId).length === 0 ? true : undefined), 60_000);
    expect((await readTenant(tenantId)).status).toBe('suspended');

    // A silo that was stopped and started can be stopped again.
    await reactivate(tenantId);
    await active(tenantId);
    expect(podsOf(tenantId)).not.toEqual([]);
    await suspend(tenantId);
    await until('the silo to stop again', async () => (podsOf(tenantId).length === 0 ? true : undefined), 60_000);
  }, 180_000);

  it('stops a training that is under way, and one that begins all the same makes no model', async () => {
    const { tenantId, person } = await test.founder('standard');
    await person.api('trainModel', { bearer: person.accessToken });
    const ended = () =>
      until('the training to end', async () => {
        const { training } = await person.api('listModels', { bearer: person.accessToken });
        return training && training.status !== 'running' ? training : undefined;
      });
    await ended();
    // As if it had not ended yet: nothing else in this system can hold a training for as long as a test needs.
    const key = { pk: `TENANT#${tenantId}#MODELS`, sk: 'TRAINING' };
    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName: tableName(test.cloud, 'Control'),
        Key: key,
        UpdateExpression: 'SET #status = :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':running': 'running' },
      }),
    );
    await suspend(tenantId);
    expect(await ended()).toMatchObject({ status: 'failed', reason: 'The company was suspended.' });

    const { urls, rootCredentials, graph } = test.cloud;
    const states = new SFNClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
    const machine = resourceNamed(graph, 'aws:sfn/stateMachine:StateMachine', 'Training');
    const trainingId = newId('model');
    const { executionArn } = await states.send(
      new StartExecutionCommand({
        stateMachineArn: machine.arn,
        name: `${tenantId}-${trainingId}`,
        input: JSON.stringify({ tenantId, trainingId }),
      }),
    );
    const execution = await until('the execution to end', async () => {
      const found = await states.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === 'RUNNING' ? undefined : found;
    });
    states.destroy();
    expect({ status: execution.status, cause: execution.cause }).toEqual({
      status: 'FAILED',
      cause: expect.stringContaining('The company is suspended.'),
    });
    const { models } = await person.api('listModels', { bearer: person.accessToken });
    expect(models).toEqual([]);
  });

  it('is refused for a tenant that is not active, naming both states, and for one that does not exist', async () => {
    const person = await test.signUp();
    const { tenantId } = await person.register({ name: 'Unpaid', slug: `unpaid-${process.pid}`, tier: 'standard' });
    await expect(suspend(tenantId)).rejects.toMatchObject({
      status: 409,
      problem: { code: 'illegal_transition', detail: expect.stringMatching(/pending.*suspended/) },
    });
    await expect(reactivate(tenantId)).rejects.toMatchObject({ problem: { code: 'illegal_transition' } });
    await expect(suspend(`ten_${'0'.repeat(26)}`)).rejects.toMatchObject({ status: 404 });
  });
});
