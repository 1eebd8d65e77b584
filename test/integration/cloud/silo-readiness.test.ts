import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isTenantId } from '@tenantry/core/ids/id';
import type { Applicable, ClusterClient } from '@tenantry/core/silo/cluster/client';
import { siloNamespace } from '@tenantry/core/silo/names';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { administer } from '../../support/cluster-administrator.ts';

import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

interface Container {
  image: string;
  readonly env: { readonly name: string; value?: string }[];
}
/** The parts of a Deployment's and a Service's specification that are changed here. */
interface Spec {
  selector: Record<string, unknown>;
  readonly template: { readonly spec: { readonly containers: [Container]; nodeSelector: Record<string, string> } };
}

let test: TestCloud;
let founder: Founder;
let admin: ClusterClient;
let namespace: string;
beforeAll(async () => {
  test = await startTestCloud();
  founder = await test.founder('premium');
  admin = await administer(test.cloud);
  const { tenantId } = founder;
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
  namespace = siloNamespace(tenantId);
}, 120_000);
afterAll(() => test?.close());

/** Runs a step of the onboarding once more, which is safe for a tenant that is active. */
async function step(name: 'silo' | 'probe', action?: string): Promise<unknown> {
  const fn = test.cloud.graph.functions.find(({ handler }) => handler.includes(`tasks/onboarding-${name}`));
  const input = { tenantId: founder.tenantId, run: 1, ...(action ? { action } : {}) };
  return (await test.cloud.lambda.invoke(fn?.arn ?? '', input)).payload;
}
const recommender = () => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'recommender' });
/** What the pods are made from; how many there are is the autoscaler's to say. */
const template = async () => ((await admin.get(recommender())).spec as Spec).template;
/** Changes an object in the name of provisioning, until that applies its own manifests again. */
async function tamper(kind: 'apps/v1/Deployment' | 'v1/Service', change: (spec: Spec) => void): Promise<void> {
  const [, apiVersion = '', name = ''] = /^(.+)\/(.+)$/.exec(kind) ?? [];
  const reference = { ...recommender(), apiVersion, kind: name };
  const spec = structuredClone((await admin.get(reference)).spec) as Spec;
  change(spec);
  await admin.apply({ apiVersion, kind: name, metadata: { name: 'recommender', namespace }, spec } as Applicable);
}
const mend = () => step('silo', 'apply');
const untilStatus = (reason: RegExp | null) =>
  until('the status of the silo', async () => {
    const outcome = JSON.stringify(await step('silo', 'status'));
    return (reason ? reason.test(outcome) : outcome === '{"ready":true}') ? outcome : undefined;
  });

describe('a silo that was onboarded', () => {
  it('answered a request as a shop sends it, with a key of which nothing is left', async () => {
    const shoppers = (await allRows(test.cloud, 'Recommendations')).filter(({ pk }) =>
      String(pk).startsWith(founder.tenantId),
    );
    expect(shoppers.map(({ pk, servedBy, modelVersion }) => ({ pk, servedBy, modelVersion }))).toEqual([
      { pk: `${founder.tenantId}#onboarding-probe`, servedBy: 'silo', modelVersion: 'none' },
    ]);
    const rows = await allRows(test.cloud, 'Control');
    expect(rows.filter(({ pk }) => String(pk).endsWith('#PROBE'))).toEqual([]);
    const { apiKeys } = await founder.person.api('listApiKeys', { bearer: founder.person.accessToken });
    expect(apiKeys).toEqual([]);
  });

  it('has nodes of its own', async () => {
    const pods = await admin.list({ apiVersion: 'v1', kind: 'Pod', namespace });
    expect(new Set(pods.map(({ spec }) => (spec as { nodeName?: string }).nodeName))).toEqual(new Set([namespace]));
  });
});

describe('while the pods of a silo do not come up, the onboarding says why', () => {
  it.each<[string, (spec: Spec) => void, RegExp]>([
    [
      'an image that cannot be fetched',
      ({ template: { spec } }) => {
        spec.containers[0].image = 'nowhere/none:1';
      },
      /its image cannot be fetched \[ImagePullBackOff\]/,
    ],
    [
      'no node',
      ({ template: { spec } }) => {
        spec.nodeSelector = { 'tenantry.dev/tenant': 'nobody' };
      },
      /there is no node for it yet .*\[Unschedulable\]/,
    ],
    [
      'a process that ends',
      ({ template: { spec } }) => {
        for (const variable of spec.containers[0].env) if (variable.name === 'TENANT_ID') variable.value = 'none';
      },
      /it ends again and again, with exit code 1 \[CrashLoopBackOff\]/,
    ],
  ])(
    '%s',
    async (_what, change, reason) => {
      const before = await template();
      await tamper('apps/v1/Deployment', change);
      expect(await untilStatus(reason)).toContain('"ready":false');
      await mend();
      await untilStatus(null);
      expect(await template()).toEqual(before);
    },
    60_000,
  );
});

/** Changes an attribute of the tenant's row; gives what it was. */
async function setAttribute(name: string, value: unknown): Promise<unknown> {
  const { Attributes } = await rootClient(test.cloud).send(
    new UpdateCommand({
      TableName: tableName(test.cloud, 'Control'),
      Key: { pk: `TENANT#${founder.tenantId}`, sk: 'META' },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
      ReturnValues: 'UPDATED_OLD',
    }),
  );
  return Attributes?.[name];
}

describe('a silo is not ready, though its pods are, while', () => {
  const ready = /^\{"ready":true\}$/;
  const probe = async () => JSON.stringify(await step('probe'));
  const untilProbe = (wanted: RegExp) =>
    until('the probe', async () => ((await probe()).match(wanted) ? true : undefined));
  const noKey = async () =>
    expect((await allRows(test.cloud, 'Control')).filter(({ pk }) => String(pk).endsWith('#PROBE'))).toEqual([]);

  it('the load balancer does not lead to it', async () => {
    await tamper('v1/Service', (spec) => {
      spec.selector = { app: 'nobody' };
    });
    await untilProbe(/"ready":false.*The silo does not answer yet/);
    await noKey();
  }, 60_000);

  it('shops are answered from the pool', async () => {
    // A shop's request that the silo does not answer makes the API look for its endpoint and token anew.
    const key = await founder.person.createKey('secret');
    const body = { shopperId: 'somebody', limit: 1 };
    expect((await founder.person.api('recommend', { bearer: key, body })).servedBy).toBe('pool');
    await mend();
    const token = await setAttribute('siloAccessToken', 'not-the-one-of-this-silo-but-long-enough');
    await untilProbe(/"ready":false.*do not reach the silo yet/);
    await noKey();
    await setAttribute('siloAccessToken', token);
    await untilProbe(ready);
  }, 60_000);

  it('the API refuses its shops', async () => {
    const status = await setAttribute('status', 'suspended');
    await untilProbe(/"ready":false.*requests are not answered yet: status 403/);
    await noKey();
    await setAttribute('status', status);
    await untilProbe(ready);
  }, 60_000);
});
