import { isTenantId } from '@tenantry/core/ids/id';
import type { Applicable, ClusterClient } from '@tenantry/core/silo/cluster/client';
import { siloNamespace } from '@tenantry/core/silo/names';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { administer } from '../../support/cluster-administrator.ts';

import { allRows } from '../../support/rows.ts';
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
    expect(pods.map(({ spec }) => spec)).toMatchObject([{ nodeName: namespace }]);
  });
});

describe('while the pods of a silo do not come up, the onboarding says why', () => {
  it.each<[string, (spec: Spec) => void, RegExp]>([
    [
      'an image that cannot be fetched',
      ({ template }) => {
        template.spec.containers[0].image = 'nowhere/none:1';
      },
      /its image cannot be fetched \[ImagePullBackOff\]/,
    ],
    [
      'no node',
      ({ template }) => {
        template.spec.nodeSelector = { 'tenantry.dev/tenant': 'nobody' };
      },
      /there is no node for it yet .*\[Unschedulable\]/,
    ],
    [
      'a process that ends',
      ({ template }) => {
        for (const variable of template.spec.containers[0].env)
          if (variable.name === 'TENANT_ID') variable.value = 'none';
      },
      /it ends again and again, with exit code 1 \[CrashLoopBackOff\]/,
    ],
  ])(
    '%s',
    async (_what, change, reason) => {
      const before = await admin.get(recommender());
      await tamper('apps/v1/Deployment', change);
      expect(await untilStatus(reason)).toContain('"ready":false');
      await mend();
      await untilStatus(null);
      expect((await admin.get(recommender())).spec).toEqual(before.spec);
    },
    60_000,
  );
});

it('a silo that shoppers do not reach is not ready, though its pods are, and the reason says so', async () => {
  await tamper('v1/Service', (spec) => {
    spec.selector = { app: 'nobody' };
  });
  await until('the probe to fail', async () => {
    const outcome = JSON.stringify(await step('probe'));
    return /"ready":false.*The silo does not answer yet/.test(outcome) ? outcome : undefined;
  });
  expect((await allRows(test.cloud, 'Control')).filter(({ pk }) => String(pk).endsWith('#PROBE'))).toEqual([]);
  await mend();
  await until('the probe to succeed', async () =>
    JSON.stringify(await step('probe')) === '{"ready":true}' ? true : undefined,
  );
}, 60_000);
