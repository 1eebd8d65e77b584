import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterHarness, eventually, podImage, startCluster } from '../testing/cluster-harness.ts';
import { applyAll, rolledOut, siloNamespace, testSilo } from '../testing/manifests.ts';

let cluster: ClusterHarness;
beforeAll(async () => {
  cluster = await startCluster({ graceMsMax: 500 });
});
afterAll(() => cluster.close());

const only = async (kind: 'Pod' | 'Event') =>
  cluster.client('provisioner').list({ apiVersion: 'v1', kind, namespace: siloNamespace });
/** Settles when a pod without wishes is ready. */
async function runElsewhere(): Promise<void> {
  const tester = cluster.client();
  const labels = { app: 'plain' };
  const containers = [{ name: 'plain', image: podImage, ports: [{ containerPort: 8080 }] }];
  const template = { metadata: { labels }, spec: { containers } };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'plain', namespace: 'plain' },
    spec: { selector: { matchLabels: labels }, template },
  };
  await tester.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'plain' } });
  await tester.apply(deployment);
  await eventually(async () => cluster.logs.some((line) => line.namespace === 'plain'));
}
const silo = testSilo();
const pools = silo.filter((one) => one.kind === 'NodePool');

describe('a pod that asks for a node of its tenant', () => {
  it('waits while there is no node pool for it, and says so; then it runs', async () => {
    const provisioner = cluster.client('provisioner');
    await applyAll(
      provisioner,
      silo.filter(({ kind }) => kind !== 'NodePool'),
    );
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    const waiting = await eventually(async () =>
      (await only('Pod')).find(({ status }) => JSON.stringify(status)?.includes('Unschedulable')),
    );
    expect(waiting.status).toMatchObject({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
    const events = await only('Event');
    expect(events.filter(({ reason }) => reason === 'FailedScheduling')).toMatchObject([{ type: 'Warning', message }]);
    // A pod that needs no pool runs meanwhile, so there was time to run this one.
    await runElsewhere();
    expect(cluster.logs.filter((line) => line.namespace === siloNamespace)).toEqual([]);

    await applyAll(provisioner, pools);
    await rolledOut(provisioner);
    expect((await only('Pod')).map(({ spec }) => spec)).toMatchObject([{ nodeName: siloNamespace }]);
  });
});

describe('a node pool', () => {
  it('is refused with a field that does not exist', async () => {
    const [pool] = pools;
    const misspelt = { ...pool, spec: { ...pool?.spec, consolidation: {} } };
    await expect(cluster.client().apply(misspelt as never)).rejects.toMatchObject({ status: 400 });
  });

  it('of no silo cannot be changed by provisioning, nor deleted', async () => {
    const [pool] = pools;
    const general = { ...pool, metadata: { name: 'general-purpose' } };
    const provisioner = cluster.client('provisioner');
    await expect(provisioner.apply(general as never)).rejects.toMatchObject({ code: 'forbidden' });
    const reference = { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', name: siloNamespace };
    await expect(provisioner.delete(reference)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
