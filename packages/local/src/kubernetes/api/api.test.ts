import { request } from 'node:https';
import { eksToken } from '@tenantry/core/silo/token';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterHarness, eventually, startCluster } from '../testing/cluster-harness.ts';

let cluster: ClusterHarness;
beforeAll(async () => {
  cluster = await startCluster();
  for (const name of ['ns', 'other']) await cluster.client().apply(namespace(name));
});
afterAll(() => cluster.close());

const namespace = (name: string, labels = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const config = (name: string, data: object = { key: 'value' }, extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'ns' },
  data,
  ...extra,
});
const configPath = (name: string, query = 'fieldManager=t&fieldValidation=Strict') =>
  `/api/v1/namespaces/ns/configmaps/${name}?${query}`;
const apply = (name: string, body: object, query?: string) =>
  cluster.raw('PATCH', configPath(name, query), { body: JSON.stringify(body) });
const withToken = async (token: string) =>
  (await cluster.raw('GET', '/api/v1/namespaces', { headers: { authorization: `Bearer ${token}` } })).status;
const tokenOf = (url: string) => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;

describe('authentication', () => {
  it('is by a token that STS vouches for, from a principal with an access entry', async () => {
    expect(await withToken(await cluster.token('tester'))).toBe(200);
    expect(await withToken(await cluster.token('second'))).toBe(200);
    expect(await withToken(await cluster.token('stranger'))).toBe(401);
    expect(await withToken(await cluster.token('stranger-to-sts'))).toBe(401);
  });

  it('fails without a token, and with something else than one', async () => {
    for (const authorization of ['', 'Basic abc', 'Bearer', 'Bearer k8s-aws-v1.', 'Bearer abc']) {
      const answer = await cluster.raw('GET', '/api/v1/namespaces', { headers: { authorization } });
      expect(answer, authorization).toMatchObject({ status: 401, body: { kind: 'Status', reason: 'Unauthorized' } });
    }
  });

  it('asks STS alone, for nothing else, and only with a signature that covers the cluster', async () => {
    const genuine = Buffer.from((await cluster.token('forger')).slice(11), 'base64url').toString();
    const before = cluster.aws.identityCalls;
    const forged = [
      genuine.replace('127.0.0.1', 'localhost'),
      genuine.replace(/:\d+/, ':1'),
      genuine.replace('http://', 'http://evil.example@'),
      genuine.replace('/?', '/other?'),
      genuine.replace('GetCallerIdentity', 'AssumeRole'),
      `${genuine}&Action=AssumeRole`,
      `${genuine}&RoleArn=x`,
      genuine.replace('X-Amz-Expires=60', 'X-Amz-Expires=99999'),
      genuine.replace('%3Bx-k8s-aws-id', ''),
      'not a url',
    ];
    for (const url of forged) expect(await withToken(tokenOf(url)), url).toBe(401);
    expect(cluster.aws.identityCalls).toBe(before);
  });

  it('refuses a token that was signed for another cluster', async () => {
    const token = await eksToken({
      clusterName: 'another',
      region: 'us-east-1',
      endpoint: cluster.aws.endpoint,
      credentials: { accessKeyId: 'stranger-to-sts', secretAccessKey: 's' },
    });
    expect(await withToken(token)).toBe(401);
  });

  it('asks STS once for a token that comes again', async () => {
    const token = await cluster.token('tester');
    await withToken(token);
    const before = cluster.aws.identityCalls;
    await withToken(token);
    expect(cluster.aws.identityCalls).toBe(before);
  });
});

describe('authorization', () => {
  const silo = '01j9z3k4m5n6p7q8r9s0t1v2w9';

  it('lets provisioning apply into the namespaces of silos, and nowhere else', async () => {
    const provisioner = cluster.client('provisioner');
    await provisioner.apply(namespace(silo));
    const secret = (target: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: target },
    });
    await provisioner.apply(secret(silo));
    await expect(provisioner.apply(secret('ns'))).rejects.toMatchObject({ code: 'forbidden', status: 403 });
    await expect(provisioner.apply(namespace('kube-evil'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(provisioner.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'ns' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('lets provisioning read no secret, and touch nothing that belongs to the cluster', async () => {
    const provisioner = cluster.client('provisioner');
    await expect(
      provisioner.get({ apiVersion: 'v1', kind: 'Secret', namespace: silo, name: 's' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    const spec = { controller: 'x' };
    await expect(
      provisioner.apply({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'x' },
        spec,
      } as never),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(provisioner.list({ apiVersion: 'v1', kind: 'Namespace' })).rejects.toThrow(
      'User "provisioner" cannot list resource "namespaces" in API group "" at the cluster scope',
    );
  });

  it('lets a principal without groups do nothing', async () => {
    await expect(cluster.client('idle').list({ apiVersion: 'v1', kind: 'Namespace' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('applying', () => {
  it('creates with an identity, then merges, and answers 201 and 200', async () => {
    const created = await apply('one', config('one'));
    expect(created).toMatchObject({
      status: 201,
      body: {
        metadata: {
          generation: 1,
          resourceVersion: expect.stringMatching(/^\d+$/),
          uid: expect.stringMatching(/^[-0-9a-f]{36}$/),
        },
      },
    });
  });

  it('changes nothing when it is repeated', async () => {
    const first = await apply('again', config('again'));
    expect(first.status).toBe(201);
    const second = await apply('again', config('again'));
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
  });

  it('refuses an unknown field with 400, and stores nothing', async () => {
    const answer = await apply('strict', config('strict', {}, { dta: {} }));
    expect(answer).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    expect(String(answer.body.message)).toContain('unknown field "dta"');
    expect((await cluster.raw('GET', configPath('strict', ''))).status).toBe(404);
  });

  it('refuses a value of the wrong type with 400 and one that is not allowed with 422', async () => {
    expect(await apply('typed', config('typed', { key: 1 }))).toMatchObject({ status: 400 });
    const invalid = await apply(
      'typed',
      config('typed', {}, { metadata: { name: 'typed', namespace: 'ns', labels: { a: '-' } } }),
    );
    expect(invalid).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', details: { causes: [{ field: 'metadata.labels[a]' }] } },
    });
  });

  it('refuses what another manager holds with 409 and its name, unless forced', async () => {
    await apply('shared', config('shared', { key: 'mine' }), 'fieldManager=first');
    const conflict = await apply('shared', config('shared', { key: 'theirs' }), 'fieldManager=second');
    expect(conflict).toMatchObject({
      status: 409,
      body: { reason: 'Conflict', details: { causes: [{ message: 'conflict with "first"', field: '.data.key' }] } },
    });
    expect(await apply('shared', config('shared', { key: 'theirs' }), 'fieldManager=second&force=true')).toMatchObject({
      status: 200,
      body: { data: { key: 'theirs' } },
    });
  });

  it('refuses a namespace that is not there with 404', async () => {
    const body = { ...config('x'), metadata: { name: 'x', namespace: 'nowhere' } };
    const answer = await cluster.raw('PATCH', '/api/v1/namespaces/nowhere/configmaps/x?fieldManager=t', {
      body: JSON.stringify(body),
    });
    expect(answer).toMatchObject({ status: 404, body: { message: 'namespaces "nowhere" not found' } });
  });

  it.each([
    ['another name than the path', config('two'), 400],
    ['another namespace than the path', config('one', {}, { metadata: { name: 'one', namespace: 'other' } }), 400],
    ['another kind than the path', { ...config('one'), kind: 'Secret' }, 400],
    ['managed fields', config('one', {}, { metadata: { name: 'one', managedFields: [] } }), 400],
    ['an old resource version', config('one', {}, { metadata: { name: 'one', resourceVersion: '1' } }), 409],
  ])('refuses a body with %s', async (_what, body, status) => {
    expect((await apply('one', body)).status).toBe(status);
  });

  it('refuses a missing manager, unknown parameters, other patches, huge bodies and bad JSON', async () => {
    expect((await apply('one', config('one'), '')).status).toBe(400);
    expect((await apply('one', config('one'), 'fieldManager=t&dryRun=All')).status).toBe(400);
    expect((await apply('one', config('one'), 'fieldManager=t&fieldValidation=Ignore')).status).toBe(400);
    const merge = { body: '{}', headers: { 'content-type': 'application/merge-patch+json' } };
    expect((await cluster.raw('PATCH', configPath('one'), merge)).status).toBe(415);
    expect((await apply('big', config('big', { key: 'x'.repeat(1_100_000) }))).status).toBe(413);
    expect((await cluster.raw('PATCH', configPath('one'), { body: 'a: b: c' })).status).toBe(400);
  });

  it('keeps what may not change: a Deployment its selector', async () => {
    const deployment = (app: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'fixed', namespace: 'other' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    await cluster.client().apply(deployment('a'));
    await expect(cluster.client().apply(deployment('b'))).rejects.toThrow(
      'spec.selector: Invalid value: field is immutable',
    );
  });

  it('refuses a Deployment whose selector does not match its own pods', async () => {
    const spec = {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: {} }, spec: { containers: [] } },
    };
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'ns' }, spec };
    await expect(cluster.client().apply(body as never)).rejects.toMatchObject({ code: 'invalid', status: 422 });
  });

  it('is refused for kinds that only the cluster makes, and paths that it does not serve', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns' }, spec: {} };
    const answer = await cluster.raw('PATCH', '/api/v1/namespaces/ns/pods/p?fieldManager=t', {
      body: JSON.stringify(pod),
    });
    expect(answer.status).toBe(405);
    for (const path of [
      '/api/v1/nodes',
      '/apis/apps/v1/replicasets',
      '/apis/apps/v2/deployments',
      '/api/v1/configmaps/x',
      '/x',
    ]) {
      expect((await cluster.raw('GET', path)).status, path).toBe(404);
    }
    expect((await cluster.raw('POST', '/api/v1/namespaces', { body: '{}' })).status).toBe(405);
  });
});

describe('reading', () => {
  it('selects by labels, and refuses a selector that it cannot read', async () => {
    const client = cluster.client();
    await client.apply(namespace('red', { colour: 'red' }));
    await client.apply(namespace('blue', { colour: 'blue' }));
    const found = await client.list({ apiVersion: 'v1', kind: 'Namespace' }, { labelSelector: 'colour in (red)' });
    expect(found.map((one) => one.metadata.name)).toEqual(['red']);
    await expect(
      client.list({ apiVersion: 'v1', kind: 'Namespace' }, { labelSelector: 'colour ~ red' }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('gives a list in pages', async () => {
    const first = await cluster.raw('GET', '/api/v1/namespaces?limit=1');
    const { continue: next } = first.body.metadata as { continue: string };
    const second = await cluster.raw('GET', `/api/v1/namespaces?limit=1&continue=${next}`);
    expect(first.body.items).not.toEqual(second.body.items);
  });
});

interface Watch {
  readonly lines: { readonly type: string; readonly object: Record<string, unknown> }[];
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a watch and gives its lines as they come. */
async function watch(query: string): Promise<Watch> {
  const lines: Watch['lines'] = [];
  const token = await cluster.token();
  return new Promise((resolve, reject) => {
    const call = request(
      `${cluster.kubernetes.url}/api/v1/namespaces/ns/configmaps?watch=1&${query}`,
      {
        ca: Buffer.from(cluster.kubernetes.caData, 'base64'),
        headers: { authorization: `Bearer ${token}` },
        agent: false,
      },
      (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          const parts = (rest + text).split('\n');
          rest = parts.pop() ?? '';
          lines.push(...parts.map((part) => JSON.parse(part)));
        });
        response.on('error', () => undefined);
        const ended = new Promise<void>((over) => void response.on('end', over));
        resolve({ lines, ended, close: () => call.destroy() });
      },
    );
    call.on('error', reject).end();
  });
}

describe('watching', () => {
  it('tells every change after a version, in order, and only of what is selected', async () => {
    const list = await cluster.raw('GET', '/api/v1/namespaces/ns/configmaps');
    const { resourceVersion } = list.body.metadata as { resourceVersion: string };
    const { lines, close } = await watch(`resourceVersion=${resourceVersion}&labelSelector=seen`);
    const labelled = (data: object, labels = {}) =>
      config('w', data, { metadata: { name: 'w', namespace: 'ns', labels } });
    await apply('w', labelled({ a: '1' }, { seen: '' }));
    await apply('unseen', config('unseen'));
    await apply('w', labelled({ a: '2' }, { seen: '' }));
    await apply('w', labelled({ a: '2' }));
    await eventually(async () => lines.length >= 3);
    close();
    expect(lines.map(({ type, object }) => [type, object.data])).toEqual([
      ['ADDED', { a: '1' }],
      ['MODIFIED', { a: '2' }],
      ['DELETED', { a: '2' }],
    ]);
  });

  it('starts with everything when no version is given', async () => {
    await apply('present', config('present'));
    const { lines, close } = await watch('fieldSelector=metadata.name=present');
    await eventually(async () => lines.length === 1);
    close();
    expect(lines[0]?.type).toBe('ADDED');
  });

  it('ends when its time is over', async () => {
    const { ended } = await watch('timeoutSeconds=0');
    await ended;
  });
});

describe('deleting', () => {
  it('takes a namespace with everything in it, and lets nothing new in meanwhile', async () => {
    const client = cluster.client();
    await client.apply(namespace('doomed'));
    const inside = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'doomed' } };
    await client.apply(inside);
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'doomed' });
    await eventually(
      async () =>
        (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'doomed' }).catch(() => 'gone')) === 'gone',
    );
    expect(await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'doomed' })).toEqual([]);
    await expect(client.apply(inside)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('says that there was nothing to delete', async () => {
    const client = cluster.client();
    expect(await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'never' })).toBe(false);
    await client.apply(config('brief'));
    expect(await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'brief' })).toBe(true);
  });
});
