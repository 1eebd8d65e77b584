import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { podmanOwner, podmanRuntime } from '@tenantry/local/kubernetes/kubelet/podman-runtime';
import {
  type ClusterHarness,
  eventually,
  podImage,
  startCluster,
} from '@tenantry/local/kubernetes/testing/cluster-harness';
import {
  applyAll,
  deploymentReference,
  siloHost,
  siloNamespace,
  testSilo,
} from '@tenantry/local/kubernetes/testing/manifests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNodeImage, nodeImage, podmanMissing } from './node-image.ts';

const podServer = fileURLToPath(import.meta.resolve('@tenantry/local/kubernetes/testing/pod-server')).replace(
  /\.ts$/,
  '.mjs',
);
const missing = podmanMissing();
const dir = mkdtempSync(join(tmpdir(), 'podman-pods-'));
const owned = ['--filter', `label=tenantry.dev/local-cloud=${podmanOwner(dir)}`];
const ours = (): string[] =>
  execFileSync('podman', ['pod', 'ls', '--quiet', ...owned], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean);

describe.skipIf(missing)('pods as containers of podman', () => {
  let cluster: ClusterHarness;
  beforeAll(async () => {
    makeNodeImage();
    const args = ['--input-type=module', '-e', readFileSync(podServer, 'utf8')];
    cluster = await startCluster({
      graceMsMax: 1000,
      runtime: await podmanRuntime(dir),
      images: { [podImage]: { command: ['false'], env: { FROM_IMAGE: 'yes' }, container: { image: nodeImage, args } } },
    });
    await applyAll(cluster.client('provisioner'), testSilo({ environment: { EVENTS_TABLE: 'events' } }));
    await eventually(
      async () => rolloutStatus(await cluster.client('provisioner').get(deploymentReference)).done,
      30_000,
    );
  }, 120_000);
  afterAll(async () => {
    await cluster.close();
    expect(ours()).toEqual([]);
    rmSync(dir, { recursive: true, force: true });
  });

  const visit = async (path: string) => {
    const { status, body } = await cluster.visit(siloHost, path);
    return { status, body: status === 200 ? JSON.parse(body) : body };
  };
  const inPod = (source: string): string => {
    const [container = ''] = execFileSync('podman', ['ps', '--quiet', ...owned, '--filter', 'name=recommender'], {
      encoding: 'utf8',
    }).split('\n');
    return execFileSync('podman', ['exec', container, '/nodejs/bin/node', '-e', source], { encoding: 'utf8' }).trim();
  };

  it('answer at the silo’s host, with their own variables and nothing of the developer’s', async () => {
    const { environment } = (await visit('/environment')).body;
    expect(environment).toMatchObject({
      EVENTS_TABLE: 'events',
      FROM_IMAGE: 'yes',
      AWS_ENDPOINT_URL: cluster.aws.endpoint,
    });
    expect(environment).not.toHaveProperty('CONTAINERS_CONF');
  });

  it('run as the user and with the root file system that the Deployment demands', () => {
    expect(inPod('console.log(process.getuid())')).toBe('10001');
    const write = (path: string) =>
      inPod(`try{require('fs').writeFileSync('${path}','x');console.log('written')}catch(e){console.log(e.code)}`);
    expect(write('/etc/x')).toBe('EROFS');
    expect(write('/tmp/x')).toBe('written');
  });

  it('hold no capability', () => {
    const status = inPod("console.log(require('fs').readFileSync('/proc/self/status','utf8'))");
    expect(/CapEff:\s*(\w+)/.exec(status)?.[1]).toMatch(/^0+$/);
    expect(/NoNewPrivs:\s*(\d)/.exec(status)?.[1]).toBe('1');
  });

  it('start over when they end, and the cluster tells with which code', async () => {
    await visit('/crash');
    await eventually(
      async () => (await visit('/environment')).status === 200 && cluster.kubernetes.pods()[0]?.restartCount === 1,
      30_000,
    );
    const [pod] = await cluster.client().list({ apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace });
    expect(pod?.status).toMatchObject({ containerStatuses: [{ lastState: { terminated: { exitCode: 3 } } }] });
  });

  it('have their output passed on', () => {
    expect(cluster.logs).toContainEqual(expect.objectContaining({ stream: 'stdout', line: 'listening' }));
  });

  it('are gone with their namespace', async () => {
    await cluster.client().delete({ apiVersion: 'v1', kind: 'Namespace', name: siloNamespace });
    await eventually(async () => cluster.kubernetes.pods().length === 0 && ours().length === 0, 30_000);
  });
});
