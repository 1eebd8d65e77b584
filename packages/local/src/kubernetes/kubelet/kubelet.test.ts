import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterHarness, eventually, startCluster } from '../testing/cluster-harness.ts';
import { applyAll, deploymentReference, rolledOut, siloHost, siloNamespace, testSilo } from '../testing/manifests.ts';

let cluster: ClusterHarness;
beforeAll(async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'the developer’s own';
  process.env.STRIPE_SECRET_KEY = 'sk_live';
  cluster = await startCluster({ graceMsMax: 500, replicasMax: 3 });
});
afterAll(async () => {
  await cluster.close();
  delete process.env.AWS_SECRET_ACCESS_KEY;
  delete process.env.STRIPE_SECRET_KEY;
});
afterEach(async () => {
  await cluster.client().delete({ apiVersion: 'v1', kind: 'Namespace', name: siloNamespace });
  await eventually(async () => cluster.kubernetes.pods().length === 0 && (await gone()));
});

const gone = () =>
  cluster
    .client()
    .get({ apiVersion: 'v1', kind: 'Namespace', name: siloNamespace })
    .then(
      () => false,
      () => true,
    );
const visit = async (path: string) => {
  const { status, body } = await cluster.visit(siloHost, path);
  return { status, body: status === 200 ? JSON.parse(body) : body };
};
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const deploy = async (environment: Record<string, string> = {}) => {
  await applyAll(cluster.client('provisioner'), testSilo({ environment }));
  await rolledOut(cluster.client('provisioner'));
};

describe('a silo on the local cluster', () => {
  it('answers at its own host within seconds of the first manifest', async () => {
    const before = performance.now();
    await deploy();
    const { status, body } = await visit('/hello?a=b');
    expect(performance.now() - before).toBeLessThan(5000);
    expect({ status, url: body.url }).toEqual({ status: 200, url: '/hello?a=b' });
    expect(body.headers).toMatchObject({ host: siloHost, 'x-forwarded-for': '127.0.0.1' });
    expect((await cluster.visit('other.silo.localhost', '/')).status).toBe(404);
  });

  it('sees its own environment, with its secret, and nothing of the developer’s', async () => {
    await deploy({ EVENTS_TABLE: 'events' });
    const { environment } = (await visit('/environment')).body;
    expect(environment).toMatchObject({
      EVENTS_TABLE: 'events',
      SILO_ACCESS_TOKEN: 'b7e1c0d4a92f4f6c8d13a5e0',
      FROM_IMAGE: 'yes',
      AWS_ENDPOINT_URL: cluster.aws.endpoint,
      AWS_REGION: 'us-east-1',
    });
    expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
    expect(environment).not.toHaveProperty('STRIPE_SECRET_KEY');
    expect(environment).not.toHaveProperty('HOME');
  });

  it('stays where it is when the same manifests are applied again', async () => {
    await deploy();
    const { pid } = (await visit('/environment')).body;
    await deploy();
    expect((await visit('/environment')).body.pid).toBe(pid);
  });

  it('waits for a secret that comes late', async () => {
    const manifests = testSilo();
    await applyAll(
      cluster.client(),
      manifests.filter((one) => one.kind !== 'Secret'),
    );
    await eventually(async () => cluster.kubernetes.pods().length === 1);
    expect((await cluster.visit(siloHost, '/')).status).toBe(503);
    await applyAll(
      cluster.client(),
      manifests.filter((one) => one.kind === 'Secret'),
    );
    await rolledOut(cluster.client());
  });
});

describe('a pod', () => {
  it('gets no request before it is ready', async () => {
    const heard = cluster.logs.length;
    await applyAll(cluster.client(), testSilo({ environment: { STAYS_UNREADY: 'true' } }));
    await eventually(async () => cluster.logs.slice(heard).some(({ line }) => line === 'listening'));
    expect((await cluster.visit(siloHost, '/')).status).toBe(503);
  });

  it('starts over after it ends, and says so', async () => {
    await deploy();
    const { pid } = (await visit('/environment')).body;
    await visit('/crash');
    const next = await eventually(async () => {
      const { status, body } = await visit('/environment');
      return status === 200 && body.pid !== pid ? body.pid : undefined;
    });
    expect(isRunning(next)).toBe(true);
    expect(cluster.kubernetes.pods()).toMatchObject([{ restartCount: 1, ready: true }]);
    const [pod] = await cluster.client().list({ apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace });
    expect(pod?.status).toMatchObject({ containerStatuses: [{ lastState: { terminated: { exitCode: 3 } } }] });
  });

  it('ends with everything that it started', async () => {
    await deploy();
    const { pid: child } = (await visit('/child')).body;
    const { pid } = (await visit('/environment')).body;
    expect(isRunning(child) && isRunning(pid)).toBe(true);
    await visit('/crash');
    await eventually(async () => !isRunning(child) && !isRunning(pid));
  });

  it('is ended for good after its grace period when it does not end by itself', async () => {
    await deploy({ IGNORES_SIGTERM: 'true' });
    const { pid } = (await visit('/environment')).body;
    await cluster.client().delete({ apiVersion: 'v1', kind: 'Namespace', name: siloNamespace });
    expect(isRunning(pid)).toBe(true);
    await eventually(async () => !isRunning(pid));
  });

  it('has its output passed on, line by line', async () => {
    await deploy();
    expect(cluster.logs).toContainEqual(
      expect.objectContaining({
        namespace: siloNamespace,
        container: 'recommender',
        stream: 'stdout',
        line: 'listening',
      }),
    );
  });

  it('is told of as waiting when no command is known for its image', async () => {
    await applyAll(cluster.client(), testSilo({ image: 'unknown/image:1' }));
    const status = await eventually(async () => {
      const [pod] = await cluster.client().list({ apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace });
      return JSON.stringify(pod?.status ?? {}).includes('ImagePullBackOff') && pod?.status;
    });
    expect(JSON.stringify(status)).toContain('unknown/image:1');
  });
});

describe('a rolling update', () => {
  it('never leaves the silo without an answer, and ends the old pod', async () => {
    await deploy({ GENERATION: '1' });
    const { pid: before } = (await visit('/environment')).body;
    const statuses: number[] = [];
    let over = false;
    const visitor = (async () => {
      while (!over) statuses.push((await cluster.visit(siloHost, '/')).status);
    })();
    await deploy({ GENERATION: '2' });
    await eventually(async () => !isRunning(before));
    over = true;
    await visitor;
    expect((await visit('/environment')).body.environment.GENERATION).toBe('2');
    expect(statuses.length).toBeGreaterThan(3);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('keeps the old pod while the new one does not become ready', async () => {
    await deploy({ GENERATION: '1' });
    await applyAll(cluster.client(), testSilo({ environment: { GENERATION: '2', STAYS_UNREADY: 'true' } }));
    await eventually(async () => cluster.kubernetes.pods().length === 2);
    expect((await visit('/environment')).body.environment.GENERATION).toBe('1');
    const deployment = await cluster.client().get(deploymentReference);
    expect(deployment.status).toMatchObject({ replicas: 2, availableReplicas: 1 });
  });
});

describe('admission', () => {
  const withDeployment = (change: (spec: Record<string, unknown>) => object) =>
    testSilo().map((manifest) =>
      manifest.kind === 'Deployment' ? ({ ...manifest, spec: change({ ...manifest.spec }) } as never) : manifest,
    );
  const failure = () =>
    eventually(async () => {
      const { status } = await cluster.client().get(deploymentReference);
      return /"FailedCreate","message":"([^}]*)"/.exec(JSON.stringify(status))?.[1];
    });

  it('runs no pod that the restricted security level forbids', async () => {
    const open = withDeployment((spec) => {
      const template = structuredClone(spec.template) as { spec: { securityContext: object } };
      template.spec.securityContext = { runAsUser: 0 };
      return { ...spec, template };
    });
    await applyAll(cluster.client(), open);
    expect(await failure()).toMatch(/violates PodSecurity .*runAsNonRoot != true.*runAsUser=0.*seccompProfile/);
    expect(cluster.kubernetes.pods()).toEqual([]);
  });

  it('runs no more pods than the quota of the namespace allows, and the rest when there is room', async () => {
    const quota = (pods: string) =>
      testSilo().map((manifest) =>
        manifest.kind === 'ResourceQuota' ? { ...manifest, spec: { hard: { ...manifest.spec.hard, pods } } } : manifest,
      );
    const three = quota('2').map((manifest) =>
      manifest.kind === 'Deployment' ? ({ ...manifest, spec: { ...manifest.spec, replicas: 3 } } as never) : manifest,
    );
    await applyAll(cluster.client(), three);
    expect(await failure()).toContain('exceeded quota: silo, requested: pods=1, used: pods=2, limited: pods=2');
    expect(cluster.kubernetes.pods()).toHaveLength(2);
    await applyAll(
      cluster.client(),
      quota('4').filter((one) => one.kind === 'ResourceQuota'),
    );
    await eventually(async () => cluster.kubernetes.pods().filter((pod) => pod.ready).length === 3);
    const used = await cluster
      .client()
      .get({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: siloNamespace, name: 'silo' });
    expect(used.status).toMatchObject({ used: { pods: '3', 'requests.cpu': '1500m' } });
  });

  it('caps replicas at what a laptop carries', async () => {
    await applyAll(
      cluster.client(),
      withDeployment((spec) => ({ ...spec, replicas: 30 })),
    );
    expect((await cluster.client().get(deploymentReference)).spec).toMatchObject({ replicas: 3 });
  });
});

describe('Pod Identity', () => {
  const associate = async (namespace: string): Promise<string> => {
    const answer = await fetch(`${cluster.aws.endpoint}/clusters/silos/pod-identity-associations`, {
      method: 'POST',
      body: JSON.stringify({
        namespace,
        serviceAccount: 'recommender',
        roleArn: 'arn:aws:iam::000000000000:role/silo',
      }),
    });
    const { association } = (await answer.json()) as { association: { associationId: string } };
    return association.associationId;
  };
  const dissociate = (id: string) =>
    fetch(`${cluster.aws.endpoint}/clusters/silos/pod-identity-associations/${id}`, { method: 'DELETE' });

  it('gives a pod the credentials of its role, tagged with who it is', async () => {
    const id = await associate(siloNamespace);
    await deploy();
    const { body } = (await visit('/credentials')).body;
    expect(body).toMatchObject({ AccessKeyId: 'ASIASILO', Token: 'session', AccountId: '000000000000' });
    expect(Date.parse(body.Expiration)).toBeGreaterThan(Date.now());
    const [pod] = await cluster.client().list({ apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace });
    expect(cluster.assumed.at(-1)).toEqual({
      roleArn: 'arn:aws:iam::000000000000:role/silo',
      servicePrincipal: 'pods.eks.amazonaws.com',
      sessionName: expect.stringMatching(/^eks-silos-[\w-]{1,54}$/),
      tags: {
        'eks-cluster-arn': 'arn:aws:eks:us-east-1:000000000000:cluster/silos',
        'eks-cluster-name': 'silos',
        'kubernetes-namespace': siloNamespace,
        'kubernetes-service-account': 'recommender',
        'kubernetes-pod-name': pod?.metadata.name,
        'kubernetes-pod-uid': pod?.metadata.uid,
      },
    });
    await dissociate(id);
    expect((await visit('/credentials')).body.status).toBe(404);
  });

  it('gives nothing to a pod that was started before there was an association, nor to another namespace', async () => {
    const id = await associate('elsewhere');
    await deploy();
    expect((await visit('/environment')).body.environment).not.toHaveProperty('AWS_CONTAINER_CREDENTIALS_FULL_URI');
    await dissociate(id);
  });

  it('gives nothing for a token that it did not make, or no longer knows', async () => {
    const id = await associate(siloNamespace);
    await deploy();
    const { environment } = (await visit('/environment')).body;
    const url = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI;
    const ask = async (token: string) => (await fetch(url, { headers: { authorization: token } })).status;
    const token = readFileSync(environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, 'utf8');
    expect([await ask(token), await ask(''), await ask(`${token}x`)]).toEqual([200, 401, 401]);
    await cluster.client().delete({ apiVersion: 'v1', kind: 'Namespace', name: siloNamespace });
    await eventually(gone);
    expect(await ask(token)).toBe(401);
    expect(existsSync(environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)).toBe(false);
    await dissociate(id);
  });
});
